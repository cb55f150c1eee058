//! Many requests at the same time on one session, through the layer, from two processes, over every
//! store.

#[macro_use]
mod on_every_site;

mod door;
mod shared_site;
mod web_process;

mod logout;
mod race;
mod updates;
