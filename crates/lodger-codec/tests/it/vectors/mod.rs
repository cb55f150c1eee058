//! What real Django releases wrote and read, recorded.

mod cache;
mod codec;
mod cross;
mod file;
mod negatives;
mod pickled;
mod release;
mod sameness;
