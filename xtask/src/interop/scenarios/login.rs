use anyhow::Result;
use serde_json::json;

use crate::interop::agreement::{agree, is_dead};
use crate::interop::expectation::{expect, holds};
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;

pub(super) fn a_visitor_who_logs_in_at_django_is_known_to_lodger(
    _: &Stage,
    pair: &Pair,
) -> Result<()> {
    let visitor = Visitor::new();
    pair.demo.add_to_basket(&visitor, "a lamp")?;
    let anonymous = visitor.expect_key()?;

    let user = pair.django.login(&visitor)?.user_id;
    holds("Django knows its user", user.is_some())?;
    holds("the login gave a new key", visitor.expect_key()? != anonymous)?;
    let home = pair.demo.home(&visitor)?;
    expect("the user on Lodger's front page", &home.user_id, &user)?;
    expect("the basket from before the login", home.basket, ["a lamp"])?;
    is_dead(pair, &anonymous)?;

    // What Lodger writes then does not log the visitor out.
    pair.demo.add_to_basket(&visitor, "a chair")?;
    let seen = agree(pair, &visitor)?;
    expect("the user after a write of Lodger's", &seen.user_id, &user)?;
    expect("the basket", seen.field("basket"), &json!(["a lamp", "a chair"]))
}

pub(super) fn a_visitor_who_logs_in_at_lodger_is_known_to_django(
    _: &Stage,
    pair: &Pair,
) -> Result<()> {
    let visitor = Visitor::new();
    pair.django.set(&visitor, "basket", &json!(["a lamp"]))?;
    let anonymous = visitor.expect_key()?;

    pair.demo.login(&visitor, "Ada")?;
    holds("the login gave a new key", visitor.expect_key()? != anonymous)?;
    let seen = pair.django.seen(&visitor)?;
    expect("the name in Django's view", seen.field("demo_user"), &json!("Ada"))?;
    expect("the basket from before the login", seen.field("basket"), &json!(["a lamp"]))?;
    expect("Django's own user", seen.user_id, None)?;
    is_dead(pair, &anonymous)?;

    // Both logins stand side by side.
    let user = pair.django.login(&visitor)?.user_id;
    let home = pair.demo.home(&visitor)?;
    expect("the name on Lodger's front page", home.user_name.as_deref(), Some("Ada"))?;
    expect("Django's user there", home.user_id, user)
}
