//! Tests of Lodger as a whole
