//! A codec that takes any text.

use lodger_core::{
    Context, DecodeError, Decoded, EncodeError, SessionCodec, SessionData, SessionDict,
};

/// Any text is a session with that text in the field `data`, as the contract of a store has it: for
/// stores that look inside.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainCodec;

impl SessionCodec for PlainCodec {
    fn encode(&self, dict: &SessionDict, _: &Context<'_>) -> Result<SessionData, EncodeError> {
        let data = dict.get::<String>("data").ok().flatten();
        let reason = "there is no field `data`".to_owned();
        data.map(SessionData::from_text).ok_or(EncodeError::Unsupported { reason })
    }

    fn decode(&self, data: &SessionData, _: &Context<'_>) -> Result<Decoded, DecodeError> {
        let text = data.as_text().ok_or(DecodeError::Malformed { part: "text" })?;
        let mut dict = SessionDict::new();
        dict.insert("data", text).map_err(|_| DecodeError::Malformed { part: "text" })?;
        Ok(Decoded { dict, stamp: None })
    }
}
