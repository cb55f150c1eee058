//! The targets of the fuzzer as ordinary tests, over the seeds and over changed copies of them.

mod seeds;
