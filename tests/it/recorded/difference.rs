//! The intended differences from what was recorded.

/// Where Lodger intends to do otherwise.
pub(crate) struct Difference {
    /// The start, or `*` for any.
    pub(crate) start: &'static str,
    /// The operation.
    pub(crate) operation: &'static str,
    /// Why.
    pub(crate) reason: &'static str,
}

const fn difference(
    start: &'static str,
    operation: &'static str,
    reason: &'static str,
) -> Difference {
    Difference { start, operation, reason }
}

/// Of the flags.
pub(crate) const DIFFERENCES: &[Difference] = &[
    difference("*", "create", "there is no create: it would store an empty record"),
    difference("*", "cycle_key", "it takes effect at the commit, and makes no empty record"),
    difference("*", "set_session_key_attr", "an assignment to the key cannot be written"),
    difference("fresh", "save", "an empty new session is not stored"),
    difference("unknown", "save", "an unknown key with save writes nothing and is no error"),
    difference("unknown", "load", "loading is no access, and until then the presented key counts"),
    difference(
        "*",
        "adelete_test_cookie_after_modified_reset",
        "removing the test cookie is a modification in the async twin too",
    ),
];

/// The difference that is intended for an operation, if any.
pub(crate) fn intended(start: &str, operation: &str) -> Option<&'static Difference> {
    DIFFERENCES.iter().find(|difference| {
        difference.operation == operation && ["*", start].contains(&difference.start)
    })
}
