//! The budget of round trips, as PostgreSQL itself counts statements.

use std::collections::BTreeMap;

use lodger_backends::db::DbStore;
use lodger_core::SessionKey;
use lodger_entity::session;
use lodger_tests::database::{Backend, on};
use lodger_tests::report;
use lodger_tests::site::Site;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use super::page::pages;
use super::visitor::{app, ask};

/// How often each statement was run in this database since the last reset.
const SEEN: &str = "SELECT query, calls FROM pg_stat_statements \
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) \
    AND query NOT LIKE '%pg_stat_statements%'";
const RESET: &str = "SELECT pg_stat_statements_reset()::text \
    FROM pg_database WHERE datname = current_database()";

/// Statements by their first word and table; the words of those that name no table.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    on_the_table: BTreeMap<String, i64>,
    others: BTreeMap<String, i64>,
}

async fn seen(db: &DatabaseConnection) -> Seen {
    let query = Statement::from_string(db.get_database_backend(), SEEN);
    let mut seen = Seen::default();
    for row in db.query_all_raw(query).await.expect("the statistics can be read") {
        let query: String = row.try_get("", "query").expect("the column is there");
        let calls: i64 = row.try_get("", "calls").expect("the column is there");
        let word = query.split_whitespace().next().unwrap_or_default().to_uppercase();
        let of = if query.contains("django_session") {
            &mut seen.on_the_table
        } else {
            &mut seen.others
        };
        *of.entry(word).or_default() += calls;
    }
    seen
}

async fn reset(db: &DatabaseConnection) {
    let query = Statement::from_string(db.get_database_backend(), RESET);
    db.query_one_raw(query).await.expect("the statistics can be reset");
}

/// Promise 11
async fn the_server_sees_what_the_budget_says(store: DbStore<session::Entity>) {
    let db = store.connection().clone();
    if db.execute_unprepared("CREATE EXTENSION pg_stat_statements").await.is_err()
        || db.execute_unprepared(SEEN).await.is_err()
    {
        report::skip("the server has not loaded pg_stat_statements");
        return;
    }
    let site = Site::new(store);
    let app = app(&site, pages());
    let unknown = SessionKey::parse("nobodymadethiskey", 128).unwrap();
    let mut beside = 0;
    for (path, known, budget) in [
        ("/untouched", Some(true), vec![]),
        ("/untouched", None, vec![]),
        ("/read", None, vec![]),
        ("/read", Some(true), vec!["SELECT"]),
        ("/read", Some(false), vec!["SELECT"]),
        ("/set", Some(true), vec!["SELECT", "UPDATE"]),
        ("/login", Some(true), vec!["SELECT", "UPDATE"]),
        ("/logout", Some(true), vec!["SELECT", "DELETE"]),
        ("/set", None, vec!["INSERT"]),
        ("/set", Some(false), vec!["SELECT", "INSERT"]),
    ] {
        let live = site.stored(r#"{"a":1}"#).await;
        let key = known.map(|known| if known { &live } else { &unknown });
        reset(&db).await;
        assert_eq!(ask(&app, path, key).await.status, 200);
        let seen = seen(&db).await;
        let budget: BTreeMap<String, i64> =
            budget.into_iter().map(|word| (word.to_owned(), 1)).collect();
        assert_eq!(seen.on_the_table, budget, "{path} {known:?}");
        // A ping is a message, no statement; each write is one statement without BEGIN and COMMIT.
        assert_eq!(seen.others, BTreeMap::new(), "{path} {known:?}");
        beside += seen.others.values().sum::<i64>();
    }
    report::count(
        "statements beside those on the table, of 10 requests",
        usize::try_from(beside).unwrap(),
    );
}

/// As `on_every_database` names its modules.
mod postgres {
    use super::*;

    #[tokio::test]
    async fn the_server_sees_what_the_budget_says() {
        on(Backend::Postgres, super::the_server_sees_what_the_budget_says).await;
    }
}
