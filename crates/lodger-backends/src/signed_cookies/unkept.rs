//! What cannot be promised.

/// One of Lodger's promises that does not hold, by its number in `docs/promises.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnkeptPromise {
    /// Its number.
    pub number: u8,
    /// What happens instead.
    pub why: &'static str,
}

const fn promise(number: u8, why: &'static str) -> UnkeptPromise {
    UnkeptPromise { number, why }
}

const REVOCATION: UnkeptPromise =
    promise(3, "a copied cookie is read until its age is over, logout or not");
const RESURRECTION: UnkeptPromise =
    promise(4, "a response that set out before a logout can bring its cookie afterwards");
const LATE_COOKIE: UnkeptPromise = promise(
    4,
    "a save that overlaps with a logout or a change of key can set a cookie that is never read again",
);
const UPDATES: UnkeptPromise =
    promise(5, "of concurrent requests the response that arrives last wins whole");
const CYCLING: UnkeptPromise =
    promise(6, "the cookie from before a change of key is read until its age is over");
const KEYS: UnkeptPromise =
    promise(7, "equal data that are signed in the same second make equal cookies");
const EXPIRY: UnkeptPromise =
    promise(8, "a session's own expiry ends its cookie at the browser, and nothing here");

/// What an engine with or without a revocation list, and the session's own expiry, cannot promise.
pub(super) fn unkept(listed: bool, own_expiry: bool) -> Vec<UnkeptPromise> {
    let mut unkept = if listed {
        vec![LATE_COOKIE, UPDATES]
    } else {
        vec![REVOCATION, RESURRECTION, UPDATES, CYCLING, KEYS]
    };
    if !own_expiry {
        unkept.push(EXPIRY);
    }
    unkept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_gives_back_revocation_cycling_and_keys_and_own_expiry_the_last() {
        let numbers = |listed, own_expiry| -> Vec<u8> {
            unkept(listed, own_expiry).iter().map(|unkept| unkept.number).collect()
        };
        assert_eq!(numbers(false, false), [3, 4, 5, 6, 7, 8]);
        assert_eq!(numbers(true, false), [4, 5, 8]);
        assert_eq!(numbers(false, true), [3, 4, 5, 6, 7]);
        assert_eq!(numbers(true, true), [4, 5]);
    }
}
