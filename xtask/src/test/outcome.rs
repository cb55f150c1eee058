/// How one test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The package, and whether it was one of its doc tests.
    pub(crate) suite: String,
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed,
    /// With the reason.
    Skipped(String),
}

const BACKENDS: [&str; 10] = [
    "memory",
    "sqlite",
    "postgres",
    "mariadb",
    "redis",
    "redis_cluster",
    "memcached",
    "cached_db",
    "file",
    "signed_cookies",
];

impl Outcome {
    pub(crate) fn new(suite: &str, name: &str, verdict: Verdict) -> Self {
        Self { suite: suite.to_owned(), name: name.to_owned(), verdict }
    }

    /// The backend that the test is for, or `-`; several if it stands on several.
    pub(crate) fn backend(&self) -> String {
        backend(&self.name)
    }
}

fn backend(name: &str) -> String {
    let named: Vec<&str> = name.split("::").filter(|segment| BACKENDS.contains(segment)).collect();
    if named.is_empty() { "-".to_owned() } else { named.join(" ") }
}

/// Turns the passed tests of one suite into skipped ones that said so themselves, a line
/// `name: reason` each.
pub(crate) fn apply_skips(outcomes: &mut [Outcome], lines: &str) {
    let mut seen = Vec::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let (name, reason) = line.split_once(": ").unwrap_or((line, "no reason given"));
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        if let Some(outcome) = skipped_test(outcomes, name) {
            outcome.verdict = Verdict::Skipped(reason.to_owned());
        }
    }
}

/// The passed test that a skip is about. A name that is not there (a test thread may be called
/// otherwise) still costs some test of its backend its "passed".
fn skipped_test<'a>(outcomes: &'a mut [Outcome], name: &str) -> Option<&'a mut Outcome> {
    let passed = |outcome: &Outcome| outcome.verdict == Verdict::Passed;
    let named = |outcome: &Outcome| {
        name.strip_suffix(&outcome.name).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
    };
    if let Some(index) = outcomes.iter().position(named) {
        // One that failed after its skip has failed.
        return Some(&mut outcomes[index]).filter(|outcome| passed(outcome));
    }
    let backend = backend(name);
    let index = outcomes
        .iter()
        .position(|outcome| passed(outcome) && outcome.backend() == backend)
        .or_else(|| outcomes.iter().position(passed))?;
    Some(&mut outcomes[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(name: &str) -> Outcome {
        Outcome::new("suite", name, Verdict::Passed)
    }

    fn skipped(outcomes: &[Outcome]) -> Vec<&str> {
        let is_skipped = |outcome: &&Outcome| matches!(outcome.verdict, Verdict::Skipped(_));
        outcomes.iter().filter(is_skipped).map(|outcome| outcome.name.as_str()).collect()
    }

    #[test]
    fn the_backend_is_a_whole_segment_of_the_name() {
        assert_eq!(backend("db::sqlite::load_creates_nothing"), "sqlite");
        assert_eq!(backend("contract::mariadb::a"), "mariadb");
        assert_eq!(backend("db::sqlite_text::a"), "-");
        assert_eq!(backend("a_test_about_postgres"), "-");
        assert_eq!(backend("contract::cached_db::redis::postgres::a"), "cached_db redis postgres");
    }

    #[test]
    fn a_skip_is_no_pass_however_often_it_is_said() {
        let mut outcomes = [passed("postgres::a"), passed("postgres::b"), passed("c")];
        apply_skips(&mut outcomes, "postgres::b: no server\n\npostgres::b: no server\n");
        assert_eq!(skipped(&outcomes), ["postgres::b"]);
        assert_eq!(outcomes[1].verdict, Verdict::Skipped("no server".to_owned()));
    }

    #[test]
    fn a_skip_may_carry_the_crates_name() {
        let mut outcomes = [passed("other_postgres::a"), passed("postgres::a")];
        apply_skips(&mut outcomes, "it::postgres::a: no server");
        assert_eq!(skipped(&outcomes), ["postgres::a"]);
    }

    #[test]
    fn a_skip_of_an_unknown_name_is_counted_for_its_backend() {
        let mut outcomes = [passed("sqlite::a"), passed("mariadb::a"), passed("b")];
        apply_skips(&mut outcomes, "mariadb::elsewhere: no server\nmain: no server");
        assert_eq!(skipped(&outcomes), ["mariadb::a", "b"]);
    }

    #[test]
    fn a_failed_test_stays_failed() {
        let mut outcomes = [Outcome::new("suite", "postgres::a", Verdict::Failed)];
        apply_skips(&mut outcomes, "postgres::a: no server");
        assert_eq!(outcomes[0].verdict, Verdict::Failed);
    }
}
