//! The pool of PostgreSQL.

use sea_orm::ConnectOptions;

use super::whole::is_whole;
use crate::db::given_up::GivenUp;

pub(super) fn watch(options: &mut ConnectOptions, given_up: &GivenUp) {
    let given_up = given_up.clone();
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let given_up = given_up.clone();
        pool.after_release(move |connection, _| is_whole(connection, &given_up))
    });
}
