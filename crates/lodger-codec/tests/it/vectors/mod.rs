//! What real Django releases wrote and read, recorded.

mod codec;
mod cross;
mod file;
mod negatives;
mod release;
mod sameness;
