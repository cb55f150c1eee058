//! Django's own tests of its session stores, mirrored.
//!
//! What Django's stores do at once, a handle here does with its commit, so "save" stands for
//! `save().await` and "load again" for another visit with the key.

mod dictionary;

mod lifecycle;

mod key;

mod expiry;

mod decoding;

mod database;

mod file;

mod base;

mod signed_cookies;
