//! Server-side sessions, byte-compatible with Django, that lose no update
