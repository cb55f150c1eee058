//! Rule 7: deleting.

use lodger_core::{Cycled, SessionStore, Swapped, Touched};

use super::together;
use crate::contract::Checked;
use crate::contract::subject::{Subject, key, write};
use crate::contract::violation::ensure;

/// Rule 7: what was deleted is absent, seen from any instant.
pub async fn delete_removes_the_record<S: SessionStore>(subject: Subject<S>) -> Checked {
    let (deleted, other) = (key("deleted"), key("other"));
    let end = subject.after(3600);
    subject.put_until(&deleted, "data", end).await?;
    subject.put_until(&other, "data", end).await?;
    ensure!(7, subject.store().delete(&deleted).await?, "nothing to delete was found");
    subject.expect_absent(7, &deleted).await?;
    let before = subject.read_at(&deleted, subject.after(-3600)).await?;
    ensure!(7, before.is_none(), "a deleted record was only hidden");
    subject.expect(7, &other, "data", end).await
}

/// Rule 7: deleting what is not there is no error, and says that there was nothing.
pub async fn delete_is_idempotent<S: SessionStore>(subject: Subject<S>) -> Checked {
    let (never, once) = (key("never"), key("once"));
    ensure!(7, !subject.store().delete(&never).await?, "something was deleted from an empty store");
    subject.put(&once, "data").await?;
    let first = subject.store().delete(&once).await?;
    let second = subject.store().delete(&once).await?;
    ensure!(7, first && !second, "one record was deleted {first} and then {second}");
    Ok(())
}

/// Rule 7: once deleted, no write that states the version it had brings the record back.
pub async fn after_a_delete_no_write_brings_the_record_back<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let (dead, new) = (key("dead"), key("new"));
    let version = subject.put_for_version(&dead, "data").await?;
    subject.store().delete(&dead).await?;
    let end = subject.after(9000);
    for data in ["data", "other"] {
        let put = write(data, end);
        let swapped = subject.store().swap(&dead, &version, put, subject.now()).await?;
        ensure!(7, matches!(swapped, Swapped::Gone), "a swap found a deleted record");
        let put = write(data, end);
        let cycled = subject.store().cycle(&dead, &version, &new, put, subject.now()).await?;
        ensure!(7, matches!(cycled, Cycled::Gone), "a cycle found a deleted record");
        let touched = subject.store().touch(&dead, &version, end, subject.now()).await?;
        ensure!(7, matches!(touched, Touched::Gone), "a touch found a deleted record");
    }
    subject.expect_absent(7, &dead).await?;
    subject.expect_absent(7, &new).await
}

/// Rule 7: a delete in the midst of writes is final once it has returned.
pub async fn a_delete_among_concurrent_writes_is_final<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    for round in 0..8 {
        let (dead, new) = (key(&format!("dead{round}")), key(&format!("new{round}")));
        subject.put(&dead, "data").await?;
        together(6, |task| {
            let (subject, dead, new) = (subject.clone(), dead.clone(), new.clone());
            async move {
                if task == 0 {
                    tokio::task::yield_now().await;
                    subject.store().delete(&dead).await?;
                    return subject.expect_absent(7, &dead).await;
                }
                write_until_gone(&subject, &dead, &new, task).await
            }
        })
        .await?;
        // Every writer has seen it gone, or is done.
        subject.expect_absent(7, &dead).await?;
        if subject.store().delete(&dead).await? {
            ensure!(7, false, "a deleted record came back");
        }
    }
    Ok(())
}

/// Writes to a record until it is gone, at most so often.
async fn write_until_gone<S: SessionStore>(
    subject: &Subject<S>,
    dead: &lodger_core::StoredKey,
    new: &lodger_core::StoredKey,
    task: usize,
) -> Checked {
    let end = subject.after(3600);
    for attempt in 0..200 {
        let loaded = subject.store().load(dead, subject.now()).await?;
        let Some(version) = loaded.and_then(|loaded| loaded.version) else { break };
        let gone = match task {
            1 => {
                let touched = subject.store().touch(dead, &version, end, subject.now()).await?;
                matches!(touched, Touched::Gone)
            }
            // A cycle is a write that may win against the delete, and then the record lives on
            // under its new key; the old one is dead all the same.
            2 if attempt == 3 => {
                let put = write("cycled", end);
                let cycled = subject.store().cycle(dead, &version, new, put, subject.now()).await?;
                matches!(cycled, Cycled::Gone)
            }
            _ => {
                let put = write(&format!("writer {task} attempt {attempt}"), end);
                let swapped = subject.store().swap(dead, &version, put, subject.now()).await?;
                matches!(swapped, Swapped::Gone)
            }
        };
        if gone {
            break;
        }
        tokio::task::yield_now().await;
    }
    Ok(())
}
