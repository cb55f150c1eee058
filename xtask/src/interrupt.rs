//! Ctrl-C, SIGTERM and SIGHUP as a flag that every wait looks at.
//!
//! The handler only writes a number. Whoever waits then returns [`Interrupted`], the stack unwinds
//! in the ordinary way, and the guards on it end processes and remove folders.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static CAUGHT: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// A task was asked to end by a signal.
#[derive(Debug)]
pub(crate) struct Interrupted {
    signal: u8,
}

impl Interrupted {
    /// What a shell would report for a process that this signal ended.
    pub(crate) fn exit_code(&self) -> u8 {
        128 + self.signal
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "interrupted by signal {}", self.signal)
    }
}

impl std::error::Error for Interrupted {}

/// Catches the signals from here on.
pub(crate) fn watch() -> Result<()> {
    for signal in [SIGHUP, SIGINT, SIGTERM] {
        let number = usize::try_from(signal).expect("signal numbers are positive");
        signal_hook::flag::register_usize(signal, Arc::clone(&CAUGHT), number)
            .with_context(|| format!("could not watch for signal {signal}"))?;
    }
    Ok(())
}

/// Fails with [`Interrupted`] once a signal has come.
pub(crate) fn check() -> Result<()> {
    match u8::try_from(CAUGHT.load(Ordering::Relaxed)).expect("signal numbers are small") {
        0 => Ok(()),
        signal => Err(Interrupted { signal }.into()),
    }
}
