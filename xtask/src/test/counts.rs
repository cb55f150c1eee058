use std::collections::BTreeMap;

/// What the tests counted themselves, such as recorded vectors: one sum for each thing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts(BTreeMap<String, u64>);

impl Counts {
    /// Reads lines `what: count`.
    pub(super) fn read(lines: &str) -> Self {
        let mut counts = BTreeMap::new();
        for (what, count) in lines.lines().filter_map(|line| line.rsplit_once(": ")) {
            if let Ok(count) = count.trim().parse::<u64>() {
                *counts.entry(what.trim().to_owned()).or_default() += count;
            }
        }
        Self(counts)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(what, count)| (what.as_str(), *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_one_thing_are_added() {
        let counts = Counts::read("vectors codec: 90\nvectors db: 4\n\nvectors codec: 3\ntorn\n");
        let read: Vec<_> = counts.iter().collect();
        assert_eq!(read, [("vectors codec", 93), ("vectors db", 4)]);
    }
}
