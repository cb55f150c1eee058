//! Where Lodger sessions are stored: databases and memory
