//! What is kept for a visitor, and what it took to find out.

mod content;
mod fields;
mod forms;
mod show;

pub(crate) use show::show;
