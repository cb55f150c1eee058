use anyhow::Result;

use crate::interop::agreement::is_dead;
use crate::interop::expectation::{expect, holds};
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::{Reply, Visitor, is_removal};

pub(super) fn a_logout_at_django_holds_at_lodger(_: &Stage, pair: &Pair) -> Result<()> {
    logged_out(pair, |visitor| pair.django.logout(visitor))
}

pub(super) fn a_logout_at_lodger_holds_at_django(_: &Stage, pair: &Pair) -> Result<()> {
    logged_out(pair, |visitor| pair.demo.logout(visitor))
}

fn logged_out(pair: &Pair, logout: impl Fn(&Visitor) -> Result<Reply>) -> Result<()> {
    let visitor = Visitor::new();
    pair.demo.add_to_basket(&visitor, "a lamp")?;
    pair.django.login(&visitor)?;
    pair.demo.home(&visitor)?;
    let key = visitor.expect_key()?;

    let reply = logout(&visitor)?;
    holds("the cookie is taken away", reply.cookie.as_ref().is_some_and(is_removal))?;
    is_dead(pair, &key)?;

    // Somebody who kept the cookie begins anew on each side, and the key stays dead. Where the cookie
    // is the data, it is the browser that must have forgotten it.
    for at_lodger in [true, false] {
        let keeper = if pair.engine().has_keys() {
            Visitor::with_key(&key)
        } else {
            expect("the browser's cookie", visitor.key(), None)?;
            Visitor::new()
        };
        if at_lodger {
            let home = pair.demo.home(&keeper)?;
            expect("a first visit to Lodger", (home.visits, home.basket.len()), (1, 0))?;
            expect("the user there", home.user_id, None)?;
        } else {
            let seen = pair.django.count(&keeper, "visits")?;
            expect("the fields of a first visit to Django", seen.fields.len(), 1)?;
            expect("the user there", seen.user_id, None)?;
        }
        holds("the key is another one", keeper.expect_key()? != key)?;
        is_dead(pair, &key)?;
    }
    Ok(())
}
