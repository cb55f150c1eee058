//! Reading a history.

use std::io::{self, BufRead};

use thiserror::Error;

use super::Event;

/// A history cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The lines cannot be read.
    #[error("the lines of the history cannot be read")]
    Read(#[from] io::Error),
    /// A line is no event.
    #[error("line {line} of the history is no event")]
    Line {
        /// Its number, from one on.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// An operation was over before it began.
    #[error("line {line} of the history ends before it begins")]
    Order {
        /// Its number, from one on.
        line: usize,
    },
}

/// Reads the events of a history, one a line; empty lines count for nothing.
///
/// # Errors
///
/// When it cannot be read, or a line is no event.
pub fn read(lines: impl BufRead) -> Result<Vec<Event>, HistoryError> {
    let mut events = Vec::new();
    for (line, text) in lines.lines().enumerate() {
        let (line, text) = (line + 1, text?);
        if text.trim().is_empty() {
            continue;
        }
        let event: Event =
            serde_json::from_str(&text).map_err(|source| HistoryError::Line { line, source })?;
        if event.completed_at < event.invoked_at {
            return Err(HistoryError::Order { line });
        }
        events.push(event);
    }
    Ok(events)
}
