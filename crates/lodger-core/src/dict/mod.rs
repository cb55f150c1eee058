//! The decoded data of a session, each field held as the JSON text it came as.

mod field_name;
mod json_text;
mod number;
mod python;
mod scanner;
mod session_dict;

pub use json_text::JsonText;
pub use session_dict::SessionDict;
