//! What a commit stands on where something else is stored than it was made for: policy, without IO.

use lodger_core::session::RESERVED_FIELD;
use lodger_core::{OnConflict, SessionDict};

use crate::group::Base;

/// What a commit stands on, or why on nothing.
pub(crate) enum Standing {
    /// On this: try again.
    On(Base),
    /// Its request loaded something else.
    Changed,
    /// Others renewed the session with their change.
    Renewed,
    /// What is stored cannot be read and is to be left alone.
    Unreadable,
}

/// Where a commit made for `base` stands once `stored` was found (`None`: what cannot be read). `renews`:
/// it changes nothing but the expiry.
pub(crate) fn stand(mode: OnConflict, base: &Base, stored: Option<Base>, renews: bool) -> Standing {
    match (mode, stored) {
        (OnConflict::Strict, Some(stored)) if is_same(&base.dict, &stored.dict) => {
            Standing::On(stored)
        }
        (OnConflict::Strict, _) if renews => Standing::Renewed,
        (OnConflict::Strict, _) => Standing::Changed,
        (OnConflict::LastWriteWins, Some(stored)) if !renews => {
            let mut dict = base.dict.clone();
            // When the session began is not the handler's to say.
            if let Some(began) = stored.dict.get_json(RESERVED_FIELD) {
                dict.insert_json(RESERVED_FIELD, began.clone());
            }
            Standing::On(Base { dict, ..stored })
        }
        (_, Some(stored)) => Standing::On(stored),
        (_, None) => Standing::Unreadable,
    }
}

/// Whether an application sees the same in both.
fn is_same(one: &SessionDict, other: &SessionDict) -> bool {
    let seen = |dict: &SessionDict| {
        let mut dict = dict.clone();
        dict.remove(RESERVED_FIELD);
        dict
    };
    seen(one) == seen(other)
}

#[cfg(test)]
mod tests {
    use lodger_core::{StoredKey, Version};

    use super::*;

    fn base(json: &str, version: u64) -> Base {
        Base {
            place: StoredKey::from(String::from("anywhere")),
            version: Some(Version::from_number(version)),
            stamp: None,
            expire_date: None,
            dict: SessionDict::parse(json, 10).unwrap(),
        }
    }

    /// Where a commit made for the first text stands if the second is stored; always on the version
    /// that was found.
    fn stands(mode: OnConflict, [loaded, stored]: [&str; 2], renews: bool) -> String {
        let stored = (stored != "?").then(|| base(stored, 2));
        match stand(mode, &base(loaded, 1), stored, renews) {
            Standing::On(base) => {
                assert_eq!(base.version, Some(Version::from_number(2)));
                base.dict.to_json()
            }
            Standing::Changed => "changed".into(),
            Standing::Renewed => "renewed".into(),
            Standing::Unreadable => "unreadable".into(),
        }
    }

    /// Promise 5
    #[test]
    fn each_mode_stands_on_its_own_ground() {
        use OnConflict::{LastWriteWins, Merge, Strict};
        const A: &str = r#"{"a":1}"#;
        const B: &str = r#"{"b":1}"#;
        const BEGAN: &str = r#"{"a":1,"_lodger":{"since":1}}"#;
        let both_ways = [
            (Merge, [A, B], [B, B]),
            (Merge, [A, "?"], ["unreadable", "unreadable"]),
            (Strict, [A, A], [A, A]),
            (Strict, [r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#], [r#"{"b":2,"a":1}"#; 2]),
            (Strict, [A, BEGAN], [BEGAN, BEGAN]),
            (Strict, [BEGAN, A], [A, A]),
            (Strict, [A, B], ["changed", "renewed"]),
            (Strict, [A, "{}"], ["changed", "renewed"]),
            (Strict, [A, "?"], ["changed", "renewed"]),
            (LastWriteWins, [A, B], [A, B]),
            (LastWriteWins, ["{}", B], ["{}", B]),
            (LastWriteWins, [A, BEGAN], [BEGAN, BEGAN]),
            (LastWriteWins, [A, "?"], ["unreadable", "unreadable"]),
        ];
        for (mode, found, [changes, renews]) in both_ways {
            assert_eq!(stands(mode, found, false), changes, "{mode:?} {found:?}");
            assert_eq!(stands(mode, found, true), renews, "{mode:?} {found:?}, a renewal");
        }
    }
}
