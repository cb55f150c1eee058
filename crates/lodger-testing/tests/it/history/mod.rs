//! The checker of histories, tried on histories.

mod anomaly;
mod order;
mod properties;
mod reader;
mod sequential;
