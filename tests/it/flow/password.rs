//! A database's password is not logged.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use lodger_backends::db::DbStore;
use tracing::instrument::WithSubscriber;
use tracing_subscriber::fmt::format::FmtSpan;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything is logged, spans and their fields too, and nobody is at the other end.
#[tokio::test]
async fn connecting_logs_no_password_at_any_level() {
    for scheme in ["postgres", "mysql"] {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_writer(move || writer.clone())
            .finish();
        let url = format!("{scheme}://user:canary@127.0.0.1:1/site");
        let connecting = async {
            tracing::trace!("begun");
            DbStore::connect(&url).await.map(|_| ())
        };
        let refused = connecting.with_subscriber(subscriber).await.unwrap_err();
        let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(logged.contains("begun"), "nothing was watched");
        assert!(!logged.contains("canary") && !refused.to_string().contains("canary"), "{logged}");
    }
}
