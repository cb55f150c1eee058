//! Rule 11: keys.

use lodger_core::{Cycled, SessionStore, StoredKey, Swapped, Touched, Version};

use crate::contract::Checked;
use crate::contract::subject::{Subject, key, write};
use crate::contract::violation::ensure;

/// Rule 11: a key that differs in case, accents, blanks or width is another key.
pub async fn keys_compare_exactly<S: SessionStore>(subject: Subject<S>) -> Checked {
    // Of the alphabet that all keys have which Lodger and Django make.
    let held = StoredKey::from("strasseundcafe0123456789abcdefgh".to_owned());
    let version = subject.put_for_version(&held, "data").await?;
    for other in [
        "STRASSEUNDCAFE0123456789ABCDEFGH",
        "Strasseundcafe0123456789abcdefgh",
        "strasseundcafe0123456789abcdefgh ",
        "strasseundcafe0123456789abcdefgh   ",
        "strasseundcafe0123456789abcdefgh\t",
        " strasseundcafe0123456789abcdefgh",
        "strasse-und-cafe-0123456789abcde",
        "strasseundcafé0123456789abcdefgh",
        "strasseundcafe\u{301}0123456789abcdefgh",
        "straßeundcafe0123456789abcdefgh",
        "ﬆrasseundcafe0123456789abcdefgh",
        "strasseundcafe０123456789abcdefgh",
        "strasseundcafe0123456789abcdefg",
        "strasseundcafe0123456789abcdefgh0",
    ] {
        is_absent(&subject, &version, other).await?;
    }
    subject.expect(11, &held, "data", subject.after(3600)).await
}

/// Rule 11: a key of 40 characters is kept whole.
pub async fn a_key_of_40_characters_is_kept<S: SessionStore>(subject: Subject<S>) -> Checked {
    let [first, second] = ["0", "1"]
        .map(|last| StoredKey::from(format!("0123456789abcdefghijklmnopqrstuvwxyzabc{last}")));
    subject.put(&first, "first").await?;
    subject.put(&second, "second").await?;
    subject.expect(11, &first, "first", subject.after(3600)).await?;
    subject.expect(11, &second, "second", subject.after(3600)).await
}

/// Rule 11: a key longer than a store can keep is absent, and no error.
pub async fn an_overlong_key_is_absent<S: SessionStore>(subject: Subject<S>) -> Checked {
    let start = "k".repeat(40);
    let held = StoredKey::from(start.clone());
    let version = subject.put_for_version(&held, "data").await?;
    for length in [41, 127, 255, 256, 1240, 70_000] {
        is_absent(&subject, &version, &"k".repeat(length)).await?;
    }
    // Forty characters and a blank, which a column of forty may cut off.
    is_absent(&subject, &version, &format!("{start} ")).await?;
    is_absent(&subject, &version, &"é".repeat(1240)).await?;
    subject.expect(11, &held, "data", subject.after(3600)).await
}

/// Rule 11: a key that no store would make is absent, and no error, whatever is in it.
pub async fn a_hostile_key_is_absent<S: SessionStore>(subject: Subject<S>) -> Checked {
    let held = key("held");
    let version = subject.put_for_version(&held, "data").await?;
    for hostile in [
        "",
        " ",
        "\0",
        "held\0",
        "heldxxxxxxxxxxxxxxxxxxxxxxxxxxxx\0",
        "held%",
        "held____________________________",
        "*",
        "' OR '1'='1",
        "'; DELETE FROM django_session; --",
        "\\",
        "\"`[]{}()",
        "line\r\nfeed",
        "../../../../etc/passwd",
        "👩‍🚀👩‍🚀👩‍🚀👩‍🚀",
        "\u{feff}held",
        "$1",
        "?",
    ] {
        is_absent(&subject, &version, hostile).await?;
    }
    subject.expect(11, &held, "data", subject.after(3600)).await
}

/// Proves that nothing finds anything under a key, even with the version of another record.
async fn is_absent<S: SessionStore>(
    subject: &Subject<S>,
    version: &Version,
    text: &str,
) -> Checked {
    let absent = StoredKey::from(text.to_owned());
    let new = key("new");
    let (now, end) = (subject.now(), subject.after(9000));
    let loaded = subject.store().load(&absent, now).await?;
    ensure!(11, loaded.is_none(), "{text:.50?} loaded the record of another key");
    let swapped = subject.store().swap(&absent, version, write("new", end), now).await?;
    ensure!(11, matches!(swapped, Swapped::Gone), "{text:.50?} swapped another key");
    let touched = subject.store().touch(&absent, version, end, now).await?;
    ensure!(11, matches!(touched, Touched::Gone), "{text:.50?} touched another key");
    let cycled = subject.store().cycle(&absent, version, &new, write("new", end), now).await?;
    ensure!(11, matches!(cycled, Cycled::Gone), "{text:.50?} cycled another key");
    let deleted = subject.store().delete(&absent).await?;
    ensure!(11, !deleted, "{text:.50?} deleted another key");
    Ok(())
}
