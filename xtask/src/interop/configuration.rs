/// What both sites are told alike.
#[derive(Clone, Debug)]
pub(super) struct Configuration {
    pub(super) database: String,
    pub(super) secret: String,
    /// Keys that are only read with.
    pub(super) fallbacks: Vec<String>,
    /// That of a Django with `USE_TZ = False`.
    pub(super) time_zone: Option<&'static str>,
}

impl Configuration {
    pub(super) fn new(database: String) -> Self {
        Self { database, secret: secret("shared"), fallbacks: Vec::new(), time_zone: None }
    }

    #[must_use]
    pub(super) fn with_secret(mut self, secret: String, fallbacks: &[String]) -> Self {
        self.secret = secret;
        self.fallbacks = fallbacks.to_vec();
        self
    }

    #[must_use]
    pub(super) fn with_time_zone(mut self, name: &'static str) -> Self {
        self.time_zone = Some(name);
        self
    }
}

/// A key as long as Django's own, with characters that a shell and a URL mind.
pub(super) fn secret(name: &str) -> String {
    format!("{name} key: $ecret & 'more' than 50 (characters)! = ~^%ü€")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_no_weak_one() {
        assert!(secret("a").chars().count() >= 50);
        assert_ne!(secret("a"), secret("b"));
    }
}
