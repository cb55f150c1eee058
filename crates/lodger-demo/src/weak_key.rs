//! Keys that can be guessed.

use std::collections::BTreeSet;

/// What a project made by `django-admin startproject` begins its key with.
const INSECURE_PREFIX: &str = "django-insecure-";
const MIN_LENGTH: usize = 50;
const MIN_DISTINCT: usize = 5;

/// Why a secret key is weak; `None` for one that is not.
///
/// # Django
///
/// The check `security.W009`, and `security.W025` for fallbacks.
pub(crate) fn weakness(key: &str) -> Option<&'static str> {
    if key.starts_with(INSECURE_PREFIX) {
        Some("it begins with django-insecure-")
    } else if key.chars().count() < MIN_LENGTH {
        Some("it has fewer than 50 characters")
    } else if key.chars().collect::<BTreeSet<_>>().len() < MIN_DISTINCT {
        Some("it has fewer than 5 different characters")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_draws_the_line_where_django_does() {
        let strong = "abcde".repeat(10);
        assert_eq!(weakness(&strong), None);
        assert!(weakness(&strong[1..]).is_some());
        assert!(weakness(&"abcd".repeat(20)).is_some());
        assert!(weakness(&format!("django-insecure-{strong}")).is_some());
        assert!(weakness("").is_some());
    }

    #[test]
    fn characters_count_and_not_bytes() {
        assert!(weakness(&"äöüßé".repeat(9)).is_some());
        assert_eq!(weakness(&"äöüßé".repeat(10)), None);
    }
}
