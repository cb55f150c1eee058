use super::engine::Engine;
use super::keeping::Keeping;

/// What both sites are told alike.
#[derive(Clone, Debug)]
pub(super) struct Configuration {
    pub(super) engine: Engine,
    pub(super) keeping: Keeping,
    pub(super) database: String,
    pub(super) secret: String,
    /// Keys that are only read with.
    pub(super) fallbacks: Vec<String>,
    /// That of a Django with `USE_TZ = False`.
    pub(super) time_zone: Option<&'static str>,
}

impl Configuration {
    pub(super) fn new(engine: Engine, keeping: Keeping, database: String) -> Self {
        let secret = secret("shared");
        Self { engine, keeping, database, secret, fallbacks: Vec::new(), time_zone: None }
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

    #[must_use]
    pub(super) fn with_key_prefix(mut self, key_prefix: &'static str) -> Self {
        self.keeping = self.keeping.with_key_prefix(key_prefix);
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
