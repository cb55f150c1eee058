//! The text of a migration file and of the list of migrations.

use std::fmt::Write as _;

use lodger_entity::schema::SchemaError;
use sea_orm_migration::sea_orm::DbBackend;

use super::{TableChange, change::Direction};

const BACKENDS: [(&str, DbBackend); 3] =
    [("sqlite", DbBackend::Sqlite), ("postgres", DbBackend::Postgres), ("mysql", DbBackend::MySql)];

/// The longest line that the formatter leaves alone.
const LINE: usize = 100;

/// A migration file's text.
pub(super) fn render(version: &str, change: &TableChange) -> Result<String, SchemaError> {
    let kind = if change.is_creation() { "Creation" } else { "Change" };
    let columns: Vec<_> =
        change.after.columns.iter().map(|column| format!("{:?}", column.name)).collect();
    let mut text = String::new();
    text.push_str(&format!(
        "//! Made from the entity by `cargo xtask makemigrations`, then frozen: never edit it.\n\
         #![expect(elided_lifetimes_in_paths, reason = \"as the trait is declared\")]\n\n\
         use sea_orm_migration::{{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait}};\n\n\
         use crate::frozen::{{{kind}, Statements}};\n\n\
         pub(crate) struct Migration;\n\n\
         const FROZEN: {kind} = {kind} {{\n    table: {:?},\n",
        change.after.name
    ));
    text.push_str(&array(1, "columns", &columns));
    for (name, direction) in [("up", Direction::Up), ("down", Direction::Down)] {
        writeln!(text, "    {name}: Statements {{").expect("a String takes every text");
        for (field, backend) in BACKENDS {
            let statements = change.statements(direction, backend)?;
            let literals: Vec<_> = statements.iter().map(|statement| literal(statement)).collect();
            text.push_str(&array(2, field, &literals));
        }
        text.push_str("    },\n");
    }
    text.push_str(&format!(
        r#"}};

impl MigrationName for Migration {{
    fn name(&self) -> &str {{
        {version:?}
    }}
}}

#[async_trait::async_trait]
impl MigrationTrait for Migration {{
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {{
        FROZEN.up(manager).await
    }}

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {{
        FROZEN.down(manager).await
    }}

    fn use_transaction(&self) -> Option<bool> {{
        Some(true)
    }}
}}
"#
    ));
    Ok(text)
}

/// The text of `src/migrations.rs`.
pub(super) fn render_list(versions: &[String]) -> String {
    let mut text = String::from(
        "//! All migrations, oldest first. Written by `cargo xtask makemigrations`.\n\n\
         use sea_orm_migration::MigrationTrait;\n",
    );
    if !versions.is_empty() {
        text.push('\n');
    }
    for version in versions {
        text.push_str(&format!("#[path = \"{version}.rs\"]\nmod {version};\n"));
    }
    text.push_str("\n/// All migrations, oldest first.\n");
    text.push_str("pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {\n");
    let boxes: Vec<_> =
        versions.iter().map(|version| format!("Box::new({version}::Migration)")).collect();
    let one_line = format!("    vec![{}]\n", boxes.join(", "));
    if one_line.trim_end().len() <= LINE {
        text.push_str(&one_line);
    } else {
        text.push_str("    vec![\n");
        for item in boxes {
            text.push_str(&format!("        {item},\n"));
        }
        text.push_str("    ]\n");
    }
    text.push_str("}\n");
    text
}

/// A field that holds an array, broken into lines where the formatter would.
fn array(depth: usize, field: &str, items: &[String]) -> String {
    let indent = "    ".repeat(depth);
    let one_line = format!("{indent}{field}: &[{}],", items.join(", "));
    if one_line.chars().count() <= LINE {
        return one_line + "\n";
    }
    let mut text = format!("{indent}{field}: &[\n");
    for item in items {
        text.push_str(&format!("{indent}    {item},\n"));
    }
    text + &indent + "],\n"
}

/// A string literal, raw where that reads better.
fn literal(text: &str) -> String {
    if text.contains('"') && !text.contains("\"#") {
        format!("r#\"{text}\"#")
    } else {
        format!("{text:?}")
    }
}
