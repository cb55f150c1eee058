//! Pools that wait no longer than they have to for what they get back.
//!
//! A pool asks a connection that it gets back whether it is whole, and waits for the answer as long as
//! the connection lasts. One that has fallen silent would be a place less in the pool until the kernel
//! notices, which takes minutes: after as many such calls as there are places no more is answered.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod whole;

use sea_orm::ConnectOptions;

use super::given_up::GivenUp;

/// Has a pool ask impatiently while it may be given back what was given up. At other times, which is
/// nearly always, it asks by itself, and a second time would cost a second round trip.
pub(super) fn watch(options: &mut ConnectOptions, given_up: &GivenUp) {
    postgres::watch(options, given_up);
    mysql::watch(options, given_up);
}

#[cfg(not(feature = "mysql"))]
mod mysql {
    pub(super) fn watch(_: &mut super::ConnectOptions, _: &super::GivenUp) {}
}

#[cfg(not(feature = "postgres"))]
mod postgres {
    pub(super) fn watch(_: &mut super::ConnectOptions, _: &super::GivenUp) {}
}
