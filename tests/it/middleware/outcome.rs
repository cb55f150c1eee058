//! What came of a request, in the words of the records.

/// What Django is recorded to have done, or what we did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Accessed, modified, empty, before the response phase.
    pub(super) flags: String,
    /// The view's action raised, or was told that there is nothing.
    pub(super) refused: bool,
    /// The session was ended by somebody else: 400 in place of the view's answer.
    pub(super) interrupted: bool,
    pub(super) set_cookie: Option<String>,
    pub(super) vary: Option<String>,
    /// Key, data and date of each row, by key.
    pub(super) rows: Vec<[String; 3]>,
    /// How many session files there are, where the engine has such.
    pub(super) files: Option<usize>,
    /// How many lines told of data that nobody signed.
    pub(super) suspicions: usize,
}

impl Outcome {
    /// In what it differs from another, by name.
    pub(super) fn differences(&self, other: &Self) -> Vec<&'static str> {
        let aspects = [
            ("flags", self.flags == other.flags),
            ("refused", self.refused == other.refused),
            ("interrupted", self.interrupted == other.interrupted),
            ("set_cookie", self.set_cookie == other.set_cookie),
            ("vary", self.vary == other.vary),
            ("rows", self.rows == other.rows),
            ("files", self.files == other.files),
            ("suspicions", self.suspicions == other.suspicions),
        ];
        aspects.into_iter().filter(|(_, same)| !same).map(|(aspect, _)| aspect).collect()
    }

    /// The same with what the cookie says in place of its text: name, value and lifetime.
    pub(super) fn meaning(&self) -> Self {
        let said = |text: &String| {
            let mut parts = text.split("; ");
            let pair = parts.next().unwrap_or_default().replace('"', "");
            let lifetime = parts.find(|part| part.starts_with("Max-Age=")).unwrap_or("session");
            format!("{pair}; {lifetime}")
        };
        Self { set_cookie: self.set_cookie.as_ref().map(said), ..self.clone() }
    }
}
