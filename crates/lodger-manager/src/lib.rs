//! Sessions over any store and codec: open, commit, clear
