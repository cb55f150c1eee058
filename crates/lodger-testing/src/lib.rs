//! The contract of a Lodger session store as a test suite, and stores and clocks for tests
