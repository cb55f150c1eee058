use super::outcome::Verdict;

/// Reads what a test binary prints for people, line by line.
///
/// A test that prints without being captured can tear its own line. The summary that ends each
/// block then shows what is missing, so that no test is lost from the count.
#[derive(Debug, Default)]
pub(super) struct Reader {
    found: Vec<(String, Verdict)>,
    block: Block,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Block {
    open: bool,
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl Reader {
    pub(super) fn line(&mut self, line: &str) {
        if line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test")) {
            self.close_unfinished();
            self.block = Block { open: true, ..Block::default() };
        } else if let Some(summary) = summary(line) {
            self.settle(summary);
        } else if let Some((name, verdict)) = result(line) {
            match verdict {
                Verdict::Passed => self.block.passed += 1,
                Verdict::Failed => self.block.failed += 1,
                Verdict::Skipped(_) => self.block.ignored += 1,
            }
            self.found.push((name, verdict));
        }
    }

    /// The tests by name, once the output has ended; `succeeded` is the process's own verdict.
    pub(super) fn finish(mut self, succeeded: bool) -> Vec<(String, Verdict)> {
        self.close_unfinished();
        let failed = self.found.iter().any(|(_, verdict)| *verdict == Verdict::Failed);
        if !succeeded && !failed {
            self.found.push(("(ended with an error)".to_owned(), Verdict::Failed));
        }
        self.found
    }

    fn settle(&mut self, summary: Block) {
        let mut add = |count: usize, verdict: &Verdict| {
            let unread = ("(unread line)".to_owned(), verdict.clone());
            self.found.extend(std::iter::repeat_n(unread, count));
        };
        add(summary.passed.saturating_sub(self.block.passed), &Verdict::Passed);
        add(summary.failed.saturating_sub(self.block.failed), &Verdict::Failed);
        let ignored = Verdict::Skipped("ignored".to_owned());
        add(summary.ignored.saturating_sub(self.block.ignored), &ignored);
        self.block = Block::default();
    }

    /// A block without a summary is a process that crashed in it.
    fn close_unfinished(&mut self) {
        if std::mem::take(&mut self.block).open {
            self.found.push(("(ended within a test)".to_owned(), Verdict::Failed));
        }
    }
}

/// `test a::b ... ok`
fn result(line: &str) -> Option<(String, Verdict)> {
    let (name, verdict) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let verdict = match verdict.split_once(", ").map_or(verdict, |(verdict, _)| verdict) {
        "ok" => Verdict::Passed,
        "FAILED" => Verdict::Failed,
        "ignored" => Verdict::Skipped(
            verdict.split_once(", ").map_or("ignored", |(_, reason)| reason).to_owned(),
        ),
        _ => return None,
    };
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    Some((name.to_owned(), verdict))
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s`
fn summary(line: &str) -> Option<Block> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let mut block = Block::default();
    for part in counts.split("; ") {
        let Some((number, word)) = part.split_once(' ') else { continue };
        let count = match word {
            "passed" => &mut block.passed,
            "failed" => &mut block.failed,
            "ignored" => &mut block.ignored,
            _ => continue,
        };
        *count = number.parse().ok()?;
    }
    Some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(output: &str, succeeded: bool) -> Vec<(String, Verdict)> {
        let mut reader = Reader::default();
        output.lines().for_each(|line| reader.line(line));
        reader.finish(succeeded)
    }

    fn count(found: &[(String, Verdict)]) -> (usize, usize, usize) {
        let of = |wanted: fn(&Verdict) -> bool| {
            found.iter().filter(|(_, verdict)| wanted(verdict)).count()
        };
        (
            of(|verdict| *verdict == Verdict::Passed),
            of(|verdict| *verdict == Verdict::Failed),
            of(|verdict| matches!(verdict, Verdict::Skipped(_))),
        )
    }

    #[test]
    fn each_result_is_read_with_its_name() {
        let found = read(
            "\nrunning 4 tests\n\
             test a::one ... ok\n\
             test a::two - should panic ... ok\n\
             test b ... FAILED\n\
             test c ... ignored, needs a network\n\
             \nfailures:\n\n---- b stdout ----\ntest of something ... or other\n\n\
             test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; \
             finished in 0.00s\n",
            false,
        );
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a::one", "a::two", "b", "c"]);
        assert_eq!(count(&found), (2, 1, 1));
        assert_eq!(found[3].1, Verdict::Skipped("needs a network".to_owned()));
    }

    #[test]
    fn a_torn_line_is_counted_by_the_summary() {
        let found = read(
            "running 2 tests\ntest a ... noise from a thread\nok\ntest b ... ok\n\
             test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n",
            true,
        );
        assert_eq!(count(&found), (2, 0, 0));
    }

    #[test]
    fn doc_tests_come_in_several_blocks() {
        let block = "running 1 test\ntest crates/a/src/lib.rs - (line 3) ... ok\n\
                     test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
        let found = read(&format!("{block}all doctests ran in 0.1s\n{block}"), true);
        assert_eq!(count(&found), (2, 0, 0));
        assert_eq!(found[0].0, "crates/a/src/lib.rs - (line 3)");
    }

    #[test]
    fn a_crash_within_a_block_is_a_failure() {
        assert_eq!(count(&read("running 2 tests\ntest a ... ok\n", false)), (1, 1, 0));
    }

    #[test]
    fn a_process_that_fails_without_a_failed_test_is_a_failure() {
        let output = "running 0 tests\n\
                      test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured\n";
        assert_eq!(count(&read(output, false)), (0, 1, 0));
        assert_eq!(count(&read(output, true)), (0, 0, 0));
    }
}
