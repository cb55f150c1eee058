//! Rules 4 and 5: what is stored comes back as it was.

use lodger_core::{SessionStore, Swapped, Timestamp, Touched};

use crate::contract::subject::{Subject, key, write};
use crate::contract::violation::ensure;
use crate::contract::{Checked, Violation};

/// Texts that a store may change when it takes them for anything else than text.
const TEXTS: [&str; 18] = [
    "",
    " ",
    "text",
    "TEXT",
    "text ",
    " text",
    "text\t",
    "text\n",
    "text\r\n",
    "'single' \"double\" `back` ´acute´",
    "back\\slash \\n \\0 \\' \\\\",
    "$1 ? ?1 :name @name %s {}",
    "te\u{301}xt",
    "t\u{e9}xt",
    "ß ſ ss ﬁ ｆｕｌｌ",
    "𝄞 👩‍🚀 🏴‍☠️ \u{10ffff}",
    "\u{1}\u{1f}\u{7f}\u{85}\u{2028}\u{feff}",
    ".eJyrVkpUsjLUUSpOLVayKkktLgEAMWoFTg:1r1xyz:AbC-_0123456789",
];

/// Rule 4: a text comes back as it was, from a creation and from a swap.
pub async fn data_come_back_exactly<S: SessionStore>(subject: Subject<S>) -> Checked {
    let end = subject.after(3600);
    for (number, text) in TEXTS.iter().enumerate() {
        let (created, swapped) = (key(&format!("created{number}")), key(&format!("swap{number}")));
        subject.put_until(&created, text, end).await?;
        subject.expect(4, &created, text, end).await?;
        let version = subject.put_for_version(&swapped, "before").await?;
        subject.store().swap(&swapped, &version, write(text, end), subject.now()).await?;
        subject.expect(4, &swapped, text, end).await?;
    }
    Ok(())
}

/// Rule 4: a mebibyte comes back, and can be swapped away.
pub async fn data_of_a_mebibyte_come_back<S: SessionStore>(subject: Subject<S>) -> Checked {
    let key = key("large");
    let end = subject.after(3600);
    let text: String = ('a'..='z').cycle().take(1 << 20).collect();
    let version = subject.put_for_version(&key, &text).await?;
    subject.expect(4, &key, &text, end).await?;
    let other: String = ('A'..='Z').cycle().take(1 << 20).collect();
    let swapped = subject.store().swap(&key, &version, write(&other, end), subject.now()).await?;
    ensure!(4, matches!(swapped, Swapped::Swapped(_)), "a swap of its version was refused");
    subject.expect(4, &key, &other, end).await
}

/// Rule 4: versions tell texts apart that differ in case, blanks or accents only.
pub async fn versions_tell_similar_texts_apart<S: SessionStore>(subject: Subject<S>) -> Checked {
    let end = subject.after(3600);
    let similar = [("text", "TEXT"), ("text", "text "), ("text", "téxt"), ("ss", "ß")];
    for (number, (first, second)) in similar.into_iter().enumerate() {
        let key = key(&format!("similar{number}"));
        let stale = subject.put_for_version(&key, first).await?;
        let swapped = subject.store().swap(&key, &stale, write(second, end), subject.now()).await?;
        ensure!(4, matches!(swapped, Swapped::Swapped(_)), "a swap of its version was refused");
        let swapped =
            subject.store().swap(&key, &stale, write("third", end), subject.now()).await?;
        ensure!(4, matches!(swapped, Swapped::Moved(_)), "{first:?} was taken for {second:?}");
        let touched = subject.store().touch(&key, &stale, subject.after(60), subject.now()).await?;
        ensure!(4, matches!(touched, Touched::Moved(_)), "{first:?} was taken for {second:?}");
        subject.expect(4, &key, second, end).await?;
    }
    Ok(())
}

/// Rule 1: an `expire_date` comes back to the microsecond, or to what the store says it keeps.
pub async fn an_expire_date_is_kept_to_the_microsecond<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let base = subject.after(3600).as_secs() * 1_000_000;
    for micros in [0, 1, 10, 123_456, 500_000, 999_999] {
        let key = key(&format!("micros{micros}"));
        let given = Timestamp::from_micros(base + micros);
        subject.put_until(&key, "data", given).await?;
        let Some((_, kept)) = subject.read(&key).await? else {
            return Err(Violation::new(1, "a live record was not found"));
        };
        let off = (kept - given).as_micros().abs();
        ensure!(1, off < subject.precision().as_micros(), "an instant was moved by {off} µs");
    }
    Ok(())
}

/// Rule 1: a date as far in the future as the calendar goes is kept; one far in the past is no error,
/// and the record has ended.
pub async fn dates_at_the_ends_of_the_calendar_are_kept<S: SessionStore>(
    subject: Subject<S>,
) -> Checked {
    let last = Timestamp::from_secs(subject.last_date().as_secs());
    // 2038-01-19 and 2106-02-07, where counts of seconds in 32 bits end; the end of the year 9999.
    let seconds = [2_147_483_647, 2_147_483_648, 4_294_967_296].map(Timestamp::from_secs);
    for (number, date) in seconds.into_iter().chain([last]).enumerate() {
        let key = key(&format!("future{number}"));
        subject.put_until(&key, "data", date).await?;
        subject.expect(1, &key, "data", date).await?;
    }
    if last < Timestamp::from_secs(Timestamp::MAX.as_secs()) {
        let key = key("later");
        subject.put_until(&key, "data", Timestamp::MAX).await?;
        let found = subject.read(&key).await?.is_some_and(|(_, date)| date >= last);
        ensure!(1, found, "a date too late to be kept was not taken for the last one");
    }
    let past = [Timestamp::MIN, Timestamp::from_secs(-1), Timestamp::from_secs(0)];
    for (number, date) in past.into_iter().enumerate() {
        let key = key(&format!("past{number}"));
        subject.put_until(&key, "data", date).await?;
        subject.expect_absent(1, &key).await?;
        subject.store().delete(&key).await?;
    }
    Ok(())
}
