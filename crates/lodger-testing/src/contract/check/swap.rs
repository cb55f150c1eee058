//! Rules 4 and 5: swapping.

use lodger_core::{SessionStore, Swapped};

use super::together;
use crate::contract::subject::{Subject, key, write};
use crate::contract::violation::ensure;
use crate::contract::{Checked, Violation};

/// Rule 4: data and end are replaced, again and again, and each time under a new version.
pub async fn swap_replaces_data_and_expiry<S: SessionStore>(subject: Subject<S>) -> Checked {
    let key = key("swapped");
    let mut version = subject.put_for_version(&key, "data 0").await?;
    for round in 1..5 {
        // Later and earlier ends both.
        let (data, end) = (format!("data {round}"), subject.after(3600 + 600 * (round % 3)));
        let write = write(&data, end);
        match subject.store().swap(&key, &version, write, subject.now()).await? {
            Swapped::Swapped(given) => {
                subject.expect(4, &key, &data, end).await?;
                version = match given {
                    Some(version) => version,
                    None => subject.version(&key).await?,
                };
            }
            _ => return Err(Violation::new(4, format!("swap {round} of its version was refused"))),
        }
    }
    Ok(())
}

/// Rule 4: a swap that states an older version is told what is there, and writes nothing.
pub async fn a_stale_swap_is_told_what_is_there_and_writes_nothing<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let key = key("moved");
    let (end, later) = (subject.after(3600), subject.after(9000));
    let stale = subject.put_for_version(&key, "first").await?;
    let write_second = write("second", end);
    let swapped = subject.store().swap(&key, &stale, write_second, subject.now()).await?;
    ensure!(4, matches!(swapped, Swapped::Swapped(_)), "a swap of its version was refused");
    match subject.store().swap(&key, &stale, write("third", later), subject.now()).await? {
        Swapped::Moved(loaded) => {
            let there = loaded.record.session_data.as_text() == Some("second")
                && loaded.record.expire_date == end
                && loaded.record.session_key == key;
            ensure!(4, there, "a stale swap was told something else than what is there");
            let version = match loaded.version {
                Some(version) => version,
                None => subject.version(&key).await?,
            };
            subject.expect(4, &key, "second", end).await?;
            let write = write("third", later);
            let swapped = subject.store().swap(&key, &version, write, subject.now()).await?;
            ensure!(4, matches!(swapped, Swapped::Swapped(_)), "the version told is not there");
            subject.expect(4, &key, "third", later).await
        }
        Swapped::Swapped(_) => Err(Violation::new(4, "a stale swap wrote")),
        Swapped::Gone => Err(Violation::new(4, "a stale swap found a live record gone")),
    }
}

/// Rule 4: a swap of what was never there finds it gone, and creates nothing.
pub async fn a_swap_of_what_is_absent_creates_nothing<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let version = subject.put_for_version(&key("another"), "data").await?;
    let absent = key("absent");
    for data in ["data", "other data"] {
        let write = write(data, subject.after(3600));
        let swapped = subject.store().swap(&absent, &version, write, subject.now()).await?;
        ensure!(4, matches!(swapped, Swapped::Gone), "swap found what is not there");
        subject.expect_absent(4, &absent).await?;
    }
    subject.expect(4, &key("another"), "data", subject.after(3600)).await
}

/// Rule 5: of concurrent swaps that state one version one succeeds, and the others find it moved.
pub async fn of_concurrent_swaps_of_one_version_one_succeeds<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let key = key("contended");
    let end = subject.after(3600);
    let mut version = subject.put_for_version(&key, "start").await?;
    for round in 0..8 {
        let results = together(8, |writer| {
            let (subject, key, version) = (subject.clone(), key.clone(), version.clone());
            async move {
                let write = write(&format!("round {round} writer {writer}"), end);
                match subject.store().swap(&key, &version, write, subject.now()).await? {
                    Swapped::Swapped(_) => Ok(true),
                    Swapped::Moved(_) => Ok(false),
                    Swapped::Gone => Err(Violation::new(5, "a live record was found gone")),
                }
            }
        })
        .await?;
        let winners: Vec<_> = (0..).zip(results).filter(|(_, swapped)| *swapped).collect();
        ensure!(5, winners.len() == 1, "{} of 8 swaps of one version succeeded", winners.len());
        subject.expect(5, &key, &format!("round {round} writer {}", winners[0].0), end).await?;
        version = subject.version(&key).await?;
    }
    Ok(())
}
