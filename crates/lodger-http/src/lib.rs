//! The HTTP side of Lodger sessions without a framework
