//! A small web site that shows Lodger sessions at work.

fn main() {}
