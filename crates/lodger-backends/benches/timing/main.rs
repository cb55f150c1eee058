//! Whether a comparison takes longer for one kind of input than for another: `cargo xtask timing`.
//!
//! As dudect does it (Reparaz, Balasch, Verbauwhede, "Dude, is my code constant time?", 2017): inputs of
//! two classes come in random order, and Welch's t tells whether their times have the same mean, with
//! the longest times left out by several measures. Above 10 there is a difference; below 4.5 none was
//! seen. It is printed and nothing depends on it, since a busy machine shows differences that are none;
//! only the control has to show one, or the others mean nothing.
#![expect(clippy::print_stdout, reason = "it is a program")]

mod comparison;
mod measure;
mod welch;

use std::process::ExitCode;

use comparison::COMPARISONS;

/// Where a difference is certain.
const CERTAIN: f64 = 10.0;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--samples").skip(1);
    let samples = arguments.next().map(|number| number.parse().expect("--samples N"));
    let samples = samples.unwrap_or(1_000_000);
    println!("{:<64} {:>9} {:>9} {:>9}", "comparison", "samples", "|t|", "median");
    let mut control = 0.0;
    for (name, comparison) in COMPARISONS {
        let measured = measure::measure(&comparison(), samples);
        let (t, median) = (measured.highest_t(), measured.median());
        println!("{name:<64} {samples:>9} {t:>9.2} {median:>6} ns");
        control = t;
    }
    if control > CERTAIN {
        return ExitCode::SUCCESS;
    }
    println!("the control, which comes last, shows no difference: nothing was measured");
    ExitCode::FAILURE
}
