//! Sessions in signed cookies.

mod commit;
mod end_to_end;
mod hostile;
mod lifetime;
mod release;
mod revocation;
mod revocation_failure;
mod size;
