//! Whether a connection that was given back is whole.

use std::pin::Pin;
use std::time::Duration;

use sea_orm::sqlx::{Connection, Error};
use tokio::time::timeout;

use crate::db::given_up::GivenUp;

/// By then the pool has begun to ask a connection that was given up.
const LATELY: Duration = Duration::from_secs(1);
/// How long a connection may take to say that it is whole. One that waits for somebody's lock takes its
/// place until then, since the server keeps it when it is ended here: sooner, and a long lock would have
/// the server flooded.
const SILENCE: Duration = Duration::from_secs(10);

/// Asks, if a call was given up lately.
pub(super) fn is_whole<'c>(
    connection: &'c mut impl Connection,
    given_up: &GivenUp,
) -> Pin<Box<dyn Future<Output = Result<bool, Error>> + Send + 'c>> {
    let last = *given_up.last();
    if last.is_none_or(|last| last.elapsed() > LATELY) {
        return Box::pin(std::future::ready(Ok(true)));
    }
    Box::pin(async move {
        match timeout(SILENCE, connection.ping()).await {
            Ok(pinged) => pinged.map(|()| true),
            // An error, so that it is ended without asking it again.
            Err(_) => Err(Error::Io(std::io::ErrorKind::TimedOut.into())),
        }
    })
}
