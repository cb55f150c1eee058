//! The scripts: each compares with what it is given, writes at most once in that case, and says
//! otherwise what is there.

use std::sync::LazyLock;

use redis::{Cmd, Script};

/// A fixed program that the server runs in one step.
pub(super) struct Program {
    code: &'static str,
    script: LazyLock<Script>,
}

/// What is there, and how long it has to live.
pub(super) static READ: Program =
    Program { code: READ_CODE, script: LazyLock::new(|| Script::new(READ_CODE)) };
/// Puts another value, with its lifetime, in the place of one.
pub(super) static SWAP: Program =
    Program { code: SWAP_CODE, script: LazyLock::new(|| Script::new(SWAP_CODE)) };
/// Gives another lifetime to a value.
pub(super) static TOUCH: Program =
    Program { code: TOUCH_CODE, script: LazyLock::new(|| Script::new(TOUCH_CODE)) };
/// Removes a value.
pub(super) static REMOVE: Program =
    Program { code: REMOVE_CODE, script: LazyLock::new(|| Script::new(REMOVE_CODE)) };
/// Puts a value under a free name in the place of one under another.
pub(super) static CYCLE: Program =
    Program { code: CYCLE_CODE, script: LazyLock::new(|| Script::new(CYCLE_CODE)) };
/// Removes what is there unless it is the value given.
pub(super) static SPARE: Program =
    Program { code: SPARE_CODE, script: LazyLock::new(|| Script::new(SPARE_CODE)) };

/// What was found in the place of what was stated.
macro_rules! unless_held {
    ($then:literal) => {
        concat!(
            "local held = redis.call('GET', KEYS[1])\n",
            "if not held then return false end\n",
            "if held ~= ARGV[1] then return {held, redis.call('PTTL', KEYS[1])} end\n",
            $then,
        )
    };
}

const READ_CODE: &str = "local held = redis.call('GET', KEYS[1])\n\
    if not held then return false end\n\
    return {held, redis.call('PTTL', KEYS[1])}";
const SWAP_CODE: &str = unless_held!("redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1");
const TOUCH_CODE: &str = unless_held!("redis.call('PEXPIRE', KEYS[1], ARGV[2]) return 1");
const REMOVE_CODE: &str = unless_held!("redis.call('DEL', KEYS[1]) return 1");
// The first write may be refused, for want of memory; the second is not.
const CYCLE_CODE: &str = unless_held!(
    "if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end\n\
     redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])\n\
     redis.call('DEL', KEYS[1]) return 1"
);
const SPARE_CODE: &str = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then \
    redis.call('DEL', KEYS[1]) end return 1";

impl Program {
    /// Runs it, if the server knows it.
    pub(super) fn by_hash(&self, names: &[&str], arguments: &[&[u8]]) -> Cmd {
        command("EVALSHA", self.script.get_hash(), names, arguments)
    }

    /// Runs it, and makes it known to the server.
    pub(super) fn by_code(&self, names: &[&str], arguments: &[&[u8]]) -> Cmd {
        command("EVAL", self.code, names, arguments)
    }
}

fn command(verb: &str, program: &str, names: &[&str], arguments: &[&[u8]]) -> Cmd {
    let mut command = redis::cmd(verb);
    command.arg(program).arg(names.len()).arg(names);
    for argument in arguments {
        command.arg(*argument);
    }
    command
}
