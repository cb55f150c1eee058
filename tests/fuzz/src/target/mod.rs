//! The targets: one for each reader of foreign bytes.

mod cache_value;
mod caching_headers;
mod codec;
mod compressed;
mod cookie_header;
mod expiry;
mod file;
mod json;
mod key;
mod language;
mod legacy;
mod memcached_reply;
mod number;
mod pickle;
mod redis_reply;
mod settings;
mod signed_cookie;
mod url;

mod row;

/// What is fuzzed.
pub struct Target {
    /// As its module and its folder of seeds are called.
    pub name: &'static str,
    /// Panics where a property does not hold for these bytes.
    pub check: fn(&[u8]),
}

macro_rules! targets {
    ($($name:ident)*) => {
        &[$(Target { name: stringify!($name), check: $name::check }),*]
    };
}

/// All of them, in alphabetical order.
pub const TARGETS: &[Target] = targets! {
    cache_value caching_headers codec compressed cookie_header expiry file json key language legacy
    memcached_reply number pickle redis_reply settings signed_cookie url
};
