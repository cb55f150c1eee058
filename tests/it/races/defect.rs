//! A checker that finds nothing where something is wrong is broken.

use std::collections::HashSet;

use lodger_tests::races::{Defect, Hunt};
use lodger_tests::report::count;

#[tokio::test(flavor = "multi_thread")]
async fn every_seeded_defect_is_found() {
    for defect in Defect::ALL {
        let caught = Hunt::new(1).run(defect).await.unwrap();
        assert!(caught.is_some(), "not found: {defect}");
    }
    count("seeded defects found", Defect::ALL.len());
}

#[test]
fn there_are_fifteen_and_more_and_each_has_a_name_of_its_own() {
    let names: HashSet<String> = Defect::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), Defect::ALL.len());
    assert!(names.len() >= 15 && names.contains("blind upsert"), "{names:?}");
}
