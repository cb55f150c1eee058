//! Rule 6: entries end.

use std::time::Duration;

use lodger_core::SessionCache;

use crate::cache_contract::subject::{LONG, Subject, key};
use crate::contract::Checked;
use crate::contract::violation::ensure;

const SHORT: Duration = Duration::from_secs(1);
/// Long enough for what lives `SHORT` to be gone, also where seconds are counted.
const LONGER: Duration = Duration::from_millis(3100);

/// Rule 6: a lease, a record and a tombstone end, and then the place is free.
pub async fn entries_end_after_their_lifetime<C: SessionCache>(subject: Subject<C>) -> Checked {
    let (leased, filled, dead) = (key("leased"), key("filled"), key("dead"));
    let lease = subject.cache().add_lease(&leased, SHORT).await?;
    ensure!(2, lease.is_some(), "no lease was taken where nothing is kept");
    let version = subject.fill(&filled, "data").await?;
    let record = subject.record(&filled, "short");
    let swapped = subject.cache().swap(&version, record, SHORT).await?;
    ensure!(3, swapped, "a swap of its version was refused");
    subject.cache().put_tombstone(&dead, SHORT).await?;
    for key in [&leased, &filled, &dead] {
        subject.expect_absent_soon(6, key).await?;
    }
    let swapped = match lease {
        Some(lease) => subject.swap(&lease, &leased, "late").await?,
        None => false,
    };
    ensure!(6, !swapped, "a lease that has ended was filled");
    for key in [&leased, &filled, &dead] {
        subject.fill(key, "new").await?;
    }
    Ok(())
}

/// Rule 6: the lifetime is that of the last write, be it longer or shorter than the one before.
pub async fn a_swap_sets_the_lifetime_anew<C: SessionCache>(subject: Subject<C>) -> Checked {
    let (longer, dead) = (key("longer"), key("dead"));
    let lease = subject.cache().add_lease(&longer, SHORT).await?;
    let swapped = match lease {
        Some(lease) => subject.swap(&lease, &longer, "data").await?,
        None => false,
    };
    ensure!(3, swapped, "a swap of the lease that is there was refused");
    for lifetime in [SHORT, LONG] {
        subject.cache().put_tombstone(&dead, lifetime).await?;
    }
    tokio::time::sleep(LONGER).await;
    subject.expect_record(6, &longer, "data").await?;
    subject.expect_tombstone(6, &dead).await
}

/// Rule 6: no lifetime is too short or too long, and none is taken for another.
pub async fn lifetimes_of_any_length_are_taken<C: SessionCache>(subject: Subject<C>) -> Checked {
    // Zero is "for ever" to some caches, and over thirty days is a date in 1970.
    for (number, lifetime) in
        [Duration::ZERO, Duration::from_nanos(1), Duration::from_millis(1)].into_iter().enumerate()
    {
        let key = key(&format!("short{number}"));
        subject.cache().add_lease(&key, lifetime).await?;
        subject.expect_absent_soon(6, &key).await?;
    }
    const DAY: u64 = 86_400;
    for (number, lifetime) in [30 * DAY, 30 * DAY + 1, 400 * DAY, 4_294_967_296, u64::MAX]
        .into_iter()
        .map(Duration::from_secs)
        .enumerate()
    {
        let (leased, dead) = (key(&format!("leased{number}")), key(&format!("dead{number}")));
        let lease = subject.cache().add_lease(&leased, lifetime).await?;
        ensure!(6, lease.is_some(), "no lease of {lifetime:?} was taken");
        subject.expect_lease(6, &leased).await?;
        if let Some(lease) = lease {
            let record = subject.record(&leased, "data");
            let swapped = subject.cache().swap(&lease, record, lifetime).await?;
            ensure!(6, swapped, "no record was kept for {lifetime:?}");
        }
        subject.expect_record(6, &leased, "data").await?;
        subject.cache().put_tombstone(&dead, lifetime).await?;
        subject.expect_tombstone(6, &dead).await?;
    }
    Ok(())
}
