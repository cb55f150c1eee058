use anyhow::Result;
use serde_json::json;

use crate::interop::agreement::agree;
use crate::interop::expectation::expect;
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;

pub(super) fn lodger_leaves_the_table_that_django_made(stage: &Stage, _: &Pair) -> Result<()> {
    let configuration = stage.empty()?;
    let project = stage.project(&configuration);
    project.migrate(&[])?;
    let django = stage.serve_django(&project)?;
    let visitor = Visitor::new();
    django.set(&visitor, "colour", &json!("blue"))?;

    // Its migration meets a table with a row in it, and the second time its own bookkeeping, too.
    for _ in 0..2 {
        let demo = stage.serve_demo(&configuration)?;
        expect("the row of before", demo.seen(&visitor)?.field("colour"), &json!("blue"))?;
    }
    // Nothing is left for Django to do.
    project.manage(&["migrate", "--check"])?;
    expect("Django's own view", django.seen(&visitor)?.field("colour"), &json!("blue"))
}

pub(super) fn django_takes_the_table_that_lodger_made(stage: &Stage, _: &Pair) -> Result<()> {
    let configuration = stage.empty()?;
    let demo = stage.serve_demo(&configuration)?;
    let visitor = Visitor::new();
    demo.set(&visitor, "colour", "blue")?;

    let project = stage.project(&configuration);
    project.migrate(&["--fake-initial"])?;
    project.manage(&["migrate", "--check"])?;
    let django = stage.serve_django(&project)?;
    let pair = Pair { django, demo, project, configuration };
    let seen = agree(&pair, &visitor)?;
    expect("the field of before", seen.field("colour"), &json!("blue"))?;

    pair.django.login(&visitor)?;
    agree(&pair, &visitor).map(drop)
}
