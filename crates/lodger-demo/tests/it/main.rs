//! The demo as its visitors and its operator meet it: the program itself, over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod browser;
mod demo;
mod home;
mod login;
mod page;
mod privacy;
mod session_page;
mod start;
mod store;
