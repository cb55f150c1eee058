//! The pickled dict of Django's caches.
//!
//! Reading: `input` gives bytes, `machine` runs the program that a pickle is and leaves `value`s,
//! `render` writes them as JSON text. Writing: `writer` turns JSON text into a pickle.

mod codec;
mod machine;
mod render;
mod writer;

mod date;
mod input;
mod integer;
mod opcode;
mod stack;
mod text;
mod value;

pub use codec::PickleCodec;

use lodger_core::DecodeError;

/// An error that names the part of a pickle that is wrong.
const fn malformed(part: &'static str) -> DecodeError {
    DecodeError::Malformed { part }
}
