//! Rule 2: leases.

use lodger_core::{SessionCache, Version};

use crate::cache_contract::subject::{LONG, Subject, key};
use crate::contract::Checked;
use crate::contract::check::together;
use crate::contract::violation::ensure;

/// Rule 2: a lease is taken where nothing is, and seen.
pub async fn a_lease_is_taken_where_nothing_is_kept<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    let key = key("leased");
    for _ in 0..3 {
        subject.lease(&key).await?;
        subject.expect_lease(2, &key).await?;
        subject.cache().invalidate(&key).await?;
    }
    Ok(())
}

/// Rule 2: no lease is taken over a lease, a record or a tombstone, which all stay what they are.
pub async fn no_lease_is_taken_where_something_is_kept<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    let (leased, filled, dead) = (key("leased"), key("filled"), key("dead"));
    let lease = subject.lease(&leased).await?;
    subject.fill(&filled, "data").await?;
    subject.cache().put_tombstone(&dead, LONG).await?;
    for key in [&leased, &filled, &dead] {
        let taken = subject.cache().add_lease(key, LONG).await?;
        ensure!(2, taken.is_none(), "a lease was taken where something is kept");
    }
    subject.expect_record(2, &filled, "data").await?;
    subject.expect_tombstone(4, &dead).await?;
    // The first lease still stands.
    let swapped = subject.swap(&lease, &leased, "data").await?;
    ensure!(2, swapped, "a refused lease has taken another one's place");
    Ok(())
}

/// Rule 2: a lease is never taken for another one, be it of the same key.
pub async fn no_two_leases_have_the_same_version<C: SessionCache>(subject: Subject<C>) -> Checked {
    let key = key("leased");
    let mut earlier: Vec<Version> = Vec::new();
    for _ in 0..8 {
        let lease = subject.lease(&key).await?;
        ensure!(2, !earlier.contains(&lease), "two leases have the same version");
        for ended in &earlier {
            let swapped = subject.swap(ended, &key, "stale").await?;
            ensure!(2, !swapped, "a lease that has ended was taken for the one that stands");
        }
        subject.expect_lease(2, &key).await?;
        earlier.push(lease);
        subject.cache().invalidate(&key).await?;
    }
    Ok(())
}

/// Rule 2: of many who want a lease at once, one gets it.
pub async fn of_concurrent_leases_one_is_taken<C: SessionCache>(subject: Subject<C>) -> Checked {
    for round in 0..8 {
        let key = key(&format!("round{round}"));
        let taken = together(8, |_| {
            let (subject, key) = (subject.clone(), key.clone());
            async move { Ok(subject.cache().add_lease(&key, LONG).await?) }
        })
        .await?;
        let leases: Vec<_> = taken.into_iter().flatten().collect();
        ensure!(2, leases.len() == 1, "{} of 8 leases of one key were taken", leases.len());
        let swapped = subject.swap(&leases[0], &key, "data").await?;
        ensure!(2, swapped, "the lease that was taken is not the one that is there");
    }
    Ok(())
}
