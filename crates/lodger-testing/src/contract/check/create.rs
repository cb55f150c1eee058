//! Rule 3: creating.

use lodger_core::{Created, SessionStore, Swapped};

use super::together;
use crate::contract::Checked;
use crate::contract::subject::{Subject, key, record, write};
use crate::contract::violation::ensure;

/// Rule 3: what was created is there, and its version, if one was given, is that of the record.
pub async fn create_stores_what_it_is_given<S: SessionStore>(subject: Subject<S>) -> Checked {
    let key = key("created");
    let end = subject.after(3600);
    let (record, fields) = record(&key, "data", end);
    let created = subject.store().create(record, fields, subject.now()).await?;
    ensure!(3, matches!(created, Created::Created(_)), "an empty store had no room for a key");
    subject.expect(3, &key, "data", end).await?;
    if let Created::Created(Some(version)) = created {
        let write = write("new", end);
        let swapped = subject.store().swap(&key, &version, write, subject.now()).await?;
        ensure!(4, matches!(swapped, Swapped::Swapped(_)), "the version given was another one");
    }
    Ok(())
}

/// Rule 3: a live record is not overwritten.
pub async fn create_never_overwrites_a_live_record<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let key = key("live");
    subject.put(&key, "old").await?;
    let (record, fields) = record(&key, "new", subject.after(9000));
    let created = subject.store().create(record, fields, subject.now()).await?;
    ensure!(3, created == Created::Taken, "the key of a live record was given again");
    subject.expect(3, &key, "old", subject.after(3600)).await
}

/// Rule 3: an expired record either holds its key, and is not overwritten, or gives it up.
pub async fn create_never_overwrites_an_expired_record<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let key = key("expired");
    let (first, second) = (subject.after(3600), subject.after(9000));
    subject.put_until(&key, "old", first).await?;
    let (record, fields) = record(&key, "new", second);
    match subject.store().create(record, fields, first).await? {
        // Seen from before its end, the record must be what it was.
        Created::Taken => subject.expect(3, &key, "old", first).await,
        Created::Created(_) => subject.expect(3, &key, "new", second).await,
    }
}

/// Rule 3: of concurrent creations of one key one succeeds, and its data are there.
pub async fn of_concurrent_creations_of_one_key_one_succeeds<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    for round in 0..8 {
        let key = key(&format!("round{round}"));
        let end = subject.after(3600);
        let results = together(8, |writer| {
            let (subject, key) = (subject.clone(), key.clone());
            async move {
                let (record, fields) = record(&key, &format!("writer {writer}"), end);
                Ok(subject.store().create(record, fields, subject.now()).await? != Created::Taken)
            }
        })
        .await?;
        let winners: Vec<_> = (0..).zip(results).filter(|(_, created)| *created).collect();
        ensure!(3, winners.len() == 1, "{} of 8 creations of one key succeeded", winners.len());
        subject.expect(3, &key, &format!("writer {}", winners[0].0), end).await?;
    }
    Ok(())
}
