//! Another process that uses the folder.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The program `session_files` of this package.
const PROGRAM: &str = env!("CARGO_BIN_EXE_session_files");

/// A process that is killed when the test is done with it.
pub(super) struct Other {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Other {
    /// Starts it for a folder.
    pub(super) fn start(task: &str, folder: &Path, arguments: &[&str]) -> Self {
        Self::spawn(Command::new(PROGRAM).arg(task).arg(folder).args(arguments))
    }

    /// Starts it from a shell that has done something before: `"$@"` is the program with its
    /// arguments.
    pub(super) fn start_after(script: &str, task: &str, folder: &Path, arguments: &[&str]) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh", PROGRAM, task]).arg(folder).args(arguments);
        Self::spawn(&mut shell)
    }

    pub(super) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next line that it prints; `None` once it has ended.
    pub(super) fn line(&mut self) -> Option<String> {
        self.lines.next().transpose().unwrap()
    }

    /// All lines until it has ended, which it must do well.
    pub(super) fn output(mut self) -> Vec<String> {
        let lines: Vec<String> = std::iter::from_fn(|| self.line()).collect();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {lines:?}");
        lines
    }

    /// Kills it with signal 9, and gives the lines that it had printed.
    pub(super) fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::iter::from_fn(|| self.line()).collect()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        // An error means that it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, for commands of another shape.
pub(super) fn program() -> &'static Path {
    Path::new(PROGRAM)
}
