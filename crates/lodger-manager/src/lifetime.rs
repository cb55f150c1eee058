//! How long what is written lives.

use lodger_core::session::Reserved;
use lodger_core::{Lifetime, Renewal, SessionDict, SessionStore, Timestamp};

use crate::SessionManager;
use crate::group::Base;
use crate::queue::Waiting;

impl<S: SessionStore> SessionManager<S> {
    /// How long a session with these data lives.
    pub(crate) fn lifetime(&self, dict: &SessionDict, now: Timestamp) -> Lifetime {
        Lifetime::of(dict, &self.settings, now)
    }

    /// Whether a session with these data is over by its absolute limit, so that nothing may be written.
    pub(crate) fn is_over(&self, dict: &SessionDict) -> bool {
        self.lifetime(dict, self.clock.now()).is_over()
    }

    /// The data as they are written: with the beginning that an absolute limit counts from.
    pub(crate) fn begun(&self, mut dict: SessionDict, now: Timestamp) -> SessionDict {
        Reserved::begin(&mut dict, self.settings.absolute_age, now);
        dict
    }

    /// Whether a group asks for nothing but a touch, and none is due, since somebody was faster.
    pub(crate) fn is_renewed(&self, base: &Base, group: &[Waiting]) -> bool {
        let only_if_due = |waiting: &Waiting| {
            waiting.job.patch.is_empty() && waiting.job.renewal == Renewal::IfDue
        };
        group.iter().all(|waiting| !waiting.job.cycle && only_if_due(waiting))
            && !base.expire_date.is_some_and(|expire_date| {
                let lifetime = self.lifetime(&base.dict, self.clock.now());
                lifetime.is_due(expire_date, base.saved())
            })
    }

    /// The `expire_date` that a group without changes asks for.
    pub(crate) fn renewed(&self, base: &Base, group: &[Waiting], now: Timestamp) -> Timestamp {
        let lifetime = self.lifetime(&base.dict, now);
        if group.iter().any(|waiting| waiting.job.renewal == Renewal::Always) {
            lifetime.date()
        } else {
            lifetime.touched(base.saved())
        }
    }
}

impl Base {
    /// When the data were saved last, in a format that tells.
    fn saved(&self) -> Option<Timestamp> {
        self.stamp.map(Timestamp::from_secs)
    }
}
