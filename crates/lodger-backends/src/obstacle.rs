//! Why a write finds another record than it states.

use lodger_core::{Cycled, Loaded, Swapped, Touched};

/// What stands in the way of a write that states a version.
pub(crate) enum Obstacle {
    Moved(Loaded),
    Gone,
}

impl From<Obstacle> for Swapped {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Moved(loaded) => Self::Moved(loaded),
            Obstacle::Gone => Self::Gone,
        }
    }
}

impl From<Obstacle> for Touched {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Moved(loaded) => Self::Moved(loaded),
            Obstacle::Gone => Self::Gone,
        }
    }
}

impl From<Obstacle> for Cycled {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Moved(loaded) => Self::Moved(loaded),
            Obstacle::Gone => Self::Gone,
        }
    }
}
