//! `flags.json` once more: the engines beside `db` that have records of their own, each over what stands
//! for it.

use lodger_backends::file::FileStore;
use lodger_core::Settings;
use lodger_tests::file_fixture::OwnFolder;

use super::engine::RecordedEngine;
use super::flags::{read_keys, run_section};

// The keys of `file` are in `file.json`.
on_engine!(
    file,
    super::over_files_as_djangos,
    file,
    every_operation_does_the_same,
    every_operation_of_the_async_twin_does_the_same,
);

on_engine!(
    cached_db,
    lodger_tests::cache::over_cached_db,
    cached_db,
    every_operation_does_the_same,
    every_operation_of_the_async_twin_does_the_same,
    every_key_is_read_the_same,
);

on_engine!(
    shared_cached_db,
    lodger_tests::cache::over_cached_db,
    shared_cached_db,
    every_operation_does_the_same,
    every_operation_of_the_async_twin_does_the_same,
    every_key_is_read_the_same,
);

on_engine!(
    cache_in_redis,
    lodger_tests::redis::on_single_as_djangos,
    cache,
    every_operation_does_the_same,
    every_operation_of_the_async_twin_does_the_same,
    every_key_is_read_the_same,
);

on_engine!(
    cache_in_memcached,
    lodger_tests::memcached::on_as_djangos,
    cache,
    every_operation_does_the_same,
    every_operation_of_the_async_twin_does_the_same,
    every_key_is_read_the_same,
);

/// Runs a test over files as a site that shares them with Django has them.
async fn over_files_as_djangos<R: Future<Output = ()>>(test: impl FnOnce(FileStore) -> R) {
    let folder = OwnFolder::create();
    test(folder.store_with(&Settings::django())).await;
    folder.close().await;
}

async fn every_operation_does_the_same<E: RecordedEngine>(engine: &E) {
    run_section(engine, "sync").await;
}

async fn every_operation_of_the_async_twin_does_the_same<E: RecordedEngine>(engine: &E) {
    run_section(engine, "async").await;
}

/// Promise 1
async fn every_key_is_read_the_same<E: RecordedEngine>(engine: &E) {
    read_keys(engine).await;
}
