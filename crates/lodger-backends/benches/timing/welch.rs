//! Welch's t.

/// The parts of the times that are looked at: all, and those without the longest.
const PARTS: [f64; 8] = [1.0, 0.999, 0.99, 0.95, 0.9, 0.75, 0.5, 0.25];

/// The times of all samples, and their classes.
#[derive(Default)]
pub(crate) struct Times(Vec<(bool, u64)>);

/// Count, mean, and the sum of squared distances from it, as Welford computes them.
#[derive(Clone, Copy, Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, time: f64) {
        self.count += 1.0;
        let distance = time - self.mean;
        self.mean += distance / self.count;
        self.squares += distance * (time - self.mean);
    }

    /// The variance of the mean.
    fn uncertainty(&self) -> f64 {
        self.squares / (self.count - 1.0) / self.count
    }
}

impl Times {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn add(&mut self, class: bool, time: u64) {
        self.0.push((class, time));
    }

    pub(crate) fn median(&self) -> u64 {
        self.longest_of(0.5)
    }

    /// The highest amount of t in any of the parts.
    pub(crate) fn highest_t(&self) -> f64 {
        PARTS.iter().map(|part| self.t(self.longest_of(*part)).abs()).fold(0.0, f64::max)
    }

    /// The time that so great a part of all does not exceed.
    fn longest_of(&self, part: f64) -> u64 {
        let mut sorted: Vec<u64> = self.0.iter().map(|(_, time)| *time).collect();
        sorted.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in it"
        )]
        let place = (part * sorted.len() as f64) as usize;
        sorted[place.min(sorted.len() - 1)]
    }

    /// Welch's t of the times up to this one.
    fn t(&self, longest: u64) -> f64 {
        let mut classes = [Moments::default(); 2];
        for (class, time) in self.0.iter().filter(|(_, time)| *time <= longest) {
            classes[usize::from(*class)].add(*time as f64);
        }
        let [first, second] = classes;
        let uncertainty = (first.uncertainty() + second.uncertainty()).sqrt();
        if uncertainty > 0.0 { (first.mean - second.mean) / uncertainty } else { 0.0 }
    }
}
