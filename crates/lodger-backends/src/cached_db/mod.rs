//! A cache in front of the database.
