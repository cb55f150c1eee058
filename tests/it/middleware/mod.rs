//! Every recorded scenario of Django's middleware, through the layer and what stands for its engine.

mod action;
mod difference;
mod engine;
mod outcome;
mod record;
mod run;
mod scenario;
mod stored;

mod agreement;
