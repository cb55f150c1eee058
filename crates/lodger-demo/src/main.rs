//! A small web site that shows Lodger sessions at work.
//!
//! In reading order: `arguments`, `command` (what they ask for), `store_url`, `store` (which opens what
//! a URL names), `secret_file`, `observed_store` (which notes down what the store is asked), `site`
//! (the routes), `pages` (what is shown), `actions` (what forms do).

mod actions;
mod arguments;
mod cache_url;
mod command;
mod cross_site;
mod database_url;
mod form;
mod journal;
mod observed_store;
mod pages;
mod percent;
mod refusal;
mod secret_file;
mod server;
mod site;
mod store;
mod store_url;
mod visitor;
mod wanted;
mod weak_key;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    match command::run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            command::complain(&error);
            ExitCode::FAILURE
        }
    }
}
