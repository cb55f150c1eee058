//! Every recorded scenario of Django's middleware, through the layer and a database.

mod action;
mod difference;
mod outcome;
mod record;
mod run;
mod scenario;

mod agreement;
