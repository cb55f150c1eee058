//! Sessions in a folder of files.
