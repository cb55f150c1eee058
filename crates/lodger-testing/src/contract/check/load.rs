//! Rules 1 and 2: what is live, and loading it.

use lodger_core::{Created, Cycled, SessionStore, Swapped, Touched};

use crate::contract::subject::{Subject, key, record, write};
use crate::contract::violation::ensure;
use crate::contract::{Checked, Violation};

/// Rule 1: a record is live until just before its `expire_date`, on a whole second or between two.
pub async fn a_record_ends_at_its_expire_date<S: SessionStore>(subject: Subject<S>) -> Checked {
    let whole = lodger_core::Timestamp::from_secs(subject.after(3600).as_secs());
    for (name, end) in [("fraction", subject.after(3600)), ("whole", whole)] {
        let key = key(name);
        subject.put_until(&key, "data", end).await?;
        let step = subject.precision();
        for (live, now) in [(true, end - step), (false, end), (false, end + step)] {
            let found = subject.read_at(&key, now).await?.is_some();
            ensure!(1, found == live, "found: {found}, live: {live}, {:?} from its end", now - end);
        }
    }
    Ok(())
}

/// Rule 1: an expired record is absent to `swap`, `touch` and `cycle`, and they write nothing.
pub async fn an_expired_record_is_absent_to_every_write<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let (old, new) = (key("old"), key("new"));
    let end = subject.after(3600);
    subject.put_until(&old, "data", end).await?;
    let version = subject.version(&old).await?;
    let later = subject.after(9000);
    for now in [end, end + subject.precision(), end + lodger_core::Span::from_secs(60)] {
        let swapped = subject.store().swap(&old, &version, write("new", later), now).await?;
        ensure!(1, matches!(swapped, Swapped::Gone), "swap found an expired record");
        let touched = subject.store().touch(&old, &version, later, now).await?;
        ensure!(1, matches!(touched, Touched::Gone), "touch found an expired record");
        let write = write("new", later);
        let cycled = subject.store().cycle(&old, &version, &new, write, now).await?;
        ensure!(1, matches!(cycled, Cycled::Gone), "cycle found an expired record");
    }
    // Seen from before its end the record must be what it was.
    subject.expect(1, &old, "data", end).await?;
    subject.expect_absent(1, &new).await
}

/// Rule 2: loading what is not there creates nothing.
pub async fn load_never_creates<S: SessionStore>(subject: Subject<S>) -> Checked {
    let key = key("unknown");
    for _ in 0..2 {
        let loaded = subject.store().load(&key, subject.now()).await?;
        ensure!(2, loaded.is_none(), "something was loaded from an empty store");
    }
    let (record, fields) = record(&key, "data", subject.after(3600));
    match subject.store().create(record, fields, subject.now()).await? {
        Created::Created(_) => Ok(()),
        Created::Taken => Err(Violation::new(2, "loading an unknown key has taken it")),
    }
}

/// Rule 2: loading a record, live or expired, changes and deletes nothing.
pub async fn load_never_changes_or_deletes<S: SessionStore>(subject: Subject<S>) -> Checked {
    let key = key("held");
    let end = subject.after(3600);
    subject.put_until(&key, "data", end).await?;
    let version = subject.version(&key).await?;
    for _ in 0..2 {
        subject.expect(2, &key, "data", end).await?;
        ensure!(1, subject.read_at(&key, end).await?.is_none(), "an expired record was loaded");
    }
    let write = write("new", end);
    let swapped = subject.store().swap(&key, &version, write, subject.now()).await?;
    ensure!(2, matches!(swapped, Swapped::Swapped(_)), "loading has moved the version");
    Ok(())
}
