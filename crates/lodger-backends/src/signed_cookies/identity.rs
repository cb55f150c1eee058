//! What a session is called on the revocation list.

use std::fmt::Write;

use lodger_core::session::Reserved;
use lodger_core::{Rng, RngError, SessionDict, SessionKey, StoredKey};

/// The member of the reserved field.
const ID: &str = "id";
/// How much of a signature is taken: 120 bits of a code that only we can compute, in the 40 characters
/// that a database has for a key.
const SIGNATURE: usize = 20;

/// The identity of a session with these data under this key: the one it carries, else a part of its
/// signature, which is the text's alone.
pub(super) fn of(dict: &SessionDict, key: &SessionKey) -> StoredKey {
    carried(dict).unwrap_or_else(|| StoredKey::from(of_text(key.expose())))
}

/// Whether the session carries an identity.
pub(super) fn is_carried(dict: &SessionDict) -> bool {
    carried(dict).is_some()
}

/// Gives a session a fresh identity in the place of the one it carries, and gives that.
pub(super) fn give(dict: &mut SessionDict, rng: &dyn Rng) -> Result<SessionKey, RngError> {
    let id = SessionKey::generate(rng)?;
    let mut reserved = Reserved::of(dict);
    reserved.set(ID, id.expose());
    reserved.put(dict);
    Ok(id)
}

fn carried(dict: &SessionDict) -> Option<StoredKey> {
    let id: String = Reserved::of(dict).get(ID)?;
    let made_by_us = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (id.len() == 32 && id.bytes().all(made_by_us)).then(|| StoredKey::from(id))
}

/// In hexadecimal digits, which every store takes.
fn of_text(text: &str) -> String {
    let signature = text.rsplit(':').next().unwrap_or(text);
    let mut name = String::with_capacity(2 * SIGNATURE);
    for byte in signature.bytes().take(SIGNATURE) {
        write!(name, "{byte:02x}").expect("a String takes any text");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use lodger_core::OsRng;

    fn key(text: &str) -> SessionKey {
        SessionKey::parse(text, 4096).unwrap()
    }

    #[test]
    fn an_identity_is_carried_beside_what_else_is_reserved() {
        let mut dict = SessionDict::parse(r#"{"a":1,"_lodger":{"began":5}}"#, 10).unwrap();
        assert!(!is_carried(&dict));
        let id = give(&mut dict, &OsRng).unwrap();
        assert_eq!(of(&dict, &key("body:stamp:signature")), StoredKey::from(&id));
        let expected = format!(r#"{{"a":1,"_lodger":{{"began":5,"id":"{}"}}}}"#, id.expose());
        assert_eq!(dict.to_json(), expected);
        let other = give(&mut dict, &OsRng).unwrap();
        assert_ne!(id, other);
        assert_eq!(of(&dict, &key("body:stamp:signature")), StoredKey::from(&other));
    }

    #[test]
    fn without_an_identity_the_text_is_its_own() {
        for reserved in ["", r#","_lodger":1"#, r#","_lodger":{"id":"short"}"#] {
            let dict = SessionDict::parse(format!(r#"{{"a":1{reserved}}}"#), 10).unwrap();
            let name = of(&dict, &key("e30:1r31eq:0D0RWTNpC9r_Yqda1-cBg8CfObDOQk4ukmq-Ee4k0cQ"));
            assert_eq!(name.expose(), "3044305257544e704339725f59716461312d6342");
            assert_eq!(name.expose().len(), 40);
            assert_ne!(name, of(&dict, &key("e30:1r31eq:1D0RWTNpC9r_Yqda1-cBg8CfObDOQk4u")));
        }
    }
}
