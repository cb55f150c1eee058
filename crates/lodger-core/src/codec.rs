//! The seam between decoded and encoded data.

use std::sync::Arc;

use crate::{DecodeError, EncodeError, SessionData, SessionDict, StoredKey, Timestamp};

/// What surrounds an encoding: where the data lie, and when.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The name the data are kept under; a codec may bind the data to it.
    pub stored_key: &'a StoredKey,
    /// The present instant.
    pub now: Timestamp,
    /// The stamp of the data that these replace, so that a format with a stamp never writes the
    /// same text twice: the new stamp is the later of `now` and one more than this.
    pub loaded_stamp: Option<i64>,
}

/// What a codec read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The data.
    pub dict: SessionDict,
    /// The stamp of the format, in seconds since the epoch; `None` in a format without.
    pub stamp: Option<i64>,
}

/// Encodes and decodes the data of sessions.
///
/// The contract:
///
/// 1. `decode(encode(dict)) == dict` for every dict within the limits.
/// 2. Decoding is total: any bytes give a dict or an error, in bounded memory, and never a panic.
/// 3. Nothing is built but plain data.
/// 4. A codec that signs tells a bad signature apart from everything else, and reports it itself:
///    one warning on the `tracing` target `lodger.security`, without data or key.
pub trait SessionCodec: Send + Sync + 'static {
    /// Writes the data.
    ///
    /// # Errors
    ///
    /// When they exceed a limit or cannot be expressed.
    fn encode(&self, dict: &SessionDict, context: &Context<'_>)
    -> Result<SessionData, EncodeError>;

    /// Reads what `encode`, or a Django of any release this codec knows, wrote.
    ///
    /// # Errors
    ///
    /// When the signature is wrong, or the content is not in the format.
    fn decode(&self, data: &SessionData, context: &Context<'_>) -> Result<Decoded, DecodeError>;

    /// As [`decode`](Self::decode), for a store that looks inside what it hands on: a codec that
    /// reports bad signatures reports none here, so that each is told once, by whoever decodes next.
    ///
    /// # Errors
    ///
    /// As `decode`.
    fn inspect(&self, data: &SessionData, context: &Context<'_>) -> Result<Decoded, DecodeError> {
        self.decode(data, context)
    }
}

/// One codec for a manager and a store.
impl<C: SessionCodec + ?Sized> SessionCodec for Arc<C> {
    fn encode(
        &self,
        dict: &SessionDict,
        context: &Context<'_>,
    ) -> Result<SessionData, EncodeError> {
        (**self).encode(dict, context)
    }

    fn decode(&self, data: &SessionData, context: &Context<'_>) -> Result<Decoded, DecodeError> {
        (**self).decode(data, context)
    }

    fn inspect(&self, data: &SessionData, context: &Context<'_>) -> Result<Decoded, DecodeError> {
        (**self).inspect(data, context)
    }
}
