//! The checks, each for one kind of anomaly, over the history of one session.

mod absent;
mod deadline;
mod ended;
mod failed;
mod foreign;
mod key;
mod lost;

pub(super) use failed::set_cookie;

use super::Anomaly;
use super::chain::Chains;

/// Looks at one of the chains, and gives the first anomaly of its kind.
type Check = fn(&Chains<'_>, usize) -> Option<Anomaly>;

/// All that look at a chain.
pub(super) const CHECKS: [Check; 13] = [
    lost::lost_update,
    ended::resurrection,
    ended::late_success,
    lost::stale_read,
    ended::stale_read,
    key::made_twice,
    key::old_key_lives,
    absent::new_key_dead,
    absent::never_there,
    absent::error_as_absent,
    deadline::outlived,
    foreign::foreign_value,
    failed::failed_value,
];
