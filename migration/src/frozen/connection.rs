//! Lending a connection on.

use sea_orm_migration::SchemaManagerConnection;

/// The same connection, for a callee that takes its argument by value.
pub(crate) fn reborrow<'e>(db: &'e SchemaManagerConnection<'_>) -> SchemaManagerConnection<'e> {
    match db {
        SchemaManagerConnection::Connection(connection) => {
            SchemaManagerConnection::Connection(connection)
        }
        SchemaManagerConnection::Transaction(transaction) => {
            SchemaManagerConnection::Transaction(transaction)
        }
        SchemaManagerConnection::OwnedTransaction(transaction) => {
            SchemaManagerConnection::Transaction(transaction)
        }
    }
}
