//! A history that was kept is checked again by whoever has it.

use std::path::Path;

use lodger_tests::races::{Plan, RaceBackend, Round, check_files};

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_history_is_checked_again_and_a_change_in_it_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan { sessions: 4, processes: 2, tasks: 2, events: 300, seed: 3 };
    let (backend, program) = (RaceBackend::Memory, Path::new("not needed"));
    let round = Round { backend, plan, program, folder: folder.path() };
    let (tally, _) = round.run().await.unwrap().expect("memory is always there");
    let files = [round.history()];
    let checked = |files: &[_]| check_files(files, false).unwrap().remove(0);
    let (_, again, verdict) = checked(&files);
    assert_eq!(again.events(), tally.events());
    assert!(again.is_clean(), "{verdict:#?}");

    let history = std::fs::read_to_string(&files[0]).unwrap();
    // A load now claims to have seen what nobody wrote.
    let forged =
        history.replacen(r#""seen":{"live":{"tags":[""#, r#""seen":{"live":{"tags":["x"#, 1);
    assert_ne!(forged, history);
    std::fs::write(&files[0], forged).unwrap();
    let (_, forged, _) = checked(&files);
    assert!(forged.anomalies > 0);
}
