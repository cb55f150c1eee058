//! The basket of a visitor, known by name or not.

use axum::response::Redirect;
use lodger::axum::Session;
use serde::Deserialize;

use crate::form::{Form, typed};
use crate::refusal::Refusal;

/// The field that holds the basket, a list of texts.
pub(crate) const FIELD: &str = "basket";

/// The longest name of an item, in characters.
pub(crate) const LONGEST_ITEM: usize = 100;

/// How many items go into a basket.
const CAPACITY: usize = 100;

#[derive(Deserialize)]
pub(crate) struct Adding {
    item: String,
}

/// Puts an item in. `append` keeps also what another tab puts in at the same moment.
pub(crate) async fn add(
    session: Session,
    Form(Adding { item }): Form<Adding>,
) -> Result<Redirect, Refusal> {
    let item = typed(&item, "the name of an item", LONGEST_ITEM)?;
    let basket: Vec<String> = session.get(FIELD)?.unwrap_or_default();
    if basket.len() >= CAPACITY {
        return Err(Refusal::of_form(format!("Your basket is full: it holds {CAPACITY} items.")));
    }
    session.append(FIELD, item)?;
    Ok(Redirect::to("/"))
}

#[derive(Deserialize)]
pub(crate) struct Removing {
    index: usize,
    /// What stood at the index on the page that was used; it may have moved since.
    item: Option<String>,
}

/// Takes an item out. One that is gone already is no error: that is what was asked for.
pub(crate) async fn remove(
    session: Session,
    Form(removing): Form<Removing>,
) -> Result<Redirect, Refusal> {
    let basket: Option<Vec<String>> = session.get(FIELD)?;
    // A visitor without a basket is not given one.
    if basket.is_some_and(|basket| place(&basket, &removing).is_some()) {
        session.modify(FIELD, move |basket: Option<Vec<String>>| {
            let mut basket = basket.unwrap_or_default();
            if let Some(index) = place(&basket, &removing) {
                basket.remove(index);
            }
            basket
        })?;
    }
    Ok(Redirect::to("/"))
}

/// Where the item is that is to be removed.
fn place(basket: &[String], removing: &Removing) -> Option<usize> {
    let index = removing.index;
    let Some(item) = &removing.item else { return (index < basket.len()).then_some(index) };
    if basket.get(index) == Some(item) {
        return Some(index);
    }
    basket.iter().position(|held| held == item)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_of(index: usize, item: Option<&str>) -> Option<usize> {
        let basket = ["tea", "milk", "tea"].map(str::to_owned);
        place(&basket, &Removing { index, item: item.map(str::to_owned) })
    }

    #[test]
    fn the_index_alone_says_which_item_goes() {
        assert_eq!(place_of(1, None), Some(1));
        assert_eq!(place_of(3, None), None);
    }

    #[test]
    fn an_item_that_moved_is_found_and_no_other_goes_in_its_place() {
        assert_eq!(place_of(2, Some("tea")), Some(2));
        assert_eq!(place_of(0, Some("milk")), Some(1));
        assert_eq!(place_of(0, Some("salt")), None);
    }
}
