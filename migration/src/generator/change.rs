//! What has to happen to a table.

use lodger_entity::schema::{
    ColumnSchema, IndexSchema, SchemaError, TableSchema, add_column, create_index,
    create_table_from, drop_column, drop_index, drop_table,
};
use sea_orm_migration::sea_orm::DbBackend;

use super::{GeneratorError, Snapshot};

/// The difference between two descriptions of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableChange {
    /// The table before, if there was one.
    pub before: Option<TableSchema>,
    /// The table after.
    pub after: TableSchema,
    steps: Vec<Step>,
}

/// One step, with all that taking it back needs.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    CreateTable,
    DropIndex(IndexSchema),
    DropColumn(ColumnSchema),
    AddColumn(ColumnSchema),
    CreateIndex(IndexSchema),
}

/// The way in which a migration is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Applying it.
    Up,
    /// Taking it back.
    Down,
}

impl TableChange {
    /// The changes that lead from one state of all tables to another, in order.
    ///
    /// # Errors
    ///
    /// [`GeneratorError::NotDerivable`] for a difference that needs a decision.
    pub fn between(before: &Snapshot, after: &Snapshot) -> Result<Vec<Self>, GeneratorError> {
        if let Some(gone) = before.tables.iter().find(|table| after.table(&table.name).is_none()) {
            return Err(refuse(&gone.name, "the table is gone, and its rows would be lost".into()));
        }
        let mut changes = Vec::new();
        for table in &after.tables {
            let steps = match before.table(&table.name) {
                None => vec![Step::CreateTable],
                Some(old) if old == table => continue,
                Some(old) => steps(old, table)?,
            };
            let before = before.table(&table.name).cloned();
            changes.push(Self { before, after: table.clone(), steps });
        }
        Ok(changes)
    }

    /// What happens, as the name of a migration.
    #[must_use]
    pub fn name(&self) -> String {
        let table = &self.after.name;
        let (first, more) = match self.steps.as_slice() {
            [first] => (first, ""),
            [first, ..] => (first, "_and_more"),
            [] => unreachable!("a change has steps"),
        };
        let name = match first {
            Step::CreateTable => format!("create_{table}"),
            Step::DropIndex(index) => format!("{table}_drop_index_{}", index.columns.join("_")),
            Step::DropColumn(column) => format!("{table}_drop_{}", column.name),
            Step::AddColumn(column) => format!("{table}_add_{}", column.name),
            Step::CreateIndex(index) => format!("{table}_index_{}", index.columns.join("_")),
        };
        (name + more)
            .replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
            .to_ascii_lowercase()
    }

    /// Whether the table is new.
    #[must_use]
    pub fn is_creation(&self) -> bool {
        self.before.is_none()
    }

    /// The SQL of one direction on one database, in order.
    ///
    /// # Errors
    ///
    /// [`SchemaError::UnsupportedBackend`].
    pub fn statements(
        &self,
        direction: Direction,
        backend: DbBackend,
    ) -> Result<Vec<String>, SchemaError> {
        let mut statements = Vec::new();
        match direction {
            Direction::Up => {
                for step in &self.steps {
                    statements.extend(self.statement(step, direction, backend)?);
                }
            }
            Direction::Down => {
                for step in self.steps.iter().rev() {
                    statements.extend(self.statement(step, direction, backend)?);
                }
            }
        }
        Ok(statements)
    }

    fn statement(
        &self,
        step: &Step,
        direction: Direction,
        backend: DbBackend,
    ) -> Result<Vec<String>, SchemaError> {
        // What is dropped is described before, what is made after.
        let after = &self.after;
        let before = self.before.as_ref().unwrap_or(after);
        match (step, direction) {
            (Step::CreateTable, Direction::Up) => create_table_from(after, backend),
            (Step::CreateTable, Direction::Down) => drop_table(after, backend),
            (Step::DropIndex(index), Direction::Up) => drop_index(before, index, backend),
            (Step::DropIndex(index), Direction::Down) => create_index(before, index, backend),
            (Step::DropColumn(column), Direction::Up) => drop_column(before, column, backend),
            (Step::DropColumn(column), Direction::Down) => add_column(before, column, backend),
            (Step::AddColumn(column), Direction::Up) => add_column(after, column, backend),
            (Step::AddColumn(column), Direction::Down) => drop_column(after, column, backend),
            (Step::CreateIndex(index), Direction::Up) => create_index(after, index, backend),
            (Step::CreateIndex(index), Direction::Down) => drop_index(after, index, backend),
        }
    }
}

fn refuse(table: &str, reason: String) -> GeneratorError {
    GeneratorError::NotDerivable { table: table.to_owned(), reason }
}

/// The steps from one description to the other: indexes go before their columns and come after.
fn steps(old: &TableSchema, new: &TableSchema) -> Result<Vec<Step>, GeneratorError> {
    let mut steps = Vec::new();
    for index in old.indexes.iter().filter(|index| !new.indexes.contains(index)) {
        steps.push(Step::DropIndex(index.clone()));
    }
    for column in old.columns.iter().filter(|column| new.column(&column.name).is_none()) {
        let name = &column.name;
        require_nullable(&old.name, column, format!("the column {name} is gone and was"))?;
        steps.push(Step::DropColumn(column.clone()));
    }
    for column in &new.columns {
        match old.column(&column.name) {
            Some(same) if same == column => {}
            Some(_) => {
                let reason = format!("the column {} has become another kind", column.name);
                return Err(refuse(&new.name, reason));
            }
            None => {
                let name = &column.name;
                require_nullable(&new.name, column, format!("the column {name} is new and is"))?;
                steps.push(Step::AddColumn(column.clone()));
            }
        }
    }
    for index in new.indexes.iter().filter(|index| !old.indexes.contains(index)) {
        steps.push(Step::CreateIndex(index.clone()));
    }
    if steps.is_empty() {
        let reason =
            "only the order of columns or indexes has changed, which no database can follow";
        return Err(refuse(&new.name, reason.to_owned()));
    }
    Ok(steps)
}

/// Rows that exist, or come back when the migration is taken back, have no value for the column.
fn require_nullable(
    table: &str,
    column: &ColumnSchema,
    what: String,
) -> Result<(), GeneratorError> {
    if column.primary_key {
        return Err(refuse(table, format!("{what} the primary key")));
    }
    if column.unique {
        return Err(refuse(table, format!("{what} unique, which SQLite cannot change")));
    }
    if !column.null {
        return Err(refuse(table, format!("{what} not nullable, and there is no value for it")));
    }
    Ok(())
}
