//! One request after another, without a framework.

mod answer;
mod failure;
mod finish;
mod touch;
mod visit;
