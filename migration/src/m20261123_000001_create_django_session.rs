//! Made from the entity by `cargo xtask makemigrations`, then frozen: never edit it.
#![expect(elided_lifetimes_in_paths, reason = "as the trait is declared")]

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::frozen::{Creation, Statements};

pub(crate) struct Migration;

const FROZEN: Creation = Creation {
    table: "django_session",
    columns: &["session_key", "session_data", "expire_date"],
    up: Statements {
        sqlite: &[
            r#"CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL)"#,
            r#"CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date")"#,
        ],
        postgres: &[
            r#"CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" timestamp with time zone NOT NULL)"#,
            r#"CREATE INDEX "django_session_session_key_c0390e0f_like" ON "django_session" ("session_key" varchar_pattern_ops)"#,
            r#"CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date")"#,
        ],
        mysql: &[
            "CREATE TABLE `django_session` (`session_key` varchar(40) NOT NULL PRIMARY KEY, `session_data` longtext NOT NULL, `expire_date` datetime(6) NOT NULL)",
            "CREATE INDEX `django_session_expire_date_a5c62663` ON `django_session` (`expire_date`)",
        ],
    },
    down: Statements {
        sqlite: &[r#"DROP TABLE "django_session""#],
        postgres: &[r#"DROP TABLE "django_session""#],
        mysql: &["DROP TABLE `django_session`"],
    },
};

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000001_create_django_session"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FROZEN.up(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FROZEN.down(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
