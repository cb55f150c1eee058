//! Rules 4 to 6: changing the key.

use lodger_core::{Cycled, SessionStore, Swapped, Touched};

use super::together;
use crate::contract::subject::{Subject, key, write};
use crate::contract::violation::ensure;
use crate::contract::{Checked, Violation};

/// Rule 6: the old key is dead, the new one live, and its version, if one was given, is right.
pub async fn after_a_cycle_the_old_key_is_dead_and_the_new_one_live<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let (old, new) = (key("old"), key("new"));
    let end = subject.after(9000);
    let version = subject.put_for_version(&old, "before").await?;
    let put = write("after", end);
    let given = match subject.store().cycle(&old, &version, &new, put, subject.now()).await? {
        Cycled::Cycled(given) => given,
        _ => return Err(Violation::new(6, "a cycle of its version was refused")),
    };
    subject.expect_absent(6, &old).await?;
    subject.expect(6, &new, "after", end).await?;
    // The dead key stays dead for whoever still holds the version.
    let put = write("again", end);
    let swapped = subject.store().swap(&old, &version, put, subject.now()).await?;
    ensure!(6, matches!(swapped, Swapped::Gone), "a swap found the old key");
    let touched = subject.store().touch(&old, &version, end, subject.now()).await?;
    ensure!(6, matches!(touched, Touched::Gone), "a touch found the old key");
    subject.expect_absent(6, &old).await?;
    if let Some(version) = given {
        let put = write("again", end);
        let swapped = subject.store().swap(&new, &version, put, subject.now()).await?;
        ensure!(4, matches!(swapped, Swapped::Swapped(_)), "the version given was another one");
    }
    Ok(())
}

/// Rule 4: a cycle that states an older version is told what is there, and changes neither key.
pub async fn a_stale_cycle_is_told_what_is_there_and_writes_nothing<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let (old, new) = (key("old"), key("new"));
    let end = subject.after(3600);
    let stale = subject.put_for_version(&old, "first").await?;
    let swapped = subject.store().swap(&old, &stale, write("second", end), subject.now()).await?;
    ensure!(4, matches!(swapped, Swapped::Swapped(_)), "a swap of its version was refused");
    let put = write("third", end);
    match subject.store().cycle(&old, &stale, &new, put, subject.now()).await? {
        Cycled::Moved(loaded) => ensure!(
            4,
            loaded.record.session_data.as_text() == Some("second"),
            "a stale cycle was told something else than what is there"
        ),
        _ => return Err(Violation::new(4, "a stale cycle did not find the record moved")),
    }
    subject.expect(4, &old, "second", end).await?;
    subject.expect_absent(4, &new).await
}

/// Rule 4: a cycle of what was never there finds it gone, and creates nothing.
pub async fn a_cycle_of_what_is_absent_creates_nothing<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let version = subject.put_for_version(&key("another"), "data").await?;
    let (absent, new) = (key("absent"), key("new"));
    let put = write("data", subject.after(3600));
    let cycled = subject.store().cycle(&absent, &version, &new, put, subject.now()).await?;
    ensure!(4, matches!(cycled, Cycled::Gone), "cycle found what is not there");
    subject.expect_absent(4, &absent).await?;
    subject.expect_absent(4, &new).await?;
    subject.expect(4, &key("another"), "data", subject.after(3600)).await
}

/// Rule 3: a cycle never overwrites what is under the new key, live or expired.
pub async fn a_cycle_onto_a_taken_key_changes_neither<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let (old, taken) = (key("old"), key("taken"));
    let (end, early) = (subject.after(3600), subject.after(60));
    let version = subject.put_for_version(&old, "old").await?;
    subject.put_until(&taken, "taken", early).await?;
    let put = write("new", subject.after(9000));
    let cycled = subject.store().cycle(&old, &version, &taken, put, subject.now()).await?;
    ensure!(3, matches!(cycled, Cycled::Taken), "a cycle took a key with a live record");
    subject.expect(3, &old, "old", end).await?;
    subject.expect(3, &taken, "taken", early).await?;

    let put = write("new", subject.after(9000));
    match subject.store().cycle(&old, &version, &taken, put, early).await? {
        Cycled::Taken => {
            subject.expect(3, &old, "old", end).await?;
            subject.expect(3, &taken, "taken", early).await
        }
        Cycled::Cycled(_) => {
            subject.expect_absent(6, &old).await?;
            subject.expect(6, &taken, "new", subject.after(9000)).await
        }
        _ => Err(Violation::new(4, "a cycle did not find the record of its version")),
    }
}

/// Rules 5 and 6: of concurrent cycles one wins, the others find the session gone, and one new key
/// is live.
pub async fn of_concurrent_cycles_one_wins<S: SessionStore>(subject: Subject<S>) -> Checked {
    for round in 0..8 {
        let old = key(&format!("old{round}"));
        let version = subject.put_for_version(&old, "data").await?;
        let new_key = |writer: usize| key(&format!("new{round}of{writer}"));
        let results = together(6, |writer| {
            let (subject, old, version) = (subject.clone(), old.clone(), version.clone());
            let new = new_key(writer);
            async move {
                let put = write(&format!("writer {writer}"), subject.after(3600));
                match subject.store().cycle(&old, &version, &new, put, subject.now()).await? {
                    Cycled::Cycled(_) => Ok(true),
                    Cycled::Gone => Ok(false),
                    _ => Err(Violation::new(6, "a cycle that lost found the old key")),
                }
            }
        })
        .await?;
        let winners = results.iter().filter(|won| **won).count();
        ensure!(5, winners == 1, "{winners} of 6 cycles of one version succeeded");
        subject.expect_absent(6, &old).await?;
        for (writer, won) in (0..).zip(results) {
            let live = subject.read(&new_key(writer)).await?.is_some();
            ensure!(6, live == won, "won: {won}, live: {live}");
        }
    }
    Ok(())
}

/// Rules 5 and 6: of a cycle and a swap that state one version one succeeds, and the data of the
/// swap are not lost where the swap was first.
pub async fn of_a_cycle_and_a_swap_of_one_version_one_succeeds<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    for round in 0..16 {
        // Who is likely to be first changes from round to round.
        let first = round % 2;
        let (old, new) = (key(&format!("old{round}")), key(&format!("new{round}")));
        let version = subject.put_for_version(&old, "data").await?;
        let results = together(2, |writer| {
            let (subject, old, new) = (subject.clone(), old.clone(), new.clone());
            let version = version.clone();
            async move {
                let end = subject.after(3600);
                if writer == first {
                    let put = write("cycled", end);
                    let cycled =
                        subject.store().cycle(&old, &version, &new, put, subject.now()).await?;
                    Ok(matches!(cycled, Cycled::Cycled(_)))
                } else {
                    let put = write("swapped", end);
                    let swapped = subject.store().swap(&old, &version, put, subject.now()).await?;
                    Ok(matches!(swapped, Swapped::Swapped(_)))
                }
            }
        })
        .await?;
        let both = (subject.read(&old).await?, subject.read(&new).await?);
        let data = both.0.is_none().then_some(both.1).flatten().map(|(data, _)| data);
        let (cycled, swapped) = (results[first], results[1 - first]);
        match (cycled, swapped) {
            (true, false) => ensure!(6, data.as_deref() == Some("cycled"), "the cycle was undone"),
            (false, true) => {
                subject.expect(5, &old, "swapped", subject.after(3600)).await?;
                subject.expect_absent(6, &new).await?;
            }
            _ => return Err(Violation::new(5, "a cycle and a swap did not exclude each other")),
        }
    }
    Ok(())
}
