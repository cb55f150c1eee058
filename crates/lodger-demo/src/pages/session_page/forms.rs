//! The forms of the session page.

use maud::{Markup, html};

use crate::actions::session::{LONGEST_FIELD_NAME, LONGEST_LIFE, LONGEST_VALUE};

pub(super) fn field() -> Markup {
    html! {
        form.stack method="post" action="/session/field" {
            div {
                label for="field-name" { "Field" }
                input #field-name name="name" required maxlength=(LONGEST_FIELD_NAME)
                    autocomplete="off" autocapitalize="none" placeholder="colour";
            }
            div {
                label for="field-value" { "Value" }
                input #field-value name="value" maxlength=(LONGEST_VALUE) autocomplete="off"
                    placeholder="green";
            }
            button { "Set" }
        }
    }
}

pub(super) fn expiry() -> Markup {
    html! {
        form.row method="post" action="/session/expiry" {
            label for="seconds" { "Keep it for so many seconds after each save" }
            input #seconds name="seconds" type="number" min="0" max=(LONGEST_LIFE) step="1"
                inputmode="numeric" placeholder="1209600" aria-describedby="seconds-hint";
            button { "Set" }
            p.hint #seconds-hint { "Nothing: two weeks, the default. 0: until the browser closes." }
        }
    }
}

pub(super) fn cycle() -> Markup {
    html! {
        form method="post" action="/session/cycle" { button { "Change the key" } }
    }
}
