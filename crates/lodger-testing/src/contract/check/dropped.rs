//! Rule 10: calls that are given up.

use lodger_core::{Cycled, SessionStore, Swapped};

use super::{POLLS, polled};
use crate::contract::subject::{Subject, key, record, write};
use crate::contract::violation::ensure;
use crate::contract::{Checked, Violation};

/// Rule 10: a swap that is dropped leaves the old record or the new one, data and end together.
pub async fn a_dropped_swap_leaves_the_old_record_or_the_new<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    for polls in POLLS {
        let key = key(&format!("polled{polls}"));
        let version = subject.put_for_version(&key, "old").await?;
        let put = write("new", subject.after(9000));
        polled(polls, subject.store().swap(&key, &version, put, subject.now())).await?;
        let found = subject.read(&key).await?;
        let old = ("old".to_owned(), subject.after(3600));
        let new = ("new".to_owned(), subject.after(9000));
        ensure!(10, found == Some(old) || found == Some(new), "half of a dropped swap was stored");
        go_on(&subject, &key).await?;
    }
    Ok(())
}

/// Rule 10: a creation that is dropped leaves nothing or the whole record.
pub async fn a_dropped_creation_leaves_nothing_or_the_record<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    for polls in POLLS {
        let key = key(&format!("polled{polls}"));
        let end = subject.after(3600);
        let (given, fields) = record(&key, "data", end);
        polled(polls, subject.store().create(given, fields, subject.now())).await?;
        if let Some(found) = subject.read(&key).await? {
            let whole = found == ("data".to_owned(), end);
            ensure!(10, whole, "half of a dropped creation was stored");
        }
        // Whatever became of the first one, the key is of use now.
        let (given, fields) = record(&key, "data", end);
        subject.store().create(given, fields, subject.now()).await?;
        go_on(&subject, &key).await?;
    }
    Ok(())
}

/// Rules 6 and 10: a cycle that is dropped leaves one live key, the old one or the new.
pub async fn a_dropped_cycle_leaves_one_live_key<S: SessionStore>(subject: Subject<S>) -> Checked {
    for polls in POLLS {
        let (old, new) = (key(&format!("old{polls}")), key(&format!("new{polls}")));
        let version = subject.put_for_version(&old, "data").await?;
        let put = write("data", subject.after(3600));
        polled(polls, subject.store().cycle(&old, &version, &new, put, subject.now())).await?;
        // What was dropped may still be on its way: settle it with a cycle of our own.
        let other = key(&format!("other{polls}"));
        let put = write("other", subject.after(3600));
        match subject.store().cycle(&old, &version, &other, put, subject.now()).await? {
            Cycled::Cycled(_) => {
                subject.expect_absent(10, &old).await?;
                // Nobody was told it, so it may go a little later than the call that was dropped.
                subject.expect_absent_soon(10, &new).await?;
                go_on(&subject, &other).await?;
            }
            Cycled::Gone => {
                subject.expect_absent(10, &old).await?;
                subject.expect(10, &new, "data", subject.after(3600)).await?;
                go_on(&subject, &new).await?;
            }
            _ => return Err(Violation::new(10, "half of a dropped cycle was stored")),
        }
    }
    Ok(())
}

/// Rule 10: a delete that is dropped leaves the record as it was or removes it.
pub async fn a_dropped_delete_leaves_the_record_or_nothing<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    for polls in POLLS {
        let key = key(&format!("polled{polls}"));
        subject.put(&key, "data").await?;
        polled(polls, subject.store().delete(&key)).await?;
        if let Some(found) = subject.read(&key).await? {
            let whole = found == ("data".to_owned(), subject.after(3600));
            ensure!(10, whole, "half of a dropped delete was done");
        }
        subject.store().delete(&key).await?;
        subject.expect_absent(7, &key).await?;
    }
    Ok(())
}

/// Proves that a record can be written after a call to it was dropped.
async fn go_on<S: SessionStore>(subject: &Subject<S>, key: &lodger_core::StoredKey) -> Checked {
    for _ in 0..50 {
        let version = subject.version(key).await?;
        let put = write("afterwards", subject.after(3600));
        let swapped = subject.store().swap(key, &version, put, subject.now()).await?;
        if matches!(swapped, Swapped::Swapped(_)) {
            return Ok(());
        }
    }
    Err(Violation::new(10, "a record cannot be written after a call to it was dropped"))
}
