//! What the fuzzer calls; the target is named by `LODGER_FUZZ_TARGET`.
#![no_main]
#![cfg_attr(not(test), allow(missing_docs, reason = "the macro declares what the fuzzer links to"))]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lodger_fuzz::{TARGETS, Target};

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("LODGER_FUZZ_TARGET").expect("LODGER_FUZZ_TARGET names a target");
    TARGETS.iter().find(|target| target.name == name).expect("there is a target of this name")
});

fuzz_target!(|bytes: &[u8]| (TARGET.check)(bytes));
