//! Visitors in a process of their own, which is killed, or runs on a disk that fails.

use std::io::{BufRead, BufReader, IoSlice, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use anyhow::{Context, Result, bail, ensure};
use lodger_core::SessionKey;

use super::backend::open;
use super::dice::Dice;
use super::ledger::{Event, Ledger};
use super::stage::site;
use super::visitor::{Tags, Visitor};

/// How many visitors a process has.
pub const VISITORS: usize = 3;
/// The first argument of the program then.
pub const TASK: &str = "visit";
/// What it prints once it has opened the store.
const BEGUN: &str = "begun";

/// Such a process. Dropping it kills it.
pub struct Apart {
    child: Child,
    lines: Option<JoinHandle<Vec<String>>>,
}

/// What visitors who are started apart have to know.
#[derive(Clone, Copy)]
pub struct Errand<'a> {
    /// The URL of the store.
    pub url: &'a str,
    /// The seed of what they do.
    pub seed: u64,
    /// How many visits they make; 0: they go on.
    pub visits: u64,
}

impl Apart {
    /// Starts it by a command that names the program, to go on with the sessions of a ledger.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(mut command: Command, errand: Errand<'_>, ledger: &Ledger) -> Result<Self> {
        let Errand { url, seed, visits } = errand;
        command
            .args([TASK, url])
            .args([seed, visits, ledger.last_tag() + 1].map(|n| n.to_string()));
        for visitor in 0..VISITORS {
            command.arg(ledger.key(visitor).map_or("-", SessionKey::expose));
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let output = child.stdout.take().context("the output is piped")?;
        let lines = std::thread::spawn(move || read(output));
        Ok(Self { child, lines: Some(lines) })
    }

    /// Its process.
    #[must_use]
    pub const fn child(&self) -> &Child {
        &self.child
    }

    /// Kills it, and notes what it had told.
    ///
    /// # Errors
    ///
    /// When what it had told cannot be read.
    pub fn kill(self, ledger: &mut Ledger) -> Result<bool> {
        self.kill_and(|| Ok(()), ledger)
    }

    /// Kills it and does something in the same moment, before its calls have come to their end.
    ///
    /// # Errors
    ///
    /// When that fails, or what it had told cannot be read.
    pub fn kill_and(
        mut self,
        act: impl FnOnce() -> Result<()>,
        ledger: &mut Ledger,
    ) -> Result<bool> {
        self.child.kill()?;
        act()?;
        self.wait(ledger).map(|(begun, _)| begun)
    }

    /// Waits until it has ended, and notes what it told: whether it began, and whether it ended well.
    ///
    /// # Errors
    ///
    /// When what it told cannot be read.
    pub fn wait(&mut self, ledger: &mut Ledger) -> Result<(bool, bool)> {
        let lines = self.lines.take().context("it is waited for once")?;
        let lines = lines.join().map_err(|_| anyhow::anyhow!("the reader does not panic"))?;
        let status = self.child.wait()?;
        // By a panic of its own.
        ensure!(status.code() != Some(101), "the application panicked");
        let mut lines = lines.iter();
        let begun = lines.next().is_some_and(|line| line == BEGUN);
        for line in lines {
            let (visitor, event) = line.split_once(' ').context("a line names a visitor")?;
            // The last one may have been cut off.
            let Ok(event) = serde_json::from_str::<Event>(event) else { break };
            ledger.note(visitor.parse()?, event);
        }
        ledger.cut_off();
        Ok((begun, status.success()))
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        // An error means that it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(output: ChildStdout) -> Vec<String> {
    BufReader::new(output).lines().map_while(Result::ok).collect()
}

/// The program's own command.
#[must_use]
pub fn command(program: &Path) -> Command {
    Command::new(program)
}

/// What the process does: visits, and a line for each event.
///
/// Where the store is in files, of its calls that write, other than `writev`, all are the store's: its
/// threads wake one another without a file, so that a fault meets the store alone.
///
/// # Errors
///
/// When the arguments are not as [`Apart::start`] gives them, or there is no store.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time();
    let is_in_files = |url: &String| url.starts_with("file:") || url.starts_with("sqlite:");
    if !arguments.first().is_some_and(is_in_files) {
        runtime.enable_io();
    }
    runtime.build()?.block_on(visit(arguments))
}

async fn visit(arguments: &[String]) -> Result<()> {
    let [url, seed, visits, tag, keys @ ..] = arguments else { bail!("arguments are missing") };
    let site = site(open(url).await?);
    let (dice, tags) = (Dice::new(seed.parse()?), Tags::from(tag.parse()?));
    let visits: u64 = visits.parse()?;
    let visitor = |(number, key): (usize, &String)| {
        let key = SessionKey::parse(key, 128).ok();
        (number, Visitor::new(key, tags.clone(), dice.fork(number as u64)))
    };
    let mut visitors: Vec<_> = keys.iter().enumerate().map(visitor).collect();
    say(BEGUN);
    for done in 0.. {
        if visits > 0 && done == visits {
            break;
        }
        for (number, visitor) in &mut visitors {
            let tell = |event: Event| {
                let event = serde_json::to_string(&event).expect("events are plain data");
                say(&format!("{number} {event}"));
            };
            visitor.visit(&site, tell).await;
        }
    }
    Ok(())
}

/// Tells a line at once, by `writev`; whom nobody hears ends.
fn say(line: &str) {
    let line = format!("{line}\n");
    let said = std::io::stdout().lock().write_vectored(&[IoSlice::new(line.as_bytes())]);
    assert!(said.is_ok_and(|said| said == line.len()), "a line goes through a pipe in one piece");
}
