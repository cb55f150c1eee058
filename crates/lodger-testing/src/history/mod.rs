//! Histories: what was asked of sessions and what came of it, and whether that keeps the promises.
//!
//! A history is a file of JSON lines, one [`Event`] each: who asked for what, on which key, from when
//! to when by the clock that all processes of a machine share, and what the answer was. Every save
//! appends a tag of its own to a list and sets a field of its worker's own, so that loss and order can
//! be read from what a load saw. Keys stand as digests.
//!
//! [`Recorder`] writes such files, [`read`] reads them, and [`Checker`] looks for the anomalies
//! [`Code::An1`] to [`Code::An14`], each by a small function, and for chains of keys whose operations
//! no order explains. An operation of unknown outcome may have taken effect at any later time, or
//! never.
//!
//! ```
//! use lodger_testing::history::{Checker, Code, read};
//!
//! let history = br#"
//! {"process":0,"worker":0,"operation":"create","new_key":"00000000000000a1","invoked_at":10,"completed_at":20,"outcome":"ok","tag":"a"}
//! {"process":0,"worker":0,"operation":"revoke","key":"00000000000000a1","invoked_at":30,"completed_at":40,"outcome":"ok"}
//! {"process":1,"worker":0,"operation":"load","key":"00000000000000a1","invoked_at":50,"completed_at":60,"outcome":"ok","seen":{"live":{"tags":["a"]}}}
//! "#;
//! let verdict = Checker::new().check(&read(&history[..])?);
//! assert_eq!(verdict.anomalies[0].code, Code::An5);
//! # Ok::<(), lodger_testing::history::HistoryError>(())
//! ```

mod event;
mod key_digest;
mod seen;

mod clock;
mod reader;
mod recorder;

mod anomaly;
mod chain;
mod check;
mod checker;
mod linear;

pub use anomaly::{Anomaly, Code};
pub use checker::{Checker, Verdict};
pub use clock::monotonic_micros;
pub use event::{ErrorKind, Event, Operation, Outcome};
pub use key_digest::KeyDigest;
pub use reader::{HistoryError, read};
pub use recorder::Recorder;
pub use seen::{Document, Seen};
