//! What is memcached's own: its servers' ends, its values, its numbers.

mod entry;

mod round_trip;

mod cache;
mod change_of_key;
mod recorded;
mod time_to_live;

mod bad_value;
mod dropped;
mod eviction;
mod hostile_server;
mod outage;
mod several_servers;
mod size;
