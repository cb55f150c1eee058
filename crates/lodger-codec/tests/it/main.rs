//! The codec against what real Django releases wrote and read, and against what nobody wrote.

mod context;
mod foreign;
mod limits;
mod pickle;
mod properties;
mod tampered;
mod vectors;
mod warnings;
