//! The choices that a setting offers.

/// The `SameSite` attribute of the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SameSite {
    /// Sent to our own site only.
    Strict,
    /// Sent also when a visitor follows a link to our site.
    Lax,
    /// Sent everywhere; browsers ask for `Secure` with it.
    None,
    /// No attribute; browsers then mostly take it as `Lax`.
    Omitted,
}

/// What happens to stored data that cannot be decoded, say after a wrong secret was deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnUndecodable {
    /// The visitor sees an empty session. A read leaves row and cookie alone, and a write goes under
    /// a new key, so that the data are there again once the right secret is.
    Keep,
    /// The visitor sees an empty session, and the next write overwrites the data, as in Django.
    Overwrite,
}

/// What the client gets when its session was deleted elsewhere while the request ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnInterrupted {
    /// The answer 400 in place of the handler's, as in Django.
    BadRequest,
    /// The handler's answer, with nothing saved and no cookie.
    KeepResponse,
}

/// What becomes of a change when others changed the session after the request had loaded it.
///
/// That a session was ended meanwhile is no conflict: whoever comes after gets
/// [`CommitError::Gone`](crate::CommitError::Gone) in each mode. A mere renewal changes nothing and never
/// conflicts.
///
/// Sessions in signed cookies have nothing kept on the server that could be looked at: whatever is
/// chosen here, the response that arrives last wins whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnConflict {
    /// The change is applied to what is stored now, so that both changes are kept.
    Merge,
    /// The change is refused with [`SessionConflict::Changed`](crate::SessionConflict::Changed), unless
    /// what is stored is equal to what was loaded: for data that are right only as a whole. Nothing
    /// waits to be stored with another change.
    Strict,
    /// The session as the handler saw it, with its change, replaces whatever is stored: what others
    /// changed meanwhile is lost.
    ///
    /// # Django
    ///
    /// What it does.
    LastWriteWins,
}

/// When a session in a file ends whose own expiry is a number of seconds.
///
/// # Django
///
/// Its file engine takes the number for the time that is left, whenever it looks: the file never
/// ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileSeconds {
    /// So many seconds after the file was last written.
    SinceWritten,
    /// Never, as in Django.
    Never,
}
