//! Rule 8: calls that are given up.

use lodger_core::{Cached, SessionCache, StoredKey};

use crate::cache_contract::subject::{LONG, Subject, key};
use crate::contract::check::{POLLS, polled};
use crate::contract::{Checked, Violation};

/// Rule 8: a lease that is given up is taken or not.
pub async fn a_dropped_lease_is_taken_or_not<C: SessionCache>(subject: Subject<C>) -> Checked {
    for polls in POLLS {
        let key = key(&format!("polled{polls}"));
        polled(polls, subject.cache().add_lease(&key, LONG)).await?;
        match subject.get(&key).await? {
            Cached::Absent | Cached::Lease => {}
            _ => return Err(Violation::new(8, "a dropped lease has become something else")),
        }
        go_on(&subject, &key).await?;
    }
    Ok(())
}

/// Rule 8: a swap that is given up leaves the old record or the new, whole.
pub async fn a_dropped_swap_leaves_the_old_entry_or_the_new<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    for polls in POLLS {
        let key = key(&format!("polled{polls}"));
        let version = subject.fill(&key, "old").await?;
        let record = subject.record(&key, "new");
        polled(polls, subject.cache().swap(&version, record, LONG)).await?;
        match subject.get(&key).await? {
            Cached::Record(record, _) if subject.holds(&record, &key, "old") => {}
            Cached::Record(record, _) if subject.holds(&record, &key, "new") => {}
            _ => return Err(Violation::new(8, "half of a dropped swap was kept")),
        }
        go_on(&subject, &key).await?;
    }
    Ok(())
}

/// Rule 8: a tombstone that is given up is there, or the record before it.
pub async fn a_dropped_tombstone_leaves_the_entry_or_the_tombstone<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    for polls in POLLS {
        let key = key(&format!("polled{polls}"));
        subject.fill(&key, "data").await?;
        polled(polls, subject.cache().put_tombstone(&key, LONG)).await?;
        match subject.get(&key).await? {
            Cached::Tombstone => {}
            Cached::Record(record, _) if subject.holds(&record, &key, "data") => {}
            _ => return Err(Violation::new(8, "half of a dropped tombstone was put")),
        }
        subject.cache().put_tombstone(&key, LONG).await?;
        subject.expect_tombstone(4, &key).await?;
    }
    Ok(())
}

/// Rule 8: an invalidation that is given up leaves the record as it was, or nothing.
pub async fn a_dropped_invalidation_leaves_the_entry_or_nothing<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    for polls in POLLS {
        let key = key(&format!("polled{polls}"));
        subject.fill(&key, "data").await?;
        polled(polls, subject.cache().invalidate(&key)).await?;
        match subject.get(&key).await? {
            Cached::Absent => {}
            Cached::Record(record, _) if subject.holds(&record, &key, "data") => {}
            _ => return Err(Violation::new(8, "half of a dropped invalidation was done")),
        }
        go_on(&subject, &key).await?;
    }
    Ok(())
}

/// Proves that a place is of use after a call to it was dropped.
async fn go_on<C: SessionCache>(subject: &Subject<C>, key: &StoredKey) -> Checked {
    for _ in 0..50 {
        subject.cache().invalidate(key).await?;
        let Some(lease) = subject.cache().add_lease(key, LONG).await? else { continue };
        if subject.swap(&lease, key, "afterwards").await? {
            return Ok(());
        }
    }
    Err(Violation::new(8, "a place cannot be filled after a call to it was dropped"))
}
