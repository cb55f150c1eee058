//! Session data in the bytes that Django writes and reads
