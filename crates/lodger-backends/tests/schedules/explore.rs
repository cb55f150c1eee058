//! How a scenario is run: again and again, in another order of its steps each time.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;

use shuttle::scheduler::{PctScheduler, RandomScheduler, ReplayScheduler};
use shuttle::{Config, Runner};

/// How many schedules each scenario is tried in, if nobody says.
const SCHEDULES: usize = 1000;

/// How many times the schedules of the second kind prefer another task than before.
const DEPTH: usize = 3;

/// Runs a scenario in as many schedules as `LODGER_SCHEDULES` says, drawn from `LODGER_SEED`: half of
/// them choose every step at random, half keep to an order of the tasks that changes a few times. A
/// schedule that fails is printed, and run alone where `LODGER_SCHEDULE` holds it.
pub(crate) fn explore(scenario: fn()) {
    if let Ok(schedule) = env::var("LODGER_SCHEDULE") {
        let again = ReplayScheduler::new_from_encoded(&schedule);
        Runner::new(again, config()).run(scenario);
        return;
    }
    let wanted: usize = number("LODGER_SCHEDULES").unwrap_or(SCHEDULES);
    let seed: u64 = number("LODGER_SEED").unwrap_or(0);
    let random = RandomScheduler::new_from_seed(seed, wanted.div_ceil(2));
    let preferring = PctScheduler::new_from_seed(seed, DEPTH, wanted / 2);
    let tried = Runner::new(random, config()).run(scenario)
        + Runner::new(preferring, config()).run(scenario);
    count(tried);
}

fn config() -> Config {
    let mut config = Config::new();
    // Code that was not optimized takes more than it gives by itself.
    config.stack_size = 1 << 18;
    config.silence_warnings = true;
    config
}

fn number<N: std::str::FromStr>(variable: &str) -> Option<N> {
    let text = env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}

fn count(schedules: usize) {
    let Some(path) = env::var_os("LODGER_COUNTS") else { return };
    let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(format!("schedules: {schedules}\n").as_bytes()).unwrap();
}
