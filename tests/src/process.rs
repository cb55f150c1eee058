//! Processes that a test has started, and what it sends them.

use std::process::{Child, Command};

/// Sends a signal, given as to `kill`: `-STOP`.
///
/// # Panics
///
/// When it cannot be sent.
pub fn signal(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "a process of ours can be sent {signal}");
}

/// Asks a process to end, as an administrator does, and waits until it has.
///
/// # Panics
///
/// When it cannot be asked.
pub fn end(mut child: Child, with: &str) {
    signal(&child, with);
    child.wait().expect("a process of ours can be waited for");
}
