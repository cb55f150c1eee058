//! Many workers on few sessions, and histories of what came of it.
//!
//! A [`Plan`] draws from a seed what each worker asks for, and of which session; how that interleaves
//! is up to the machine. A worker asks through one of two doors, the manager's handle or a request
//! through the tower layer, and records each load and each write as an event of a history. Workers of
//! one process share an engine; several processes share the keys of the sessions, which the process
//! that started them passes on. In the end every key is loaded once more.
//!
//! `cargo xtask races` runs this on every store and has the histories checked. Before that it runs
//! every [`Defect`], which must be found.

mod board;
mod plan;

mod ask;
mod http_door;
mod manager_door;
mod worker;

mod backend;
mod engine;

mod crew;
mod defect;
mod outcome;
mod process;
mod round;

pub use backend::RaceBackend;
pub use defect::{Caught, Defect, Hunt};
pub use outcome::Tally;
pub use plan::Plan;
pub use process::serve;
pub use round::{Round, check_files};
