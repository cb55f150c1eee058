//! Rule 7: keys.

use lodger_core::{SessionCache, StoredKey};

use crate::cache_contract::subject::{LONG, Subject, key};
use crate::contract::Checked;

/// Rule 7: a key that differs in case, blanks or length is another key.
pub async fn keys_compare_exactly<C: SessionCache>(subject: Subject<C>) -> Checked {
    let held = StoredKey::from("strasseundcafe0123456789abcdefgh".to_owned());
    subject.fill(&held, "data").await?;
    for other in [
        "STRASSEUNDCAFE0123456789ABCDEFGH",
        "strasseundcafe0123456789abcdefgh ",
        " strasseundcafe0123456789abcdefgh",
        "strasseundcafé0123456789abcdefgh",
        "strasseundcafe0123456789abcdefg",
        "strasseundcafe0123456789abcdefgh0",
    ] {
        is_another(&subject, other).await?;
    }
    subject.expect_record(7, &held, "data").await?;
    Ok(())
}

/// Rule 7: whatever is in a key, it is no error to look for it, and it touches no other key.
pub async fn a_hostile_key_is_no_other_key<C: SessionCache>(subject: Subject<C>) -> Checked {
    let held = key("held");
    subject.fill(&held, "data").await?;
    let long = "k".repeat(70_000);
    for hostile in [
        "",
        " ",
        "\0",
        "heldxxxxxxxxxxxxxxxxxxxxxxxxxxxx\0",
        "heldxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\nflush_all",
        "heldxxxxxxxxxxxxxxxxxxxxxxxxxxxx 0 0 1\r\n1\r\n",
        "line\r\nfeed",
        "*",
        "\"`[]{}()",
        "../../etc/passwd",
        "👩‍🚀👩‍🚀👩‍🚀👩‍🚀",
        &long,
    ] {
        is_another(&subject, hostile).await?;
    }
    subject.expect_record(7, &held, "data").await?;
    Ok(())
}

/// Does everything to a key that would be seen on another one. A cache that cannot keep it need not.
async fn is_another<C: SessionCache>(subject: &Subject<C>, text: &str) -> Checked {
    let other = StoredKey::from(text.to_owned());
    subject.expect_absent(7, &other).await?;
    if let Some(lease) = subject.cache().add_lease(&other, LONG).await? {
        subject.swap(&lease, &other, "other").await?;
    }
    subject.cache().invalidate(&other).await?;
    subject.expect_absent(7, &other).await?;
    subject.cache().put_tombstone(&other, LONG).await?;
    Ok(())
}
