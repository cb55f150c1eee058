//! Rule 3: swapping.

use lodger_core::SessionCache;

use crate::cache_contract::subject::{Subject, key};
use crate::contract::check::together;
use crate::contract::violation::ensure;
use crate::contract::{Checked, Violation};

/// Rule 3: a record takes the place of the lease whose version is stated.
pub async fn a_swap_fills_its_lease<C: SessionCache>(subject: Subject<C>) -> Checked {
    let key = key("filled");
    let lease = subject.lease(&key).await?;
    let swapped = subject.swap(&lease, &key, "data").await?;
    ensure!(3, swapped, "a swap of the lease that is there was refused");
    subject.expect_record(3, &key, "data").await?;
    // The lease is used up.
    let swapped = subject.swap(&lease, &key, "again").await?;
    ensure!(3, !swapped, "a lease was filled twice");
    subject.expect_record(3, &key, "data").await?;
    Ok(())
}

/// Rule 3: a record takes the place of another, again and again.
pub async fn a_swap_replaces_the_record_of_its_version<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    let key = key("replaced");
    let mut version = subject.fill(&key, "data 0").await?;
    for round in 1..5 {
        let data = format!("data {round}");
        let swapped = subject.swap(&version, &key, &data).await?;
        ensure!(3, swapped, "swap {round} of its version was refused");
        version = subject.expect_record(3, &key, &data).await?;
    }
    Ok(())
}

/// Rule 3: a swap that states an older record writes nothing.
pub async fn a_stale_swap_writes_nothing<C: SessionCache>(subject: Subject<C>) -> Checked {
    let key = key("moved");
    let stale = subject.fill(&key, "first").await?;
    let swapped = subject.swap(&stale, &key, "second").await?;
    ensure!(3, swapped, "a swap of its version was refused");
    let swapped = subject.swap(&stale, &key, "third").await?;
    ensure!(3, !swapped, "a stale swap says that it has written");
    subject.expect_record(3, &key, "second").await?;
    Ok(())
}

/// Rule 3: a swap writes nothing where nothing is.
pub async fn a_swap_of_what_is_absent_writes_nothing<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    let (gone, never) = (key("gone"), key("never"));
    let version = subject.fill(&gone, "data").await?;
    subject.cache().invalidate(&gone).await?;
    for key in [&gone, &never] {
        let swapped = subject.swap(&version, key, "new").await?;
        ensure!(3, !swapped, "a swap found what is not there");
        subject.expect_absent(3, key).await?;
    }
    Ok(())
}

/// Rules 3 and 7: the lease of one key is none of another.
pub async fn a_swap_takes_no_other_key<C: SessionCache>(subject: Subject<C>) -> Checked {
    let (first, second) = (key("first"), key("second"));
    let [one, two] = [subject.lease(&first).await?, subject.lease(&second).await?];
    for (lease, other) in [(&one, &second), (&two, &first)] {
        let swapped = subject.swap(lease, other, "crossed").await?;
        ensure!(3, !swapped, "the lease of another key was filled");
        subject.expect_lease(3, other).await?;
    }
    let filled = subject.swap(&one, &first, "1").await? && subject.swap(&two, &second, "2").await?;
    ensure!(3, filled, "a swap of the lease that is there was refused");
    Ok(())
}

/// Rule 3: of many that state one version at once, one writes.
pub async fn of_concurrent_swaps_of_one_version_one_succeeds<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    let key = key("contended");
    let mut version = subject.lease(&key).await?;
    for round in 0..8 {
        let results = together(8, |writer| {
            let (subject, key, version) = (subject.clone(), key.clone(), version.clone());
            let data = format!("round {round} writer {writer}");
            async move { subject.swap(&version, &key, &data).await }
        })
        .await?;
        let winners: Vec<_> = (0..).zip(results).filter(|(_, swapped)| *swapped).collect();
        let [(winner, _)] = winners[..] else {
            let many = winners.len();
            return Err(Violation::new(3, format!("{many} of 8 swaps of one version succeeded")));
        };
        let data = format!("round {round} writer {winner}");
        version = subject.expect_record(3, &key, &data).await?;
    }
    Ok(())
}
