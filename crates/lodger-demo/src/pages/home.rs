//! The visit counter and the basket.

use axum::response::Response;
use lodger::axum::Session;
use maud::{Markup, html};
use serde::Serialize;

use super::page::Page;
use crate::actions::basket::{FIELD as BASKET_FIELD, LONGEST_ITEM};
use crate::refusal::Refusal;
use crate::visitor::Visitor;
use crate::wanted::Wanted;

/// The field that counts visits.
pub(crate) const VISITS_FIELD: &str = "visits";

#[derive(Serialize)]
struct Home {
    visits: i64,
    basket: Vec<String>,
    #[serde(flatten)]
    visitor: Visitor,
}

/// Counts the visit. `increment` counts also those that come in at the same moment.
pub(crate) async fn show(wanted: Wanted, session: Session) -> Result<Response, Refusal> {
    let home = Home {
        visits: session.increment(VISITS_FIELD, 1)?,
        basket: session.get(BASKET_FIELD)?.unwrap_or_default(),
        visitor: Visitor::of(&session),
    };
    Ok(home.answer(wanted))
}

impl Page for Home {
    fn title(&self) -> &str {
        "Home"
    }

    fn visitor(&self) -> Option<&Visitor> {
        Some(&self.visitor)
    }

    fn address(&self) -> &'static str {
        "/"
    }

    fn content(&self) -> Markup {
        html! {
            h1 {
                @match &self.visitor.user_name {
                    Some(name) => { "Hello, " (name) }
                    None => "Hello",
                }
            }
            section.counter {
                @if self.visits == 1 {
                    p.count { "This is your " strong { "first" } " visit" }
                    p.hint { "Reload the page, and it is your second." }
                } @else {
                    p.count { "You have been here " strong { (self.visits) } " times" }
                    p.hint {
                        "Counted in your session: no visit is lost, however many pages you open at once."
                    }
                }
            }
            section {
                h2 { "Your basket" }
                (self.items())
                form.row method="post" action="/basket" {
                    label for="item" { "Add an item" }
                    input #item name="item" required maxlength=(LONGEST_ITEM) autocomplete="off"
                        placeholder="a pound of tea";
                    button { "Add" }
                }
            }
        }
    }
}

impl Home {
    fn items(&self) -> Markup {
        if self.basket.is_empty() {
            return html! {
                p.empty {
                    "There is nothing in it yet. You need not log in: what you put in stays with you, "
                    "and is still there when you do."
                }
            };
        }
        html! {
            ul.basket {
                @for (index, item) in self.basket.iter().enumerate() {
                    li {
                        span { (item) }
                        form method="post" action="/basket/remove" {
                            input type="hidden" name="index" value=(index);
                            input type="hidden" name="item" value=(item);
                            button.quiet aria-label={ "Remove " (item) } { "Remove" }
                        }
                    }
                }
            }
        }
    }
}
