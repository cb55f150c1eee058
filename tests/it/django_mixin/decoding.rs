//! Reading what is stored.

use lodger_core::{SessionData, SessionKey, SessionStore, Settings};
use lodger_tests::security_log;
use lodger_tests::site::{Site, dict};

on_every_store_and_model!(
    what_was_encoded_is_decoded,
    a_failure_is_logged_for_security,
    a_good_signature_over_a_bad_payload_is_an_empty_session,
);

fn django<S: SessionStore>(store: S) -> Site<S> {
    Site::with_settings(store, Settings::django())
}

fn key() -> SessionKey {
    SessionKey::parse("somesessionkey", 128).expect("the shape of a key")
}

/// Django: SessionTestsMixin.test_decode
async fn what_was_encoded_is_decoded<S: SessionStore>(store: S) {
    let manager = django(store).manager;
    let data = dict(r#"{"a test key":"a test value"}"#);
    let encoded = manager.encode(&key(), &data).unwrap();
    assert_eq!(manager.decode(&key(), &encoded), data);
}

/// Django: SessionTestsMixin.test_decode_failure_logged_to_security
async fn a_failure_is_logged_for_security<S: SessionStore>(store: S) {
    let manager = django(store).manager;
    for text in ["ZmFrZTpkYXRh", "bad:encoded:value"] {
        let data = SessionData::from_text(text);
        let (decoded, lines) = security_log::watch(|| manager.decode(&key(), &data));
        assert!(decoded.is_empty());
        assert_eq!(lines.len(), 1, "{text}: {lines:?}");
        assert!(lines[0].starts_with("WARN") && lines[0].contains("corrupted"), "{lines:?}");
        // Promise 12
        assert!(!lines[0].contains(text) && !lines[0].contains(key().expose()), "{lines:?}");
    }
}

/// Django: SessionTestsMixin.test_decode_serializer_exception
async fn a_good_signature_over_a_bad_payload_is_an_empty_session<S: SessionStore>(store: S) {
    let manager = django(store).manager;
    // The payloads `no JSON` and `[1]`, signed by the key of the tests.
    for text in [
        "bm8gSlNPTg:1r31eq:cKbXInvh25BkNh7liXODWMSo4bBd4PmamH8c2B16_L4",
        "WzFd:1r31eq:qEnCGn7RvItcg7aaVFAhwbtm7d6VRX4HzevEzh3JODE",
    ] {
        let data = SessionData::from_text(text);
        let (decoded, lines) = security_log::watch(|| manager.decode(&key(), &data));
        assert!(decoded.is_empty());
        assert_eq!(lines, [] as [&str; 0], "the signature is right");
    }
}
