//! `db.json`, section `foreign_expire_text`: dates that another program wrote.

use lodger_backends::db::DbStore;
use lodger_core::{Clock, Context, SessionCodec, SessionStore, StoredKey, Timestamp};
use lodger_tests::report::count;
use lodger_tests::site::{SECRET_KEY, codec, dict};
use lodger_tests::vectors::Vectors;
use serde_json::Value;

use super::peer::{Peer, empty, first_key, put, row};

on_database!(sqlite, Sqlite, std::convert::identity, dates_that_others_wrote_count_as_in_django);

async fn dates_that_others_wrote_count_as_in_django(store: DbStore) {
    let vectors = Vectors::read("db");
    let db = store.connection();
    let stored_key = StoredKey::from(&first_key());
    let (mut compared, mut otherwise) = (0, 0);
    for record in vectors.section("foreign_expire_text") {
        if record.get("session_load_exc").is_some() {
            // One release, 1.9, fails on such a date.
            otherwise += 1;
            continue;
        }
        let newest = serde_json::json!({ "v": [vectors.versions().len() - 1] });
        let site = Peer::of(&newest, vectors.versions()).site(db);
        let now = site.clock.now();
        let context = Context { stored_key: &stored_key, now, loaded_stamp: None };
        let data =
            codec(SECRET_KEY, Default::default()).encode(&dict(r#"{"a":"b"}"#), &context).unwrap();
        let text = record["expire_text"].as_str().unwrap();
        put(db, first_key().expose(), data.as_text().unwrap(), text).await;

        let visit = site.visit(Some(&first_key())).await;
        assert_eq!(Value::from(visit.fields().to_json()), record["session_load"], "{text}");
        if let Some(loaded) = site.faults.load(&stored_key, now).await.unwrap() {
            let read =
                chrono::DateTime::parse_from_rfc3339(record["model_value"].as_str().unwrap());
            // What is no date at all ends never, as in Django's comparison of texts.
            let end = read.map_or(Timestamp::MAX, |date| date.to_utc().into());
            assert_eq!(loaded.record.expire_date, end, "{text}");
        }
        site.manager.clear_expired().await.unwrap();
        let survives = row(db).await.is_some();
        assert_eq!(Value::from(survives), record["survives_clear_expired"], "{text}");
        empty(db).await;
        compared += 1;
    }
    assert_eq!(compared, 7);
    count("vectors db.json foreign_expire_text", compared);
    count("vectors db.json foreign_expire_text, intended differences", otherwise);
}
