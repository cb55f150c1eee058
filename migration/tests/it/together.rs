//! Processes that start at the same moment.

use lodger_migration::{DjangoMigrator, Migrator, MigratorTrait};
use sea_orm_migration::sea_orm::Database;
use tokio::task::JoinSet;

use crate::{
    database::{MARIADB, POSTGRES, at_server, at_sqlite},
    description::{table, tables, texts},
};

const PROCESSES: usize = 6;

/// Migrates from connections of their own, all at once; then takes it back, for the next round.
async fn six_at_once<M: MigratorTrait>(url: String, wanted: &[&str]) {
    let db = Database::connect(&url).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    let made = table(&db, "django_session").await;
    for _ in 0..3 {
        Migrator::reset(&db).await.unwrap();
        assert_eq!(tables(&db).await, [""; 0]);
        let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(PROCESSES));
        let mut processes = JoinSet::new();
        for process in 0..PROCESSES {
            let (url, barrier) = (url.clone(), barrier.clone());
            // There is one migration, so by steps it is the same.
            let steps = (process % 2 == 1).then_some(1);
            processes.spawn(async move {
                let db = Database::connect(url).await.unwrap();
                barrier.wait().await;
                let result = M::up(&db, steps).await;
                db.close().await.unwrap();
                result
            });
        }
        let results = processes.join_all().await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        assert_eq!(tables(&db).await, wanted);
        assert_eq!(table(&db, "django_session").await, made);
        let noted = texts(&db, "SELECT item FROM lodger_made ORDER BY item").await;
        assert!(noted.contains(&"table django_session".to_owned()), "{noted:?}");
        assert!(noted.iter().all(|item| !item.starts_with("unfinished")), "{noted:?}");
        if wanted.contains(&"django_migrations") {
            let rows = texts(&db, "SELECT app FROM django_migrations").await;
            assert_eq!(rows, ["sessions"]);
        }
    }
    db.close().await.unwrap();
}

async fn ours(url: String) {
    six_at_once::<Migrator>(url, &["django_session", "lodger_made", "lodger_migrations"]).await;
}

async fn with_djangos_row(url: String) {
    let tables = ["django_migrations", "django_session", "lodger_made", "lodger_migrations"];
    six_at_once::<DjangoMigrator>(url, &tables).await;
}

mod sqlite {
    #[tokio::test(flavor = "multi_thread")]
    async fn six_that_migrate_an_empty_database_at_once_all_succeed() {
        super::at_sqlite(super::ours).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn six_that_write_djangos_row_at_once_write_one() {
        super::at_sqlite(super::with_djangos_row).await;
    }
}

mod postgres {
    #[tokio::test(flavor = "multi_thread")]
    async fn six_that_migrate_an_empty_database_at_once_all_succeed() {
        let test = "together::postgres::six_that_migrate_an_empty_database_at_once_all_succeed";
        super::at_server(&super::POSTGRES, test, super::ours).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn six_that_write_djangos_row_at_once_write_one() {
        let test = "together::postgres::six_that_write_djangos_row_at_once_write_one";
        super::at_server(&super::POSTGRES, test, super::with_djangos_row).await;
    }
}

mod mariadb {
    #[tokio::test(flavor = "multi_thread")]
    async fn six_that_migrate_an_empty_database_at_once_all_succeed() {
        let test = "together::mariadb::six_that_migrate_an_empty_database_at_once_all_succeed";
        super::at_server(&super::MARIADB, test, super::ours).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn six_that_write_djangos_row_at_once_write_one() {
        let test = "together::mariadb::six_that_write_djangos_row_at_once_write_one";
        super::at_server(&super::MARIADB, test, super::with_djangos_row).await;
    }
}
