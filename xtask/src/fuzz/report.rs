use std::fmt;
use std::path::PathBuf;

/// What fuzzing a target came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Report {
    target: String,
    executions: u64,
    each_second: u64,
    /// Inputs that reach something which no other reaches.
    corpus: usize,
    pub(super) crashes: Vec<PathBuf>,
}

impl Report {
    /// From what the fuzzer printed at its end; what it does not say is zero, as after a crash.
    pub(super) fn read(target: &str, printed: &str, corpus: usize, crashes: Vec<PathBuf>) -> Self {
        let number = |name: &str| {
            let line = printed.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.trim().parse().ok()).unwrap_or(0)
        };
        Self {
            target: target.to_owned(),
            executions: number("stat::number_of_executed_units:"),
            each_second: number("stat::average_exec_per_sec:"),
            corpus,
            crashes,
        }
    }

    pub(super) fn head() -> String {
        columns(["target", "executions", "each second", "corpus", "crashes"])
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, executions, each_second, corpus, crashes } = self;
        let [executions, each_second] = [executions, each_second].map(u64::to_string);
        let [corpus, crashes] = [*corpus, crashes.len()].map(|count| count.to_string());
        f.write_str(&columns([target, &executions, &each_second, &corpus, &crashes]))
    }
}

fn columns([target, executions, each_second, corpus, crashes]: [&str; 5]) -> String {
    format!("{target:<16} {executions:>12} {each_second:>12} {corpus:>8} {crashes:>8}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_fuzzer_prints_at_its_end_is_read() {
        let printed = "#2\tINITED cov: 5\nDone 900 runs in 3 second(s)\n\
                       stat::number_of_executed_units: 900\n\
                       stat::average_exec_per_sec:     300\n";
        let report = Report::read("json", printed, 12, Vec::new());
        assert_eq!(
            report.to_string(),
            "json                      900          300       12        0"
        );
        let crashed = Report::read("json", "", 0, vec!["crash-1".into()]);
        assert_eq!((crashed.executions, crashed.crashes.len()), (0, 1));
    }
}
