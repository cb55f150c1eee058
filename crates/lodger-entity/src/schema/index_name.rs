//! Django's rule for the names of indexes.

use std::fmt::Write as _;

use md5::{Digest, Md5};
use sea_orm::DbBackend;

use super::{SchemaError, dialect::Dialect};

/// The name that Django (1.11 and later) gives to an index.
///
/// `<table>_<columns>_<hash><suffix>`, where the hash is the first eight hexadecimal digits of the
/// MD5 of the table's and the columns' names put together. A name that is longer than the database
/// takes is shortened: a suffix part of more than a third of the room is cut to it, table and
/// columns share what is left, and a result that starts with an underscore or a digit gets a `D` in
/// front and loses its last character. Lengths count characters.
///
/// # Errors
///
/// [`SchemaError::UnsupportedBackend`] for a database that is none of the three.
///
/// # Django
///
/// `BaseDatabaseSchemaEditor._create_index_name`. Tables made by 1.8 to 1.10 have other names, which
/// no upgrade changes: never look an index up by its name.
///
/// ```
/// use lodger_entity::schema::index_name;
/// use sea_orm::DbBackend;
///
/// assert_eq!(
///     index_name(DbBackend::Postgres, "django_session", &["expire_date"], "")?,
///     "django_session_expire_date_a5c62663"
/// );
/// # Ok::<(), lodger_entity::schema::SchemaError>(())
/// ```
pub fn index_name(
    backend: DbBackend,
    table: &str,
    columns: &[&str],
    suffix: &str,
) -> Result<String, SchemaError> {
    let max_length = Dialect::try_from(backend)?.max_name_length();
    Ok(shortened(table, columns, suffix, max_length))
}

pub(super) fn shortened(table: &str, columns: &[&str], suffix: &str, max_length: usize) -> String {
    let columns_part = columns.join("_");
    let mut hash_part = digest(table, columns) + suffix;
    let whole = format!("{table}_{columns_part}_{hash_part}");
    if whole.chars().count() <= max_length {
        return whole;
    }
    // Python compares with the exact third and cuts at the whole one.
    if hash_part.chars().count() * 3 > max_length {
        hash_part = first(&hash_part, max_length / 3);
    }
    let other_length = ((max_length - hash_part.chars().count()) / 2).saturating_sub(1);
    let name = format!(
        "{}_{}_{hash_part}",
        first(table, other_length),
        first(&columns_part, other_length)
    );
    if name.starts_with(|start: char| start == '_' || start.is_numeric()) {
        let kept = name.chars().count() - 1;
        return format!("D{}", first(&name, kept));
    }
    name
}

fn first(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

/// Django's `names_digest(table, *columns, length=8)`.
fn digest(table: &str, columns: &[&str]) -> String {
    let mut md5 = Md5::new();
    md5.update(table);
    for column in columns {
        md5.update(column);
    }
    md5.finalize().iter().take(4).fold(String::with_capacity(8), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes every text");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of (table, columns, suffix, longest, name), as Django's own function answers.
    #[test]
    fn names_that_are_too_long_are_shortened_as_django_does() {
        let umlauts = "ä".repeat(50);
        let nines = "9".repeat(40);
        let rows: [(&str, &[&str], &str, usize, &str); 4] = [
            ("a_rather_long_table", &["a_column"], "_like", 30, "a_rather__a_column_a2390b1f_l"),
            (
                "a_rather_long_table",
                &["a_column", "another"],
                "",
                30,
                "a_rather_l_a_column_a_78a1ec07",
            ),
            (&umlauts, &["ß"], "", 63, &format!("{umlauts}_ß_ce1c72aa")),
            (&nines, &["x"], "_uniq", 30, "D999999999_x_0e20d2a0_"),
        ];
        for (table, columns, suffix, longest, expected) in rows {
            assert_eq!(shortened(table, columns, suffix, longest), expected);
        }
    }
}
