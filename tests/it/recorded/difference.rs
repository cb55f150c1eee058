//! The intended differences from what was recorded.

/// Where Lodger intends to do otherwise.
pub(crate) struct Difference {
    /// The engines, by Django's names.
    engines: &'static [&'static str],
    /// The start, or `*` for any.
    start: &'static str,
    /// The operation.
    operation: &'static str,
    /// Why.
    pub(crate) reason: &'static str,
}

const STORES: &[&str] = &["db", "cache", "cached_db", "file"];
const COOKIES: &[&str] = &["signed_cookies"];
const ALL: &[&str] = &["db", "cache", "cached_db", "file", "signed_cookies"];

const fn difference(
    engines: &'static [&'static str],
    start: &'static str,
    operation: &'static str,
    reason: &'static str,
) -> Difference {
    Difference { engines, start, operation, reason }
}

/// Of the flags.
pub(crate) const DIFFERENCES: &[Difference] = &[
    difference(ALL, "*", "create", "there is no create: it would store an empty record"),
    difference(
        STORES,
        "*",
        "cycle_key",
        "it takes effect at the commit, and makes no empty record",
    ),
    difference(
        COOKIES,
        "fresh",
        "cycle_key",
        "it takes effect at the commit, and signs nothing empty",
    ),
    difference(
        COOKIES,
        "unknown",
        "cycle_key",
        "it takes effect at the commit, and signs nothing empty",
    ),
    difference(ALL, "*", "set_session_key_attr", "an assignment to the key cannot be written"),
    difference(ALL, "fresh", "save", "an empty new session is not stored"),
    difference(ALL, "unknown", "save", "an unknown key with save writes nothing and is no error"),
    difference(
        STORES,
        "unknown",
        "load",
        "loading is no access, and until then the presented key counts",
    ),
    difference(COOKIES, "fresh", "load", "loading makes no session, so there is none to sign"),
    difference(COOKIES, "unknown", "get", "reading a cookie that names nothing makes no new one"),
    difference(
        COOKIES,
        "unknown",
        "set",
        "the key of a cookie that names nothing is not kept until the save",
    ),
    difference(COOKIES, "existing", "delete", "deleting leaves the handle and the cookie alone"),
    difference(COOKIES, "*", "delete_other", "deleting another session leaves this one alone"),
    difference(
        ALL,
        "*",
        "adelete_test_cookie_after_modified_reset",
        "removing the test cookie is a modification in the async twin too",
    ),
];

impl Difference {
    pub(crate) fn is_of(&self, engine: &str, start: &str, operation: &str) -> bool {
        self.engines.contains(&engine)
            && self.operation == operation
            && ["*", start].contains(&self.start)
    }
}

/// The difference that is intended for an operation, if any.
pub(crate) fn intended(engine: &str, start: &str, operation: &str) -> Option<&'static Difference> {
    DIFFERENCES.iter().find(|difference| difference.is_of(engine, start, operation))
}
