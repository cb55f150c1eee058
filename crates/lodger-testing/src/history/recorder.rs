//! Writing a history.

use std::io::{self, BufWriter, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Event;

/// Appends events to a file of JSON lines; many workers may share one.
///
/// What was recorded is buffered: [`finish`](Self::finish) writes the rest.
///
/// ```
/// use lodger_testing::history::{Event, Operation, Recorder, monotonic_micros, read};
///
/// let recorder = Recorder::new(Vec::new());
/// let invoked_at = monotonic_micros();
/// recorder.record(&Event::new(Operation::Revoke, invoked_at, monotonic_micros()))?;
/// assert_eq!(read(&recorder.finish()?[..])?.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Recorder<W: Write>(Mutex<BufWriter<W>>);

impl<W: Write> Recorder<W> {
    /// Records into a writer.
    pub fn new(writer: W) -> Self {
        Self(Mutex::new(BufWriter::with_capacity(1 << 16, writer)))
    }

    /// Appends an event.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn record(&self, event: &Event) -> io::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        self.lock().write_all(&line)
    }

    /// Writes what is left, and gives the writer back.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<W> {
        let writer = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        writer.into_inner().map_err(io::IntoInnerError::into_error)
    }

    fn lock(&self) -> MutexGuard<'_, BufWriter<W>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
