//! In a file the end has to follow from the data and from when the file was modified.

use lodger_backends::file::FileStore;
use lodger_core::{Clock, Expiry, FileSeconds, Limits, Settings, Span};
use lodger_tests::file_fixture::OwnFolder;
use lodger_tests::site::{SECRET_KEY, Site, codec};

use super::site::{ABSOLUTE, IDLE, limits};

/// Promise 8
#[tokio::test]
async fn a_date_far_ahead_gives_way_to_the_limits_in_a_file_too() {
    let folder = OwnFolder::create();
    for (settings, end) in [(limits(IDLE, None), IDLE), (limits(None, ABSOLUTE), ABSOLUTE)] {
        let site = Site::with_settings(folder.store_with(&settings), settings);
        let visit = site.visit(None).await;
        visit.set_expiry(Expiry::At(site.clock.now() + Span::from_secs(86_400))).unwrap();
        let key = visit.end_with_key().await.unwrap();
        site.clock.advance(Span::from_secs(end - 1));
        assert!(site.data(&key).await.is_some());
        site.clock.advance(Span::from_secs(1));
        assert_eq!(site.data(&key).await, None);
        site.clock.advance(Span::from_secs(1));
        assert_eq!(site.manager.clear_expired().await.unwrap(), 1, "the sweeper knows it, too");
    }
    folder.close().await;
}

#[tokio::test]
async fn a_file_that_never_ends_goes_with_no_limit() {
    let folder = OwnFolder::create();
    let open = |settings: &Settings| {
        FileStore::open(folder.path(), codec(SECRET_KEY, Limits::default()), settings).map(drop)
    };
    for (idle, absolute, seconds, opens) in [
        (Some(IDLE), None, FileSeconds::Never, false),
        (None, Some(ABSOLUTE), FileSeconds::Never, false),
        (None, None, FileSeconds::Never, true),
        (Some(IDLE), Some(ABSOLUTE), FileSeconds::SinceWritten, true),
    ] {
        let mut settings = limits(idle, absolute);
        settings.file_seconds = seconds;
        let refused = open(&settings).err().map(|error| error.to_string());
        let named = refused.as_ref().is_some_and(|error| error.contains("file_seconds"));
        assert_eq!((refused.is_none(), named), (opens, !opens), "{seconds:?} {refused:?}");
    }
}
