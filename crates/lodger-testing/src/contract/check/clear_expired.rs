//! Rule 8: clearing.

use lodger_core::{SessionStore, Span, StoredKey, Swapped, Timestamp, Touched};

use super::together;
use crate::contract::subject::{Subject, key, write};
use crate::contract::violation::ensure;
use crate::contract::{Checked, Violation};

/// More batches than any store may need for the few records of these checks.
const MOST_BATCHES: u64 = 1000;

/// Rule 8: what ended before `now` goes; what ends at `now` or later stays.
pub async fn clear_expired_removes_only_what_ended_before_now<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let now = subject.after(3600);
    let step = subject.precision();
    let ends = [("before", now - step), ("at", now), ("after", now + step)];
    for (name, end) in ends {
        subject.put_until(&key(name), name, end).await?;
    }
    let deleted = clear(&subject, now, 100).await?;
    let expected = subject.cleared(1);
    ensure!(8, deleted == expected, "{deleted} of {expected} ended records were removed");
    if expected > 0 {
        subject.expect_absent(8, &key("before")).await?;
    }
    for (name, end) in &ends[1..] {
        subject.expect(8, &key(name), name, *end).await?;
    }
    Ok(())
}

/// Rule 8: no batch removes more than `limit`, the cursor leads to the end, and the counts are right.
pub async fn clear_expired_is_bounded_and_comes_to_an_end<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let now = subject.after(3600);
    for number in 0..25 {
        let end = now - Span::from_secs(60 + number);
        subject.put_until(&key(&format!("ended{number}")), "data", end).await?;
    }
    for number in 0..10 {
        let end = now + Span::from_secs(60 + number);
        subject.put_until(&key(&format!("live{number}")), "data", end).await?;
    }
    let deleted = clear(&subject, now, 7).await?;
    let expected = subject.cleared(25);
    ensure!(8, deleted == expected, "{deleted} of {expected} ended records were removed");
    // A store that clears nothing still shows it to whoever lives in the past.
    let seen_from = if expected == 0 { now } else { subject.now() };
    for number in 0..25 {
        let found = subject.read_at(&key(&format!("ended{number}")), seen_from).await?;
        ensure!(8, found.is_none(), "a record that has ended is live");
    }
    for number in 0..10 {
        let end = now + Span::from_secs(60 + number);
        subject.expect(8, &key(&format!("live{number}")), "data", end).await?;
    }
    let again = clear(&subject, now, 7).await?;
    ensure!(8, again == 0, "{again} records were removed twice");
    Ok(())
}

/// Rule 8: a record that is renewed while a clearing is under way is lost to it or stays, and an
/// acknowledged renewal stays.
pub async fn clear_expired_spares_what_is_renewed_meanwhile<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let (end, sweep_at, later) = (subject.after(60), subject.after(600), subject.after(9000));
    let keys: Vec<StoredKey> = (0..40).map(|number| key(&format!("renewed{number}"))).collect();
    for key in &keys {
        subject.put_until(key, "data", end).await?;
    }
    let renewed = together(4, |task| {
        let (subject, keys) = (subject.clone(), keys.clone());
        async move {
            if task == 3 {
                clear(&subject, sweep_at, 5).await?;
                return Ok(Vec::new());
            }
            let mut renewed = Vec::new();
            for key in keys.into_iter().skip(task).step_by(3) {
                if renew(&subject, &key, later, task).await? {
                    renewed.push(key);
                }
                tokio::task::yield_now().await;
            }
            Ok(renewed)
        }
    })
    .await?;
    clear(&subject, sweep_at, 5).await?;
    for key in renewed.into_iter().flatten() {
        let found = subject.read_at(&key, sweep_at).await?;
        ensure!(8, found.is_some(), "a record was removed although it had been renewed");
    }
    Ok(())
}

/// Whether a record that is about to end could be renewed.
async fn renew<S: SessionStore>(
    subject: &Subject<S>,
    key: &StoredKey,
    end: Timestamp,
    task: usize,
) -> Result<bool, Violation> {
    let loaded = subject.store().load(key, subject.now()).await?;
    let Some(version) = loaded.and_then(|loaded| loaded.version) else { return Ok(false) };
    if task == 0 {
        let touched = subject.store().touch(key, &version, end, subject.now()).await?;
        return Ok(matches!(touched, Touched::Touched(_)));
    }
    let swapped = subject.store().swap(key, &version, write("new", end), subject.now()).await?;
    Ok(matches!(swapped, Swapped::Swapped(_)))
}

/// Clears in batches of at most `limit`; how many records were removed.
async fn clear<S: SessionStore>(
    subject: &Subject<S>,
    now: Timestamp,
    limit: u64,
) -> Result<u64, Violation> {
    let mut deleted = 0;
    let mut cursor = None;
    for _ in 0..MOST_BATCHES {
        let swept = subject.store().clear_expired(now, limit, cursor).await?;
        ensure!(8, swept.deleted <= limit, "a batch of {limit} removed {}", swept.deleted);
        deleted += swept.deleted;
        cursor = swept.next;
        if cursor.is_none() {
            return Ok(deleted);
        }
    }
    Err(Violation::new(8, format!("no end after {MOST_BATCHES} batches of {limit}")))
}
