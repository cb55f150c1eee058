#![doc = include_str!("extract.md")]

mod lazy;
mod rejection;
mod session;
