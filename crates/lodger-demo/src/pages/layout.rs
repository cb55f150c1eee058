//! What all pages share.

use maud::{DOCTYPE, Markup, html};

use super::page::Page;
use crate::visitor::Visitor;

/// The whole document around a page.
pub(crate) fn around(page: &impl Page) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title()) " · Lodger’s demo" }
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header {
                    (navigation(page.address(), page.visitor()))
                }
                main #content { (page.content()) }
                footer {
                    p {
                        "A demo of " strong { "Lodger" }
                        ", sessions for Rust that Django can share. No scripts; programs that send "
                        code { "Accept: application/json" } " get each page as JSON."
                    }
                }
            }
        }
    }
}

fn navigation(address: &str, visitor: Option<&Visitor>) -> Markup {
    let called = visitor.and_then(Visitor::called);
    html! {
        nav aria-label="Pages" {
            a.brand href="/" aria-label="Lodger’s demo, home" {
                img src="/icon.svg" alt="" width="28" height="28";
                span { "Lodger" }
            }
            ul {
                (link("/", "Home", address))
                (link("/session", "Your session", address))
                @if visitor.is_some() && called.is_none() { (link("/login", "Log in", address)) }
            }
        }
        @if let Some(name) = called {
            form.who method="post" action="/logout" {
                span { "Logged in as " strong { (name) } }
                button.quiet { "Log out" }
            }
        }
    }
}

fn link(to: &str, text: &str, address: &str) -> Markup {
    html! {
        li { a href=(to) aria-current=[(to == address).then_some("page")] { (text) } }
    }
}
