use anyhow::Result;
use serde_json::json;

use super::clearing;
use super::expiry;
use crate::interop::agreement::agree;
use crate::interop::expectation::expect;
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;
use crate::interop::window::Window;

/// Behind UTC by hours all year: a date taken for the other kind is off by far.
const ZONE: &str = "America/New_York";

/// A Django with `USE_TZ = False` stores its own wall clock's time.
pub(super) fn sites_that_store_local_time_agree(stage: &Stage, _: &Pair) -> Result<()> {
    let pair = stage.fresh(|configuration| configuration.with_time_zone(ZONE))?;
    for kind in ["seconds", "timedelta"] {
        let visitor = Visitor::new();
        pair.django.set(&visitor, "colour", &json!("blue"))?;
        let (window, _) = Window::around(|| pair.django.set_expiry(&visitor, kind, 1_000.0))?;
        let stored = pair.django.expect_stored(&visitor)?.expire_date()?;
        let window = window.wider(pair.engine().precision());
        window.plus(1_000.0, "the date that Django wrote", stored)?;
        expect("the colour", agree(&pair, &visitor)?.field("colour"), &json!("blue"))?;
    }
    expiry::slides_alike(&pair)?;
    // Where the table has the dates; caches and files know instants only.
    if pair.engine().has_table() { expiry::ends_alike(&pair) } else { Ok(()) }
}

pub(super) fn local_time_is_cleared_alike(stage: &Stage, _: &Pair) -> Result<()> {
    clearing::clear_alike(stage, |configuration| configuration.with_time_zone(ZONE))
}
