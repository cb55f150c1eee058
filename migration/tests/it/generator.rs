//! The generator, in a folder of its own.

use std::{fs, path::Path};

use chrono::NaiveDate;
use lodger_entity::{
    account_session,
    schema::{ColumnKind, ColumnSchema, TableSchema},
    session,
};
use lodger_migration::generator::{GeneratorError, History, Snapshot};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
}

fn session_table() -> TableSchema {
    TableSchema::of::<session::Entity>().unwrap()
}

fn only(table: TableSchema) -> Snapshot {
    Snapshot { tables: vec![table] }
}

fn column(name: &str, null: bool) -> ColumnSchema {
    let name = name.to_owned();
    ColumnSchema { name, kind: ColumnKind::Integer, null, primary_key: false, unique: false }
}

fn read(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_committed_snapshot_is_the_entities() {
    let history = History::open(env!("CARGO_MANIFEST_DIR")).unwrap();
    history.check(&Snapshot::of_entities().unwrap()).unwrap();
    assert!(!history.versions().is_empty());
}

#[test]
fn the_committed_first_migration_is_as_generated() {
    let folder = tempfile::tempdir().unwrap();
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let made = History::open(folder.path()).unwrap().make(&only(session_table()), today).unwrap();
    assert_eq!(made, ["m20261123_000001_create_django_session"]);
    let committed = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in [
        "src/m20261123_000001_create_django_session.rs",
        "snapshots/m20261123_000001_create_django_session.json",
    ] {
        assert_eq!(read(folder.path(), path), read(committed, path), "{path}");
    }
}

#[test]
fn a_second_run_has_nothing_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path()).unwrap();
    let wanted = only(session_table());
    assert!(matches!(history.check(&wanted), Err(GeneratorError::Differs { .. })));
    assert_eq!(history.make(&wanted, day(1)).unwrap().len(), 1);
    assert_eq!(history.make(&wanted, day(2)).unwrap(), [""; 0]);
    History::open(folder.path()).unwrap().check(&wanted).unwrap();
}

#[test]
fn a_difference_becomes_the_next_migration_and_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path()).unwrap();
    let old = TableSchema { name: "lodger_accountsession".to_owned(), ..session_table() };
    history.make(&only(old), day(2)).unwrap();
    let wanted = only(TableSchema::of::<account_session::Entity>().unwrap());

    let message = history.check(&wanted).unwrap_err().to_string();
    assert!(message.contains("lodger_accountsession_add_account_id_and_more"), "{message}");
    assert!(message.contains("cargo xtask makemigrations"), "{message}");

    // A clock that went back does not put the second before the first.
    let made = history.make(&wanted, day(1)).unwrap();
    let version = "m20261202_000002_lodger_accountsession_add_account_id_and_more";
    assert_eq!(made, [version]);
    let text = read(folder.path(), &format!("src/{version}.rs"));
    for part in [
        "use crate::frozen::{Change, Statements};",
        r##"r#"ALTER TABLE "lodger_accountsession" ADD COLUMN "account_id" integer NULL"#"##,
        r#"CREATE INDEX "lodger_accountsession_account_id_6631bf2a""#,
        r#"DROP INDEX IF EXISTS "lodger_accountsession_account_id_6631bf2a""#,
        "DROP INDEX `lodger_accountsession_account_id_6631bf2a` ON `lodger_accountsession`",
        "ALTER TABLE `lodger_accountsession` DROP COLUMN `account_id`",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let list = read(folder.path(), "src/migrations.rs");
    assert_eq!(list.matches(version).count(), 3, "{list}");
    let snapshot = read(folder.path(), &format!("snapshots/{version}.json"));
    assert_eq!(serde_json::from_str::<Snapshot>(&snapshot).unwrap(), wanted);
}

#[test]
fn what_needs_a_decision_is_refused_before_anything_is_written() {
    type Change = fn(&mut TableSchema);
    let rows: [(&str, Change); 8] = [
        ("new and is not nullable", |table| table.columns.push(column("more", false))),
        ("new and is unique", |table| {
            table.columns.push(ColumnSchema { unique: true, ..column("more", true) });
        }),
        ("expire_date is gone and was not nullable", |table| {
            table.columns.pop();
            table.indexes.clear();
        }),
        ("session_key is gone and was the primary key", |table| drop(table.columns.remove(0))),
        ("session_key has become another kind", |table| {
            table.columns[0].kind = ColumnKind::Char(64);
        }),
        ("session_data has become another kind", |table| table.columns[1].null = true),
        ("only the order", |table| table.columns.swap(0, 1)),
        ("the table is gone", |table| table.name = "other".to_owned()),
    ];
    for (reason, change) in rows {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::open(folder.path()).unwrap();
        history.make(&only(session_table()), day(1)).unwrap();
        let mut table = session_table();
        change(&mut table);
        let wanted = only(table);
        for error in
            [history.check(&wanted).unwrap_err(), history.make(&wanted, day(2)).unwrap_err()]
        {
            let message = error.to_string();
            assert!(message.contains(reason), "{message}");
            assert!(matches!(error, GeneratorError::NotDerivable { .. }), "{message}");
        }
        assert_eq!(fs::read_dir(folder.path().join("snapshots")).unwrap().count(), 1);
    }
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let version = {
        let mut history = History::open(folder.path()).unwrap();
        history.make(&only(session_table()), day(1)).unwrap().remove(0)
    };
    let list = folder.path().join("src/migrations.rs");
    let text = fs::read_to_string(&list).unwrap();
    fs::write(&list, "// nothing\n").unwrap();
    assert!(matches!(History::open(folder.path()), Err(GeneratorError::OutOfOrder(_))));
    fs::write(&list, text).unwrap();
    let history = History::open(folder.path()).unwrap();

    let snapshot = folder.path().join(format!("snapshots/{version}.json"));
    fs::write(&snapshot, "{").unwrap();
    assert!(matches!(history.last(), Err(GeneratorError::Snapshot { .. })));
    fs::remove_file(&snapshot).unwrap();
    assert!(matches!(History::open(folder.path()), Err(GeneratorError::OutOfOrder(_))));
}

#[test]
fn the_command_checks_and_makes() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_makemigrations"))
            .arg("--dir")
            .arg(folder.path())
            .args(arguments)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let (code, text) = run(&["--check"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("create_django_session"), "{text}");
    assert!(!folder.path().join("src").exists());

    let (code, text) = run(&[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("_000001_create_django_session"), "{text}");

    let (code, text) = run(&["--check"]);
    assert_eq!(code, Some(0), "{text}");
}
