//! How long sessions live: the idle limit, which reading renews, and the absolute one, which nothing
//! moves.

mod site;

mod idle;
mod renewal;

mod absolute;
mod beginning;
mod foreign_end;

mod file;
mod handle;
mod signed;
