//! Sessions in signed cookies.
