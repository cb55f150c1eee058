//! Rule 5: invalidating.

use lodger_core::SessionCache;

use crate::cache_contract::subject::{Subject, key};
use crate::contract::Checked;
use crate::contract::check::together;
use crate::contract::violation::ensure;

/// Rule 5: what an invalidation finds, it removes; where nothing is, it changes nothing.
pub async fn an_invalidation_removes_record_and_lease<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    let (empty, leased, filled, other) = (key("empty"), key("leased"), key("filled"), key("other"));
    subject.lease(&leased).await?;
    subject.fill(&filled, "data").await?;
    subject.fill(&other, "other data").await?;
    for key in [&empty, &leased, &filled] {
        for _ in 0..2 {
            subject.cache().invalidate(key).await?;
            subject.expect_absent(5, key).await?;
        }
        // The place is free again.
        subject.fill(key, "new").await?;
    }
    subject.expect_record(5, &other, "other data").await?;
    Ok(())
}

/// Rule 5: a swap that states what was invalidated writes nothing, whatever has been put there since.
pub async fn after_an_invalidation_no_swap_writes<C: SessionCache>(subject: Subject<C>) -> Checked {
    let (leased, filled) = (key("leased"), key("filled"));
    let versions = [subject.lease(&leased).await?, subject.fill(&filled, "data").await?];
    for (key, version) in [&leased, &filled].into_iter().zip(&versions) {
        subject.cache().invalidate(key).await?;
        let swapped = subject.swap(version, key, "stale").await?;
        ensure!(5, !swapped, "a swap of what was invalidated says that it has written");
        subject.expect_absent(5, key).await?;
        subject.lease(key).await?;
        let swapped = subject.swap(version, key, "stale").await?;
        ensure!(5, !swapped, "a swap of what was invalidated has filled a later lease");
        subject.expect_lease(5, key).await?;
    }
    Ok(())
}

/// Rule 5: whoever is faster, a swap or an invalidation: the record is gone in the end.
pub async fn an_invalidation_among_concurrent_swaps_is_final<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    for round in 0..16 {
        let key = key(&format!("round{round}"));
        let lease = subject.lease(&key).await?;
        together(4, |caller| {
            let (subject, key, lease) = (subject.clone(), key.clone(), lease.clone());
            async move {
                if (caller + round) % 4 == 0 {
                    subject.cache().invalidate(&key).await?;
                } else {
                    subject.swap(&lease, &key, &format!("caller {caller}")).await?;
                }
                Ok(())
            }
        })
        .await?;
        subject.expect_absent(5, &key).await?;
    }
    Ok(())
}
