//! Child processes that never outlive the task that started them.

use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::interrupt;

const POLL: Duration = Duration::from_millis(20);

/// After the child has ended, how long its descendants may keep its output open.
const DRAIN: Duration = Duration::from_secs(1);

/// A child process that is ended when this guard is dropped.
///
/// Every wait looks at the interrupt flag, so that a signal ends the wait, the guard and thereby
/// the child.
pub(crate) struct Running {
    child: Child,
    /// Whether the child leads a process group of its own. Signals then reach what it started, too,
    /// and a terminal's Ctrl-C reaches the task alone, which passes it on.
    group: bool,
}

impl Running {
    /// Starts a command without standard input, in a process group of its own.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let child = spawn(command.stdin(Stdio::null()).process_group(0))?;
        Ok(Self { child, group: true })
    }

    /// Starts a command that takes over standard input.
    ///
    /// On a terminal it stays in this process group: a group in the background may not read there.
    pub(crate) fn start_attached(command: &mut Command) -> Result<Self> {
        let group = !std::io::stdin().is_terminal();
        if group {
            command.process_group(0);
        }
        Ok(Self { child: spawn(command)?, group })
    }

    /// Waits until the child has ended.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            interrupt::check()?;
            thread::sleep(POLL);
        }
    }

    /// The child's exit status if it has ended.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Calls `each` with every line of the child's piped standard output, until it has ended.
    pub(crate) fn lines(&mut self, mut each: impl FnMut(&str) -> Result<()>) -> Result<ExitStatus> {
        let output = self.child.stdout.take().context("the child's output is not piped")?;
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let mut reader = BufReader::new(output);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned();
                if sender.send(text).is_err() {
                    break;
                }
                line.clear();
            }
        });
        let mut ended: Option<(ExitStatus, Instant)> = None;
        loop {
            match lines.recv_timeout(POLL) {
                Ok(line) => each(&line)?,
                Err(RecvTimeoutError::Disconnected) => return self.wait(),
                Err(RecvTimeoutError::Timeout) => match ended {
                    Some((status, since)) if since.elapsed() > DRAIN => return Ok(status),
                    Some(_) => {}
                    None => ended = self.child.try_wait()?.map(|status| (status, Instant::now())),
                },
            }
            interrupt::check()?;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let steps =
            [(Signal::TERM, Duration::from_secs(5)), (Signal::KILL, Duration::from_secs(5))];
        end(&mut self.child, self.group, &steps);
    }
}

/// Runs a command to its end, without standard input.
pub(crate) fn run(command: &mut Command) -> Result<ExitStatus> {
    Running::start(command)?.wait()
}

/// Runs a command to its end and returns what it printed, whatever its exit status.
pub(crate) fn output(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut text = String::new();
    let mut running = Running::start(command.stdout(Stdio::piped()))?;
    let status = running.lines(|line| {
        text.push_str(line);
        text.push('\n');
        Ok(())
    })?;
    Ok((status, text))
}

/// Runs a command that a signal must not cut in two, and returns all that it printed.
pub(crate) fn output_uninterrupted(command: &mut Command) -> Result<(ExitStatus, String)> {
    let (mut reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).process_group(0);
    let mut child = spawn(command)?;
    // The command holds the pipe's writing end, and reading ends only when all are closed.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut text = Vec::new();
    reader.read_to_end(&mut text)?;
    Ok((child.wait()?, String::from_utf8_lossy(&text).into_owned()))
}

/// Sends each signal in turn and gives the child that long to end.
pub(crate) fn end(child: &mut Child, group: bool, steps: &[(Signal, Duration)]) {
    for (signal, patience) in steps {
        // A child that has been waited for has given its number back: never signal it again.
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return };
        // An error means that it has just ended, which the wait below sees.
        let _ = if group { kill_process_group(pid, *signal) } else { kill_process(pid, *signal) };
        let deadline = Instant::now() + *patience;
        while Instant::now() < deadline && matches!(child.try_wait(), Ok(None)) {
            thread::sleep(POLL);
        }
    }
}

/// This process's exit code for a child's exit status, as a shell computes it.
pub(crate) fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

fn spawn(command: &mut Command) -> Result<Child> {
    command
        .spawn()
        .with_context(|| format!("could not start {}", command.get_program().to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_is_read_whole_and_the_status_kept() {
        let (status, text) = output(&mut shell("echo one; printf two; exit 3")).unwrap();
        assert_eq!((status.code(), text.as_str()), (Some(3), "one\ntwo\n"));
    }

    #[test]
    fn a_descendant_that_keeps_the_output_open_does_not_hold_the_task() {
        let started = Instant::now();
        let (status, text) = output(&mut shell("sleep 30 & echo done")).unwrap();
        assert!(status.success());
        assert_eq!(text, "done\n");
        assert!(started.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn dropping_the_guard_ends_the_child_and_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let script = format!("sleep 30 & echo $! > '{}'; wait", file.display());
        let running = Running::start(&mut shell(&script)).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        let grandchild = loop {
            match std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()) {
                Some(number) => break Pid::from_raw(number).unwrap(),
                None => assert!(Instant::now() < deadline, "the shell wrote no process id"),
            }
            thread::sleep(POLL);
        };
        drop(running);
        while rustix::process::test_kill_process(grandchild).is_ok() && is_alive(grandchild) {
            assert!(Instant::now() < deadline, "the grandchild still runs");
            thread::sleep(POLL);
        }
    }

    /// A process that has ended but that nobody has waited for is not alive.
    fn is_alive(pid: Pid) -> bool {
        std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
            .is_ok_and(|stat| !stat.contains(") Z "))
    }

    #[test]
    fn exit_codes_are_a_shells() {
        let code = |script| exit_code(run(&mut shell(script)).unwrap());
        assert_eq!(code("exit 7"), ExitCode::from(7));
        assert_eq!(code("kill -TERM $$"), ExitCode::from(143));
    }
}
