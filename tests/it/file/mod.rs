//! Sessions in a folder of files: what their contract does not reach.

mod planted;

mod process;

mod shared;

mod crash;

mod refused;

mod clearing;
