//! Rule 1: looking.

use std::time::Duration;

use lodger_core::SessionCache;

use crate::cache_contract::subject::{Subject, key};
use crate::contract::Checked;

/// Rule 1: a key that nobody put anything under is absent, and looking puts nothing there.
pub async fn what_was_never_there_is_absent<C: SessionCache>(subject: Subject<C>) -> Checked {
    let key = key("unknown");
    for _ in 0..2 {
        subject.expect_absent(1, &key).await?;
    }
    subject.lease(&key).await?;
    Ok(())
}

/// Rule 1: what was taken away stays away, while nobody puts anything there.
pub async fn what_is_gone_does_not_come_back<C: SessionCache>(subject: Subject<C>) -> Checked {
    let (record, lease) = (key("record"), key("lease"));
    subject.fill(&record, "data").await?;
    subject.lease(&lease).await?;
    for key in [&record, &lease] {
        subject.cache().invalidate(key).await?;
    }
    for _ in 0..10 {
        for key in [&record, &lease] {
            subject.expect_absent(1, key).await?;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
