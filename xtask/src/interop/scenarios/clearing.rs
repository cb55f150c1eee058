use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use crate::interop::configuration::Configuration;
use crate::interop::django::Project;
use crate::interop::expectation::{expect, holds};
use crate::interop::instant::Instant;
use crate::interop::pair::Pair;
use crate::interop::seen::Stored;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;
use crate::interop::window::Window;

pub(super) fn clearsessions_and_clear_expired_delete_the_same_rows(
    stage: &Stage,
    _: &Pair,
) -> Result<()> {
    clear_alike(stage, |configuration| configuration)
}

/// Django's rows that end one after the other, so that some end in the very second of a clearing.
const STEPS: u32 = 2_000;
const STEP_MILLISECONDS: u32 = 20;

/// Fills a database from both sides, copies it, and lets each side clear one of the two.
pub(super) fn clear_alike(
    stage: &Stage,
    configure: impl FnOnce(Configuration) -> Configuration,
) -> Result<()> {
    let pair = stage.fresh(configure)?;
    let (short, long) = fill(&pair)?;
    let (configuration, project) = (pair.configuration.clone(), pair.project.clone());
    // Nobody may be connected to a database that is copied.
    drop(pair);
    let step = format!("--step={STEP_MILLISECONDS}");
    project.manage(&["plantsessions", &STEPS.to_string(), &step])?;
    let all = project.everything()?;
    expect("the rows", all.len(), STEPS as usize + short.len() + long.len())?;

    let copy = stage.databases.copy(&configuration.database)?;
    let other = Configuration { database: copy, ..configuration };
    let other_project = stage.project(&other);

    wait_for_the_end(&all, &short)?;
    let (window, _) = Window::around(|| project.manage(&["clearsessions"]))?;
    let by_django = Cleared::by(&project, &all, window)?;
    let (window, deleted) = Window::around(|| stage.program.clear_expired(&other))?;
    let by_lodger = Cleared::by(&other_project, &all, window)?;

    for (site, cleared) in [("Django", &by_django), ("Lodger", &by_lodger)] {
        let check = || -> Result<()> {
            cleared.is_cut_at_one_instant()?;
            let is_deleted =
                |key: &String| cleared.deleted.iter().any(|row| row.session_key == *key);
            holds("each that has ended is deleted", short.iter().all(is_deleted))?;
            holds("each that lives is left", !long.iter().any(is_deleted))
        };
        check().with_context(|| format!("what {site} deleted"))?;
    }
    expect("the number that Lodger tells", deleted, by_lodger.deleted.len() as u64)?;
    same_rows(&by_django, &by_lodger)
}

/// Sessions of both sides: the keys of those that end in a second, and of those that live.
fn fill(pair: &Pair) -> Result<(Vec<String>, Vec<String>)> {
    let (mut short, mut long) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        for kind in ["1", "5000", "", "0"] {
            let (at_lodger, at_django) = (Visitor::new(), Visitor::new());
            pair.demo.set(&at_lodger, "colour", "blue")?;
            pair.demo.set_expiry(&at_lodger, kind)?;
            pair.django.set(&at_django, "colour", &json!("blue"))?;
            if let Ok(seconds) = kind.parse() {
                pair.django.set_expiry(&at_django, "seconds", seconds)?;
            }
            let keys = if kind == "1" { &mut short } else { &mut long };
            keys.extend([at_lodger.expect_key()?, at_django.expect_key()?]);
        }
    }
    // Moved to ends that no session has by itself.
    for (index, seconds) in [-90_000.0, -20_000.0, -0.5, 20_000.0, 90_000.0].into_iter().enumerate()
    {
        let visitor = Visitor::new();
        pair.demo.set(&visitor, "colour", &format!("colour {index}"))?;
        let key = visitor.expect_key()?;
        pair.django.move_expire_date(&key, seconds)?;
        if seconds < 0.0 { short.push(key) } else { long.push(key) }
    }
    Ok((short, long))
}

/// Waits until the sessions of these keys have ended.
fn wait_for_the_end(all: &[Stored], keys: &[String]) -> Result<()> {
    for row in all.iter().filter(|row| keys.contains(&row.session_key)) {
        let left = row.expire_date()?.since(Instant::now());
        holds(&format!("a session of a second ends in {left} s"), left < 2.0)?;
        thread::sleep(Duration::from_secs_f64(left.max(0.0)));
    }
    Ok(())
}

/// What one clearing did to all rows.
struct Cleared {
    window: Window,
    deleted: Vec<Stored>,
    left: Vec<Stored>,
}

impl Cleared {
    fn by(project: &Project, all: &[Stored], window: Window) -> Result<Self> {
        let rows = project.everything()?;
        let keys: BTreeSet<&str> = rows.iter().map(|row| row.session_key.as_str()).collect();
        let (left, deleted): (Vec<Stored>, Vec<Stored>) =
            all.iter().cloned().partition(|row| keys.contains(row.session_key.as_str()));
        expect("the rows left that were there before", left.len(), rows.len())?;
        Ok(Self { window, deleted, left })
    }

    /// Fails unless there was an instant during the clearing before which all was deleted and after
    /// which nothing.
    fn is_cut_at_one_instant(&self) -> Result<()> {
        let dates = |rows: &[Stored]| -> Result<Vec<Instant>> {
            rows.iter().map(Stored::expire_date).collect()
        };
        let last = dates(&self.deleted)?.into_iter().max().context("nothing was deleted")?;
        let first = dates(&self.left)?.into_iter().min().context("nothing was left")?;
        holds("none of those left ended before one that was deleted", last <= first)?;
        holds("none deleted still lived", last <= self.window.end)?;
        holds("none left had ended before", first >= self.window.begin)?;
        // Else the second of the clearing would not have been tried.
        let gap = first.since(last);
        holds(&format!("the rows around the cut are {gap} s apart"), gap < 0.1)
    }
}

/// Fails unless both treated every row alike that did not end between the two clearings.
fn same_rows(django: &Cleared, lodger: &Cleared) -> Result<()> {
    let (begin, end) = (django.window.begin, lodger.window.end);
    let outside = |rows: &[Stored]| -> Result<BTreeSet<String>> {
        let mut keys = BTreeSet::new();
        for row in rows {
            let date = row.expire_date()?;
            if date < begin || date > end {
                keys.insert(row.session_key.clone());
            }
        }
        Ok(keys)
    };
    expect("the rows Lodger left", outside(&lodger.left)?, outside(&django.left)?)?;
    expect("the rows Lodger deleted", outside(&lodger.deleted)?, outside(&django.deleted)?)
}
