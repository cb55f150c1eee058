//! Rules 4 and 5: touching.

use lodger_core::{SessionStore, Swapped, Touched};

use super::together;
use crate::contract::subject::{Subject, key, write};
use crate::contract::violation::ensure;
use crate::contract::{Checked, Violation};

/// Rule 4: the end moves, to later and to earlier, and the data stay.
pub async fn touch_moves_the_expiry_and_leaves_the_data<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let key = key("touched");
    let mut version = subject.put_for_version(&key, "data").await?;
    for seconds in [9000, 60] {
        let end = subject.after(seconds);
        match subject.store().touch(&key, &version, end, subject.now()).await? {
            Touched::Touched(given) => {
                subject.expect(4, &key, "data", end).await?;
                version = match given {
                    Some(version) => version,
                    None => subject.version(&key).await?,
                };
            }
            _ => return Err(Violation::new(4, "a touch of its version was refused")),
        }
    }
    let write = write("new", subject.after(60));
    let swapped = subject.store().swap(&key, &version, write, subject.now()).await?;
    ensure!(4, matches!(swapped, Swapped::Swapped(_)), "the version after a touch is not there");
    Ok(())
}

/// Rule 4: a touch that states an older version is told what is there, and writes nothing.
pub async fn a_stale_touch_is_told_what_is_there_and_writes_nothing<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let key = key("moved");
    let end = subject.after(60);
    let stale = subject.put_for_version(&key, "first").await?;
    let swapped = subject.store().swap(&key, &stale, write("second", end), subject.now()).await?;
    ensure!(4, matches!(swapped, Swapped::Swapped(_)), "a swap of its version was refused");
    match subject.store().touch(&key, &stale, subject.after(9000), subject.now()).await? {
        Touched::Moved(loaded) => {
            let there = loaded.record.session_data.as_text() == Some("second")
                && loaded.record.expire_date == end;
            ensure!(4, there, "a stale touch was told something else than what is there");
        }
        _ => return Err(Violation::new(4, "a stale touch did not find the record moved")),
    }
    subject.expect(4, &key, "second", end).await
}

/// Rule 4: a touch of what was never there finds it gone, and creates nothing.
pub async fn a_touch_of_what_is_absent_creates_nothing<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let version = subject.put_for_version(&key("another"), "data").await?;
    let absent = key("absent");
    let end = subject.after(9000);
    let touched = subject.store().touch(&absent, &version, end, subject.now()).await?;
    ensure!(4, matches!(touched, Touched::Gone), "touch found what is not there");
    subject.expect_absent(4, &absent).await?;
    subject.expect(4, &key("another"), "data", subject.after(3600)).await
}

/// Rule 5: a touch beside a swap of the same version never brings the older data back.
pub async fn a_touch_never_undoes_a_concurrent_swap<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    for round in 0..16 {
        // Who is likely to be first changes from round to round.
        let swapper = round % 2;
        let key = key(&format!("round{round}"));
        let version = subject.put_for_version(&key, "old").await?;
        let (first, second) = (subject.after(60), subject.after(9000));
        let results = together(2, |writer| {
            let (subject, key, version) = (subject.clone(), key.clone(), version.clone());
            async move {
                if writer == swapper {
                    let write = write("new", first);
                    let swapped =
                        subject.store().swap(&key, &version, write, subject.now()).await?;
                    Ok(matches!(swapped, Swapped::Swapped(_)))
                } else {
                    let touched =
                        subject.store().touch(&key, &version, second, subject.now()).await?;
                    Ok(matches!(touched, Touched::Touched(_)))
                }
            }
        })
        .await?;
        ensure!(5, results.contains(&true), "a touch and a swap both lost against each other");
        let found = subject.read(&key).await?.map(|(data, _)| data);
        let expected = if results[swapper] { "new" } else { "old" };
        ensure!(5, found.as_deref() == Some(expected), "a touch has changed data");
    }
    Ok(())
}
