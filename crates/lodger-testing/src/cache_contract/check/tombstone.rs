//! Rule 4: tombstones.

use lodger_core::SessionCache;

use crate::cache_contract::subject::{LONG, Subject, key};
use crate::contract::Checked;
use crate::contract::check::together;
use crate::contract::violation::ensure;

/// Rule 4: a tombstone takes the place of nothing, a lease, a record and a tombstone.
pub async fn a_tombstone_takes_the_place_of_anything<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    let (empty, leased, filled) = (key("empty"), key("leased"), key("filled"));
    subject.lease(&leased).await?;
    subject.fill(&filled, "data").await?;
    for key in [&empty, &leased, &filled] {
        for _ in 0..2 {
            subject.cache().put_tombstone(key, LONG).await?;
            subject.expect_tombstone(4, key).await?;
        }
    }
    Ok(())
}

/// Rule 4: neither a lease nor a swap nor an invalidation takes a tombstone away.
pub async fn a_tombstone_withstands_everything_else<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    let (leased, filled) = (key("leased"), key("filled"));
    let versions = [subject.lease(&leased).await?, subject.fill(&filled, "data").await?];
    for (key, version) in [&leased, &filled].into_iter().zip(&versions) {
        subject.cache().put_tombstone(key, LONG).await?;
        let taken = subject.cache().add_lease(key, LONG).await?;
        ensure!(4, taken.is_none(), "a lease was taken over a tombstone");
        let swapped = subject.swap(version, key, "resurrected").await?;
        ensure!(4, !swapped, "a swap of what was before says that it has written");
        subject.expect_tombstone(4, key).await?;
        subject.cache().invalidate(key).await?;
        subject.expect_tombstone(4, key).await?;
    }
    Ok(())
}

/// Rule 4: a tombstone that is put among leases, swaps and invalidations is there in the end.
pub async fn a_tombstone_among_concurrent_calls_is_final<C: SessionCache>(
    subject: Subject<C>,
) -> Checked {
    for round in 0..16 {
        let key = key(&format!("round{round}"));
        let version = subject.fill(&key, "before").await?;
        // Who is likely to be first changes from round to round.
        together(5, |caller| {
            let (subject, key, version) = (subject.clone(), key.clone(), version.clone());
            async move {
                match (caller + round) % 5 {
                    0 => subject.cache().put_tombstone(&key, LONG).await?,
                    1 | 2 => subject.cache().invalidate(&key).await?,
                    3 => drop(subject.swap(&version, &key, "swapped").await?),
                    _ => {
                        if let Some(lease) = subject.cache().add_lease(&key, LONG).await? {
                            subject.swap(&lease, &key, "filled").await?;
                        }
                    }
                }
                Ok(())
            }
        })
        .await?;
        subject.expect_tombstone(4, &key).await?;
    }
    Ok(())
}
