//! The stack of the machine, and what it remembers.

use std::vec::Drain;

use lodger_core::DecodeError;

use super::malformed;
use super::value::Value;

pub(super) const STACK: DecodeError = malformed("stack");
pub(super) const MEMO: DecodeError = malformed("memo");

/// Values, and marks between them.
#[derive(Default)]
pub(super) struct Stack<'a> {
    values: Vec<Value<'a>>,
    /// Heights. What lies below the last one is out of reach until that is taken.
    marks: Vec<usize>,
}

impl<'a> Stack<'a> {
    pub(super) fn push(&mut self, value: Value<'a>) {
        self.values.push(value);
    }

    pub(super) fn push_mark(&mut self) {
        self.marks.push(self.values.len());
    }

    pub(super) fn height(&self) -> usize {
        self.values.len()
    }

    pub(super) fn top(&self) -> Result<Value<'a>, DecodeError> {
        self.last(1).map(|top| self.values[top])
    }

    pub(super) fn pop(&mut self) -> Result<Value<'a>, DecodeError> {
        self.last(1)?;
        self.values.pop().ok_or(STACK)
    }

    /// Takes a value or, if none stands above it, the last mark.
    pub(super) fn drop_one(&mut self) -> Result<(), DecodeError> {
        if self.marks.last() == Some(&self.values.len()) {
            return self.take_mark().map(drop);
        }
        self.pop().map(drop)
    }

    /// Takes the last mark; what stood above it is above this height.
    pub(super) fn take_mark(&mut self) -> Result<usize, DecodeError> {
        self.marks.pop().ok_or(STACK)
    }

    /// The height above which there are so many values.
    pub(super) fn last(&self, count: usize) -> Result<usize, DecodeError> {
        self.values.len().checked_sub(count).filter(|&from| from >= self.floor()).ok_or(STACK)
    }

    /// The value just below a height.
    pub(super) fn below(&self, height: usize) -> Result<Value<'a>, DecodeError> {
        let below = height.checked_sub(1).filter(|&below| below >= self.floor());
        below.map(|below| self.values[below]).ok_or(STACK)
    }

    /// Takes what is above a height.
    pub(super) fn take(&mut self, from: usize) -> Drain<'_, Value<'a>> {
        self.values.drain(from..)
    }

    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }
}

/// Values that a pickle refers to again.
pub(super) struct Memo<'a> {
    values: Vec<Option<Value<'a>>>,
    limit: usize,
}

impl<'a> Memo<'a> {
    /// For a pickle of this length. Picklers count, so that no place is beyond it.
    pub(super) fn new(length: usize) -> Self {
        Self { values: Vec::new(), limit: length }
    }

    pub(super) fn put(&mut self, place: usize, value: Value<'a>) -> Result<(), DecodeError> {
        if place > self.limit {
            return Err(MEMO);
        }
        if place >= self.values.len() {
            self.values.resize(place + 1, None);
        }
        self.values[place] = Some(value);
        Ok(())
    }

    pub(super) fn get(&self, place: usize) -> Result<Value<'a>, DecodeError> {
        self.values.get(place).copied().flatten().ok_or(MEMO)
    }

    /// The place after the last one.
    pub(super) fn next(&self) -> usize {
        self.values.len()
    }
}
