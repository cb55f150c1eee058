//! Where a visitor says who they are.

use axum::response::Response;
use lodger::axum::Session;
use maud::{Markup, html};
use serde::Serialize;

use super::page::Page;
use crate::actions::login::LONGEST_NAME;
use crate::refusal::Refusal;
use crate::visitor::Visitor;
use crate::wanted::Wanted;

#[derive(Serialize)]
struct Login {
    #[serde(flatten)]
    visitor: Visitor,
}

/// Only looks: a visitor without a session leaves no row and gets no cookie.
pub(crate) async fn show(wanted: Wanted, session: Session) -> Result<Response, Refusal> {
    Ok(Login { visitor: Visitor::of(&session) }.answer(wanted))
}

impl Page for Login {
    fn title(&self) -> &str {
        "Log in"
    }

    fn visitor(&self) -> Option<&Visitor> {
        Some(&self.visitor)
    }

    fn address(&self) -> &'static str {
        "/login"
    }

    fn content(&self) -> Markup {
        html! {
            h1 { "Log in" }
            @if let Some(name) = self.visitor.called() {
                p {
                    "You are logged in as " strong { (name) }
                    ". Logging in under another name ends this session and begins a new one."
                }
            } @else {
                p {
                    "Any name will do, and there is no password: this page is about what happens to "
                    "your session. It gets a fresh key, so that nobody who knew the old one is logged "
                    "in with you, and it keeps your basket."
                }
            }
            form.row method="post" action="/login" {
                label for="name" { "Your name" }
                input #name name="name" required maxlength=(LONGEST_NAME) autocomplete="nickname";
                button { "Log in" }
            }
        }
    }
}
