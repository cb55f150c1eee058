//! What a pickle holds.

use super::date::Object;

/// A value while a pickle is read. Copying one copies no data.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    /// The place in [`Pickled::integers`].
    LargeInt(usize),
    Float(f64),
    /// In UTF-8, where a lone surrogate stands as if it were a character; not checked yet.
    Text(&'a [u8]),
    /// A `str` of Python 2, which has no encoding.
    ByteText(&'a [u8]),
    /// A `bytes` of Python 3.
    Bytes(&'a [u8]),
    /// The place in [`Pickled::containers`]. A copy is the same container, as in Python.
    Container(usize),
    Object(Object),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Tuple,
    Set,
    Dict,
}

#[derive(Debug)]
pub(super) struct Container<'a> {
    pub(super) kind: Kind,
    /// Of a dict, keys and values in turn.
    pub(super) items: Vec<Value<'a>>,
    /// Whether it is being written, so that it must not be met again.
    pub(super) open: bool,
}

/// A pickle that was read: its value, and what that refers to.
#[derive(Debug)]
pub(super) struct Pickled<'a> {
    pub(super) value: Value<'a>,
    pub(super) containers: Vec<Container<'a>>,
    /// The decimal texts of integers that need more than 64 bits.
    pub(super) integers: Vec<String>,
}
