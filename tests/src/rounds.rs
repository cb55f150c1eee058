//! How long the tests go on that repeat something.

/// The variable of the environment that says it.
const VARIABLE: &str = "LODGER_ROUNDS";

/// How often something is repeated that a race needs to be seen: what `LODGER_ROUNDS` says, 20 unless
/// told otherwise.
///
/// # Panics
///
/// When it is no number.
#[must_use]
pub fn rounds() -> usize {
    std::env::var(VARIABLE).map_or(20, |rounds| rounds.parse().expect("LODGER_ROUNDS is a number"))
}
