use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lodger_fuzz::{TARGETS, Target};

/// The most seeds of a target, and the most bytes of all seeds.
const MOST_SEEDS: usize = 30;
const MOST_BYTES: usize = 300_000;

/// How many changed copies of its seeds a target is tried with.
const CHANGED: u32 = 2000;
/// A slow machine tries fewer of them.
const PATIENCE: Duration = Duration::from_secs(3);

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let files = fs::read_dir(corpus().join(target)).expect("a target has a folder of seeds");
    let mut paths: Vec<PathBuf> =
        files.map(|file| file.expect("the folder can be read").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).expect("a seed can be read")))
        .collect()
}

#[test]
fn each_target_has_a_few_small_seeds_and_each_folder_of_seeds_a_target() {
    let folders: BTreeSet<String> = fs::read_dir(corpus())
        .unwrap()
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    let names: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(folders, names);
    let mut bytes = 0;
    for target in TARGETS {
        let seeds = seeds(target.name);
        assert!((1..=MOST_SEEDS).contains(&seeds.len()), "{}: {}", target.name, seeds.len());
        bytes += seeds.iter().map(|(_, seed)| seed.len()).sum::<usize>();
    }
    assert!(bytes <= MOST_BYTES, "{bytes} bytes of seeds");
}

/// Promise 10
/// Promise 15
#[test]
fn every_property_holds_for_the_seeds_and_for_changed_copies() {
    for target in TARGETS {
        let seeds = seeds(target.name);
        for (path, seed) in &seeds {
            tried(target, seed, || path.display().to_string());
        }
        let mut chance = Chance(0x5EED);
        let began = Instant::now();
        for number in 0..CHANGED {
            if began.elapsed() > PATIENCE {
                break;
            }
            let bytes = changed(&seeds, &mut chance);
            tried(target, &bytes, || format!("changed copy {number}: {}", bytes.escape_ascii()));
        }
    }
}

fn tried(target: &Target, bytes: &[u8], what: impl Fn() -> String) {
    let check = AssertUnwindSafe(|| (target.check)(bytes));
    assert!(catch_unwind(check).is_ok(), "{} does not hold for {}", target.name, what());
}

/// Numbers that are the same in each run: SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ mixed >> 31) % end as u64).expect("it is below a usize")
    }
}

/// A copy of a seed with a few bytes changed, removed or doubled, or the end of another seed.
fn changed(seeds: &[(PathBuf, Vec<u8>)], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].1.clone();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, u8::try_from(chance.below(256)).expect("it is a byte")),
            2 if at < bytes.len() => {
                bytes.remove(at);
            }
            3 => {
                let other = &seeds[chance.below(seeds.len())].1;
                bytes.truncate(at);
                bytes.extend_from_slice(&other[at.min(other.len())..]);
            }
            4 => {
                let end = (at + chance.below(64)).min(bytes.len());
                bytes.extend_from_within(at..end);
            }
            _ if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            _ => {}
        }
    }
    bytes
}
