//! The session page as one sees it.

use maud::{Markup, html};

use super::forms;
use super::show::SessionPage;
use crate::pages::span;

pub(super) fn of(page: &SessionPage) -> Markup {
    html! {
        h1 { "Your session" }
        (place(page))
        (summary(page))
        section {
            h2 { "What is kept" }
            (fields(page))
            (forms::field())
        }
        section {
            h2 { "When it ends" }
            (end(page))
            (forms::expiry())
        }
        section {
            h2 { "What the store was asked" }
            (calls(page))
        }
        // What the browser keeps has no key that could die.
        @if page.digest.is_some() && page.kept.is_on_server() {
            section {
                h2 { "A fresh key" }
                p {
                    "Your data move to a new key, and the old one is worth nothing from then on. The "
                    "digest above changes with it. Logging in does the same."
                }
                (forms::cycle())
            }
        }
    }
}

fn place(page: &SessionPage) -> Markup {
    html! {
        p {
            @if page.kept.is_on_server() {
                "Your data are kept on the server, in " (page.kept) ". Your browser has only a random "
                "key, in a cookie. Whoever knows that key is you, so it is not shown here."
            } @else {
                "Your data are kept by your browser, in a cookie that the server has signed. Whoever "
                "has that cookie is you, so it is not shown here."
            }
        }
    }
}

fn summary(page: &SessionPage) -> Markup {
    let called = page.visitor.called();
    let secret = if page.kept.is_on_server() { "key" } else { "cookie" };
    html! {
        @match &page.digest {
            Some(digest) => {
                dl.summary {
                    div {
                        dt { "Session" }
                        dd { code { (digest) } span.hint { "a digest that stands for your " (secret) } }
                    }
                    div {
                        dt { "Visitor" }
                        dd { @match called { Some(name) => (name), None => "anonymous" } }
                    }
                }
            }
            None => {
                p.empty {
                    strong { "You have no session. " }
                    "Looking at this page does not begin one: nothing was stored, and no cookie was set. "
                    "Set a field below, or visit the " a href="/" { "home page" } ", which counts."
                }
            }
        }
    }
}

fn fields(page: &SessionPage) -> Markup {
    if page.fields.is_empty() {
        return html! { p.empty { "No fields. Set one, and it appears here." } };
    }
    html! {
        p {
            "Each field with its value, as JSON. Django sites that share the sessions see the same."
        }
        div.scroll tabindex="0" role="region" aria-label="Fields" {
            table {
                thead { tr { th scope="col" { "Field" } th scope="col" { "Value" } } }
                tbody {
                    @for (name, value) in page.fields.iter() {
                        tr { th scope="row" { code { (name) } } td { code { (value.as_str()) } } }
                    }
                }
            }
        }
    }
}

fn end(page: &SessionPage) -> Markup {
    let date = html! { time datetime=(page.expiry_date) { (readable(&page.expiry_date)) } };
    let stored = page.digest.is_some();
    html! {
        p {
            @if page.expire_at_browser_close {
                "With your browser: the cookie goes when it closes. Until " (date) " the data stay good."
            } @else if stored {
                "On " strong { (date) } ", in " (span::in_words(page.age)) "."
            } @else {
                "What is stored now would be kept until " (date) ", for "
                (span::in_words(page.age)) "."
            }
        }
        @if stored {
            p.hint {
                "Each save counts from anew, and this is the date that a save would set now. Looking at "
                "this page saves nothing."
            }
        }
    }
}

/// The date to the second, which is as much as anybody wants to read.
fn readable(rfc3339: &str) -> String {
    match (rfc3339.get(..10), rfc3339.get(11..19)) {
        (Some(date), Some(time)) => format!("{date} {time} UTC"),
        _ => rfc3339.to_owned(),
    }
}

fn calls(page: &SessionPage) -> Markup {
    if !page.kept.is_on_server() {
        return html! { p.empty { "Nothing. There is no store: your browser sent the data." } };
    }
    if page.store.is_empty() {
        return html! {
            p.empty {
                "Nothing. Your browser sent no key, so there was nothing to look for."
            }
        };
    }
    html! {
        p {
            "For this page, until it was drawn. A page that does not ask for your session would cost "
            "the store nothing."
        }
        div.scroll tabindex="0" role="region" aria-label="Calls to the store" {
            table {
                thead {
                    tr {
                        th scope="col" { "Call" }
                        th scope="col" { "Answer" }
                        th.number scope="col" { "Time" }
                    }
                }
                tbody { @for call in &page.store { (call.row()) } }
            }
        }
    }
}
