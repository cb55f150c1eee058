//! The codec.

use lodger_core::error::SuspiciousSession;
use lodger_core::{
    Context, DecodeError, Decoded, EncodeError, Limits, SessionCodec, SessionData, SessionDict,
};

use super::{Format, Formats, row};
use crate::legacy::{LegacySigner, Refusal};
use crate::signing::{Algorithm, Signer, timestamp};
use crate::{Compression, KeyRing, json};

/// Django's signed JSON: reads several of its formats at once, and writes one.
///
/// A new codec reads and writes what Django 4.0 and later do; [`with_formats`](Self::with_formats)
/// takes in older ones. Data without a right signature are refused with one warning on the
/// `tracing` target `lodger.security`, and whatever else is wrong with signed data without one.
/// Neither holds data or key.
///
/// Encoded data longer than the limit `session_data`, JSON longer than `inflated`, and JSON nested
/// deeper than `json_depth` are neither read nor written.
///
/// # Security
///
/// The data are signed, not encrypted: who can read the store can read them. A signature is bound to
/// the salt, not to the session's key: who can write to the store can copy one session's data to
/// another. The signature is compared in constant time.
///
/// # Django
///
/// `SessionBase.encode` and `decode`, which also answer an empty session wherever this is an error.
/// Two differences: Django hands on a signed value that is no object, and fails on it later; up to
/// 3.0 it answers 500 to a row that is no base64. Both are plain errors here.
///
/// ```
/// use lodger_codec::{DjangoCodec, Formats, KeyRing};
/// use lodger_core::{Context, Limits, SessionCodec, SessionData, SessionDict, StoredKey, Timestamp};
///
/// let keys = KeyRing::new("the site's SECRET_KEY")?;
/// let codec = DjangoCodec::new(keys, Limits::default()).with_formats(Formats::TRANSITION);
/// let stored_key = StoredKey::from("2b1189a188b44ad18c35e113ac6ceead".to_owned());
/// let now = Timestamp::from_secs(1_700_000_000);
/// let context = Context { stored_key: &stored_key, now, loaded_stamp: None };
///
/// let mut dict = SessionDict::new();
/// dict.insert("visits", &42)?;
/// let session_data = codec.encode(&dict, &context)?;
/// assert!(session_data.as_text().is_some_and(|row| row.starts_with("eyJ2aXNpdHMiOjQyfQ:1r31eq:")));
///
/// let decoded = codec.decode(&session_data, &context)?;
/// assert_eq!(decoded.dict.get::<i64>("visits")?, Some(42));
/// assert_eq!(decoded.stamp, Some(1_700_000_000));
/// assert!(codec.decode(&SessionData::from_text("garbage"), &context).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DjangoCodec {
    keys: KeyRing,
    limits: Limits,
    compression: Compression,
    formats: Formats,
    salt: String,
    legacy_salt: String,
    keyed: Keyed,
}

/// The keyed states that follow from keys, salts and formats.
#[derive(Clone, Debug)]
struct Keyed {
    /// Of the modern formats that are read, in the order in which they are tried.
    modern: Vec<Signer>,
    legacy: Option<LegacySigner>,
    writer: Writer,
}

#[derive(Clone, Debug)]
enum Writer {
    Modern(Signer),
    Legacy(LegacySigner),
}

/// The module of Django that every salt of a session store begins with.
const MODULE: &str = "django.contrib.sessions";

/// What every store of Django is called, so that their rows are interchangeable.
const STORE_CLASS: &str = "SessionStore";

impl DjangoCodec {
    /// A codec for what Django from 4.0 on reads and writes.
    #[must_use]
    pub fn new(keys: KeyRing, limits: Limits) -> Self {
        let (salt, legacy_salt) = salts(STORE_CLASS);
        let formats = Formats::default();
        let keyed = Keyed::new(&keys, formats, &salt, &legacy_salt);
        let compression = Compression::default();
        Self { keys, limits, compression, formats, salt, legacy_salt, keyed }
    }

    /// Reads and writes other formats; default [`Formats::MODERN`].
    #[must_use]
    pub fn with_formats(self, formats: Formats) -> Self {
        Self { formats, ..self }.keyed_anew()
    }

    /// When to deflate; default [`Compression::Auto`].
    #[must_use]
    pub fn with_compression(self, compression: Compression) -> Self {
        Self { compression, ..self }
    }

    /// For the rows of a store class of another name than `SessionStore`.
    ///
    /// # Django
    ///
    /// Takes Python's qualified name, `Outer.InnerStore` for a nested class: the salts contain it,
    /// of the legacy format only its last part.
    #[must_use]
    pub fn with_store_class(self, qualified_name: &str) -> Self {
        let (salt, legacy_salt) = salts(qualified_name);
        Self { salt, legacy_salt, ..self }.keyed_anew()
    }

    /// Another salt for the modern formats; default `django.contrib.sessions.SessionStore`.
    ///
    /// # Django
    ///
    /// Signed cookies have `django.contrib.sessions.backends.signed_cookies`.
    #[must_use]
    pub fn with_salt(self, salt: impl Into<String>) -> Self {
        Self { salt: salt.into(), ..self }.keyed_anew()
    }

    fn keyed_anew(self) -> Self {
        let keyed = Keyed::new(&self.keys, self.formats, &self.salt, &self.legacy_salt);
        Self { keyed, ..self }
    }
}

/// The salts of the modern and of the legacy formats; only the former has a dot before the class.
fn salts(store_class: &str) -> (String, String) {
    let name = store_class.rsplit('.').next().unwrap_or(store_class);
    (format!("{MODULE}.{store_class}"), format!("{MODULE}{name}"))
}

impl Keyed {
    fn new(keys: &KeyRing, formats: Formats, salt: &str, legacy_salt: &str) -> Self {
        let modern = |algorithm| Signer::new(keys, salt, algorithm);
        let legacy = || LegacySigner::new(keys, legacy_salt);
        Self {
            modern: [(Format::Modern, Algorithm::Sha256), (Format::ModernSha1, Algorithm::Sha1)]
                .into_iter()
                .filter(|&(format, _)| formats.reads(format))
                .map(|(_, algorithm)| modern(algorithm))
                .collect(),
            legacy: formats.reads(Format::Legacy).then(legacy),
            writer: match formats.writes() {
                Format::Modern => Writer::Modern(modern(Algorithm::Sha256)),
                Format::ModernSha1 => Writer::Modern(modern(Algorithm::Sha1)),
                Format::Legacy => Writer::Legacy(legacy()),
            },
        }
    }
}

impl SessionCodec for DjangoCodec {
    fn encode(
        &self,
        dict: &SessionDict,
        context: &Context<'_>,
    ) -> Result<SessionData, EncodeError> {
        let payload = json::write(dict, &self.limits)?;
        let row = match &self.keyed.writer {
            Writer::Modern(signer) => {
                let stamp = timestamp::stamp(context.now, context.loaded_stamp);
                let mut row = row::write(&payload, self.compression, stamp);
                signer.sign(&mut row);
                row
            }
            Writer::Legacy(signer) => signer.write(payload.as_bytes()),
        };
        let limit = self.limits.session_data;
        if row.len() > limit {
            return Err(EncodeError::TooLarge { size: row.len(), limit });
        }
        Ok(SessionData::from_text(row))
    }

    fn decode(&self, data: &SessionData, _: &Context<'_>) -> Result<Decoded, DecodeError> {
        let decoded = self.read(data);
        if let Err(DecodeError::Suspicious(_)) = decoded {
            report();
        }
        decoded
    }

    fn inspect(&self, data: &SessionData, _: &Context<'_>) -> Result<Decoded, DecodeError> {
        self.read(data)
    }
}

impl DjangoCodec {
    fn read(&self, data: &SessionData) -> Result<Decoded, DecodeError> {
        let limit = self.limits.session_data;
        if data.as_bytes().len() > limit {
            return Err(DecodeError::TooLarge { limit });
        }
        // Every format is text.
        let text = data.as_text().ok_or(SuspiciousSession)?;
        if let Some(value) = self.keyed.modern.iter().find_map(|signer| signer.unsign(text)) {
            let (payload, stamp) = row::read(value, self.limits.inflated)?;
            let dict = json::read(payload, &self.limits)?;
            return Ok(Decoded { dict, stamp: Some(stamp) });
        }
        let payload = self.read_legacy(text)?;
        Ok(Decoded { dict: json::read(payload, &self.limits)?, stamp: None })
    }

    /// Reads a text that no modern signature covers, and complains when Django does.
    fn read_legacy(&self, text: &str) -> Result<Vec<u8>, DecodeError> {
        let signer = self.keyed.legacy.as_ref().ok_or(SuspiciousSession)?;
        let legacy_alone = self.keyed.modern.is_empty();
        // Django from 2.2 on takes ASCII only; earlier ones skip the rest.
        if !legacy_alone && !text.is_ascii() {
            return Err(SuspiciousSession.into());
        }
        signer.read(text).map_err(|refusal| match refusal {
            // The only sign of a bad signature that a broken modern row gives.
            Refusal::Encoding if !legacy_alone => SuspiciousSession.into(),
            Refusal::Encoding => DecodeError::Malformed { part: "base64 text" },
            Refusal::Unsigned => DecodeError::Malformed { part: "legacy signature" },
            Refusal::Forged => SuspiciousSession.into(),
        })
    }
}

/// Reports data that nobody signed with our keys.
///
/// # Django
///
/// Its line on the logger `django.security.SuspiciousSession`.
fn report() {
    tracing::warn!(target: "lodger.security", "session data corrupted");
}
