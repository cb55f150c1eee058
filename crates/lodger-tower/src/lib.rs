//! Lodger sessions for tower and axum
