use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use serde_json::json;

use crate::interop::agreement::{agree, ended};
use crate::interop::configuration::Configuration;
use crate::interop::expectation::{expect, holds};
use crate::interop::keeping::Keeping;
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;

/// Django's `SESSION_COOKIE_AGE`: two weeks.
const DEFAULT: f64 = 1_209_600.0;

/// A session without an expiry of its own ends by its file's age, one with a date at that date.
pub(super) fn a_date_and_a_files_age_decide_on_both_sides(_: &Stage, pair: &Pair) -> Result<()> {
    for by_django in [true, false] {
        let visitor = begin(pair, by_django)?;
        let key = visitor.expect_key()?;
        pair.django.move_expire_date(&key, 20.0)?;
        expect("the colour", agree(pair, &visitor)?.field("colour"), &json!("blue"))?;
        pair.django.move_expire_date(&key, -1.0)?;
        ended(pair, &key)?;
    }
    for (seconds, lives) in [(20.0, true), (-1.0, false)] {
        let visitor = begin(pair, false)?;
        // Asked for first: the cookie goes with a date that is over.
        let key = visitor.expect_key()?;
        pair.django.set_expiry(&visitor, "timedelta", seconds)?;
        // However old the file is.
        pair.django.move_expire_date(&key, -5_000.0)?;
        if lives {
            expect("the colour", agree(pair, &visitor)?.field("colour"), &json!("blue"))?;
        } else {
            ended(pair, &key)?;
        }
    }
    Ok(())
}

fn begin(pair: &Pair, by_django: bool) -> Result<Visitor> {
    let visitor = Visitor::new();
    if by_django {
        pair.django.set(&visitor, "colour", &json!("blue"))?;
    } else {
        pair.demo.set(&visitor, "colour", "blue")?;
    }
    Ok(visitor)
}

/// Fills a folder from both sides, copies it, and lets each side clear one of the two.
pub(super) fn clearsessions_and_clear_expired_delete_the_same_files(
    stage: &Stage,
    _: &Pair,
) -> Result<()> {
    let pair = stage.fresh(|configuration| configuration)?;
    let (mut dead, mut live) = (BTreeSet::new(), BTreeSet::new());
    for by_django in [true, false] {
        for seconds in [-DEFAULT, -20.0, -1.0, 60.0, DEFAULT] {
            let aged = begin(&pair, by_django)?.expect_key()?;
            pair.django.move_expire_date(&aged, seconds)?;
            let visitor = begin(&pair, by_django)?;
            let dated = visitor.expect_key()?;
            pair.django.set_expiry(&visitor, "timedelta", seconds)?;
            let keys = [aged, dated];
            if seconds < 0.0 { dead.extend(keys) } else { live.extend(keys) }
        }
    }
    // No session's file: neither side takes it for one.
    let folder = folder(&pair.configuration)?;
    fs::write(folder.join("somebody-elses"), "their own")?;
    let other = stage.empty_folder()?;
    copy(folder, &other)?;
    let other = Configuration { keeping: Keeping::Folder(other), ..pair.configuration.clone() };

    pair.project.manage(&["clearsessions"])?;
    let deleted = stage.program.clear_expired(&other)?;
    for (site, configuration) in [("Django", &pair.configuration), ("Lodger", &other)] {
        let left = stage.project(configuration).everything()?.into_iter();
        let left: BTreeSet<String> = left.map(|session| session.session_key).collect();
        expect(&format!("the sessions that {site} left"), left, live.clone())?;
        let stray = self::folder(configuration)?.join("somebody-elses");
        holds(&format!("the other file that {site} left"), stray.is_file())?;
    }
    expect("the number that Lodger tells", deleted, dead.len() as u64)
}

fn folder(configuration: &Configuration) -> Result<&Path> {
    match &configuration.keeping {
        Keeping::Folder(folder) => Ok(folder),
        _ => bail!("the engine keeps no files"),
    }
}

/// With the times at which the files were written, which are the sessions' ends.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in fs::read_dir(from)? {
        let file = file?;
        let target = to.join(file.file_name());
        fs::copy(file.path(), &target)?;
        fs::File::options()
            .write(true)
            .open(&target)?
            .set_modified(file.metadata()?.modified()?)?;
    }
    Ok(())
}
