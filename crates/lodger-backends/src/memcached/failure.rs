//! What a server's failure means for a session.

use lodger_core::StoreError;

use super::connection::Broken;
use super::reply::Refusal;

/// What was asked of a server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To tell something: without a reply, surely nothing was changed.
    Read,
    /// To change something: without a reply, it may have been.
    Write,
}

/// No connection was made, so nothing was asked.
pub(super) fn unreachable(broken: Broken) -> StoreError {
    StoreError::unavailable(match broken {
        Broken::Io(kind) => format!("memcached cannot be reached: {kind}"),
        Broken::Foreign | Broken::TooLong | Broken::Numberless => {
            "what answers is no memcached 1.6 or later".to_owned()
        }
    })
}

/// No connection was had in time, so nothing was asked.
pub(super) fn busy() -> StoreError {
    StoreError::unavailable("no connection to memcached in time")
}

/// It was asked, and no whole reply came.
pub(super) fn lost(broken: Broken, asked: Asked) -> StoreError {
    let reason = match broken {
        Broken::Io(kind) => format!("the connection to memcached broke: {kind}"),
        Broken::Foreign => "what memcached answered is no reply".to_owned(),
        Broken::TooLong => "the value in memcached is longer than the largest item of this store; \
            if the server takes larger ones, say so by with_largest_item"
            .to_owned(),
        Broken::Numberless => {
            "memcached gives its values no numbers: start it without its option -C".to_owned()
        }
    };
    without_reply(asked, reason)
}

/// It was asked, and no reply came in time.
pub(super) fn late(asked: Asked) -> StoreError {
    without_reply(asked, "memcached did not answer in time".to_owned())
}

/// The reply is none to what was asked.
pub(super) fn unexpected(asked: Asked) -> StoreError {
    lost(Broken::Foreign, asked)
}

fn without_reply(asked: Asked, reason: String) -> StoreError {
    match asked {
        Asked::Read => StoreError::unavailable(reason),
        Asked::Write => StoreError::unknown(reason),
    }
}

/// The server said that it did not do it, or that something failed.
pub(super) fn refused(refusal: Refusal, asked: Asked) -> StoreError {
    StoreError::unavailable(match refusal {
        Refusal::TooLarge => {
            "memcached takes no item of this size; its option -I allows for larger ones, \
            and with_largest_item tells the store"
        }
        Refusal::OutOfMemory => "memcached has no memory left for the session",
        Refusal::NoCommand => "memcached refused the command",
        Refusal::Failed => {
            return without_reply(asked, "memcached reports a failure of its own".to_owned());
        }
    })
}

/// The value was not even sent.
pub(super) fn too_large(bytes: usize, largest: usize) -> StoreError {
    StoreError::unavailable(format!(
        "the session takes an item of {bytes} bytes, and memcached is said to take {largest} at \
         most; its option -I allows for larger ones, and with_largest_item tells the store"
    ))
}

/// The key was not even sent.
pub(super) fn unnameable() -> StoreError {
    StoreError::unavailable(
        "memcached takes names of at most 250 bytes, prefix included, without blanks",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Promise 9
    #[test]
    fn only_a_failure_of_the_server_leaves_open_what_was_applied() {
        for refusal in [Refusal::TooLarge, Refusal::OutOfMemory, Refusal::NoCommand] {
            let error = refused(refusal, Asked::Write);
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
        }
        let error = refused(Refusal::Failed, Asked::Write);
        assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
        let error = refused(Refusal::Failed, Asked::Read);
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    }
}
