//! The stack machine that a pickle is a program for, cut down to what makes plain data.
//!
//! # Django
//!
//! `pickle.loads`, which calls whatever a pickle names. Here names are compared and nothing is
//! called.

use lodger_core::DecodeError;

use super::date::{self, Name, Object};
use super::input::Input;
use super::integer::{self, Work};
use super::malformed;
use super::opcode::*;
use super::stack::{Memo, STACK, Stack};
use super::value::{Container, Kind, Pickled, Value};

const OBJECT: DecodeError = malformed("object, which is no plain data");
const INTEGER: DecodeError = malformed("integer");

/// The newest protocol there is.
const HIGHEST_PROTOCOL: u8 = 5;

/// Runs a pickle. No byte of it makes more than one value, so the memory taken is bounded: by less
/// than two hundred times its length, while a vector of values that is full moves to a larger one.
pub(super) fn run(pickle: &[u8]) -> Result<Pickled<'_>, DecodeError> {
    let mut machine = Machine {
        input: Input::new(pickle),
        stack: Stack::default(),
        memo: Memo::new(pickle.len()),
        work: Work::default(),
        containers: Vec::new(),
        integers: Vec::new(),
    };
    loop {
        match machine.input.byte()? {
            // What follows is not looked at, and neither is what else is on the stack.
            STOP => break,
            opcode => machine.step(opcode)?,
        }
    }
    let value = machine.stack.pop()?;
    Ok(Pickled { value, containers: machine.containers, integers: machine.integers })
}

struct Machine<'a> {
    input: Input<'a>,
    stack: Stack<'a>,
    memo: Memo<'a>,
    work: Work,
    containers: Vec<Container<'a>>,
    integers: Vec<String>,
}

impl<'a> Machine<'a> {
    fn step(&mut self, opcode: u8) -> Result<(), DecodeError> {
        match opcode {
            PROTO => match self.input.byte()? {
                0..=HIGHEST_PROTOCOL => Ok(()),
                _ => Err(malformed("protocol")),
            },
            FRAME => self.input.frame(),
            MARK => {
                self.stack.push_mark();
                Ok(())
            }
            POP => self.stack.drop_one(),
            POP_MARK => {
                let from = self.stack.take_mark()?;
                self.stack.take(from);
                Ok(())
            }
            BINPUT => self.input.number::<1>().and_then(|place| self.memorize(place)),
            LONG_BINPUT => self.input.number::<4>().and_then(|place| self.memorize(place)),
            MEMOIZE => self.memorize(self.memo.next()),
            APPEND => self.stack.last(1).and_then(|from| self.fill(Kind::List, from)),
            APPENDS => self.stack.take_mark().and_then(|from| self.fill(Kind::List, from)),
            ADDITEMS => self.stack.take_mark().and_then(|from| self.fill(Kind::Set, from)),
            SETITEM => self.stack.last(2).and_then(|from| self.fill(Kind::Dict, from)),
            SETITEMS => self.stack.take_mark().and_then(|from| self.fill(Kind::Dict, from)),
            _ => {
                let value = self.value(opcode)?;
                self.stack.push(value);
                Ok(())
            }
        }
    }

    /// What an opcode leaves on the stack.
    fn value(&mut self, opcode: u8) -> Result<Value<'a>, DecodeError> {
        let height = self.stack.height();
        match opcode {
            NONE => Ok(Value::None),
            NEWTRUE => Ok(Value::Bool(true)),
            NEWFALSE => Ok(Value::Bool(false)),
            INT => self.int_line(),
            BININT => Ok(Value::Int(i32::from_le_bytes(self.input.array()?).into())),
            BININT1 => Ok(Value::Int(self.input.byte()?.into())),
            BININT2 => Ok(Value::Int(u16::from_le_bytes(self.input.array()?).into())),
            LONG1 => self.input.block::<1>().and_then(|bytes| self.long(bytes)),
            LONG4 => self.input.block::<4>().and_then(|bytes| self.long(bytes)),
            BINFLOAT => Ok(Value::Float(f64::from_be_bytes(self.input.array()?))),
            SHORT_BINUNICODE => self.input.block::<1>().map(Value::Text),
            BINUNICODE => self.input.block::<4>().map(Value::Text),
            BINUNICODE8 => self.input.block::<8>().map(Value::Text),
            SHORT_BINSTRING => self.input.block::<1>().map(Value::ByteText),
            BINSTRING => self.input.block::<4>().map(Value::ByteText),
            SHORT_BINBYTES => self.input.block::<1>().map(Value::Bytes),
            BINBYTES => self.input.block::<4>().map(Value::Bytes),
            BINBYTES8 => self.input.block::<8>().map(Value::Bytes),
            EMPTY_LIST => self.container(Kind::List, height),
            EMPTY_TUPLE => self.container(Kind::Tuple, height),
            EMPTY_SET => self.container(Kind::Set, height),
            EMPTY_DICT => self.container(Kind::Dict, height),
            LIST => self.stack.take_mark().and_then(|from| self.container(Kind::List, from)),
            TUPLE => self.stack.take_mark().and_then(|from| self.container(Kind::Tuple, from)),
            FROZENSET => self.stack.take_mark().and_then(|from| self.container(Kind::Set, from)),
            DICT => self.stack.take_mark().and_then(|from| self.container(Kind::Dict, from)),
            TUPLE1 => self.stack.last(1).and_then(|from| self.container(Kind::Tuple, from)),
            TUPLE2 => self.stack.last(2).and_then(|from| self.container(Kind::Tuple, from)),
            TUPLE3 => self.stack.last(3).and_then(|from| self.container(Kind::Tuple, from)),
            DUP => self.stack.top(),
            BINGET => self.input.number::<1>().and_then(|place| self.memo.get(place)),
            LONG_BINGET => self.input.number::<4>().and_then(|place| self.memo.get(place)),
            GLOBAL => name(self.input.line()?, self.input.line()?),
            STACK_GLOBAL => self.named(),
            REDUCE => self.called(),
            BUILD | NEWOBJ | NEWOBJ_EX | INST | OBJ | PERSID | BINPERSID | EXT1 | EXT2 | EXT4 => {
                Err(OBJECT)
            }
            _ => Err(malformed("opcode")),
        }
    }

    fn long(&mut self, bytes: &[u8]) -> Result<Value<'a>, DecodeError> {
        if let Some(small) = integer::small(bytes) {
            return Ok(Value::Int(small));
        }
        self.integers.push(integer::to_decimal(bytes, &mut self.work).ok_or(INTEGER)?);
        Ok(Value::LargeInt(self.integers.len() - 1))
    }

    /// Python 2 writes integers so that need 33 to 64 bits.
    fn int_line(&mut self) -> Result<Value<'a>, DecodeError> {
        match self.input.line()? {
            b"00" => Ok(Value::Bool(false)),
            b"01" => Ok(Value::Bool(true)),
            line => {
                let number = std::str::from_utf8(line).ok().and_then(|line| line.parse().ok());
                number.map(Value::Int).ok_or(INTEGER)
            }
        }
    }

    /// The value of the module and the name on the stack.
    fn named(&mut self) -> Result<Value<'a>, DecodeError> {
        match (self.stack.pop()?, self.stack.pop()?) {
            (Value::Text(global), Value::Text(module)) => name(module, global),
            _ => Err(OBJECT),
        }
    }

    /// What the call on the stack would give.
    fn called(&mut self) -> Result<Value<'a>, DecodeError> {
        let (arguments, callable) = (self.stack.pop()?, self.stack.pop()?);
        let (Value::Container(place), Value::Object(Object::Name(name))) = (arguments, callable)
        else {
            return Err(OBJECT);
        };
        let arguments = &self.containers[place];
        if arguments.kind != Kind::Tuple {
            return Err(OBJECT);
        }
        date::call(name, &arguments.items).map(Value::Object).ok_or(OBJECT)
    }

    /// Makes a container of what is on the stack above this height.
    fn container(&mut self, kind: Kind, from: usize) -> Result<Value<'a>, DecodeError> {
        self.fits(kind, from)?;
        let items = self.stack.take(from).collect();
        self.containers.push(Container { kind, items, open: false });
        Ok(Value::Container(self.containers.len() - 1))
    }

    /// Adds what is on the stack above this height to the container just below it.
    fn fill(&mut self, kind: Kind, from: usize) -> Result<(), DecodeError> {
        self.fits(kind, from)?;
        let Value::Container(place) = self.stack.below(from)? else {
            return Err(STACK);
        };
        let container = &mut self.containers[place];
        if container.kind != kind {
            return Err(STACK);
        }
        container.items.extend(self.stack.take(from));
        Ok(())
    }

    /// Whether what is above this height can be in such a container: each key has a value.
    fn fits(&self, kind: Kind, from: usize) -> Result<(), DecodeError> {
        let even = (self.stack.height() - from).is_multiple_of(2);
        if kind != Kind::Dict || even { Ok(()) } else { Err(STACK) }
    }

    fn memorize(&mut self, place: usize) -> Result<(), DecodeError> {
        let value = self.stack.top()?;
        self.memo.put(place, value)
    }
}

/// A global by its name; nothing is imported.
fn name<'a>(module: &[u8], global: &[u8]) -> Result<Value<'a>, DecodeError> {
    Name::of(module, global).map(|name| Value::Object(Object::Name(name))).ok_or(OBJECT)
}

#[cfg(test)]
mod tests {
    use super::super::stack::MEMO;
    use super::*;

    fn refused(pickle: &[u8]) -> DecodeError {
        run(pickle).map(|pickled| pickled.value).unwrap_err()
    }

    fn int(pickle: &[u8]) -> i64 {
        match run(pickle).unwrap().value {
            Value::Int(value) => value,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_stack_ends_at_the_last_mark() {
        for pickle in [
            &b"."[..],
            b"0.",
            b"1.",
            b"2.",
            b"a.",
            b"K\x01a.",
            b"]a.",
            b"](a.",
            b"](K\x01a.",
            b"](K\x01s.",
            b"e.",
            b"(e.",
            b"](1a.",
            b"u.",
            b"}K\x01u.",
            b"K\x01(K\x02\x86.",
            b"\x85.",
            b"(t",
            b"t.",
            b"l.",
            b"d.",
            b"(K\x01d.",
            b"}(K\x01u.",
            b"}K\x01s.",
            b"\x94.",
            b"(\x94.",
            b"q\x00.",
            b"K\x01(.",
            b"\x8f(e.",
            b"](\x90.",
            b"}(e.",
            b")(e.",
            b"](u.",
            b"K\x01(e.",
        ] {
            assert!(matches!(refused(pickle), DecodeError::Malformed { .. }), "{pickle:?}");
        }
        assert_eq!(int(b"K\x01(0."), 1);
        assert_eq!(int(b"K\x01(K\x02K\x031."), 1);
        assert_eq!(int(b"K\x01K\x020."), 1);
        assert_eq!(int(b"K\x07K\x012.tail"), 1);
    }

    #[test]
    fn the_memo_gives_what_was_put_and_nothing_else() {
        assert_eq!(int(b"K\x07q\x000h\x00."), 7);
        assert_eq!(int(b"K\x07r\x03\0\0\x000j\x03\0\0\0."), 7);
        assert_eq!(int(b"K\x07\x94K\x08\x94h\x00."), 7);
        for pickle in [
            &b"h\x00."[..],
            b"K\x07q\x01h\x00.",
            b"K\x07q\x00j\xff\xff\xff\xff.",
            b"K\x07r\xff\xff\xff\x7f.",
        ] {
            assert_eq!(refused(pickle), MEMO);
        }
    }

    #[test]
    fn integers_of_every_form_are_read() {
        for (pickle, value) in [
            (&b"J\xff\xff\xff\xff."[..], -1),
            (b"M\xff\xff.", 65_535),
            (b"K\xff.", 255),
            (b"I-2147483649\n.", -2_147_483_649),
            (b"\x8a\x00.", 0),
            (b"\x8a\x01\x80.", -128),
            (b"\x8b\x02\0\0\0\xff\x00.", 255),
        ] {
            assert_eq!(int(pickle), value);
        }
        for line in ["", "1.0", "0x1", "9223372036854775808", "1 ", "é"] {
            assert_eq!(refused(format!("I{line}\n.").as_bytes()), INTEGER, "{line}");
        }
        assert!(matches!(run(b"I01\n.").unwrap().value, Value::Bool(true)));
        assert!(matches!(run(b"I00\n.").unwrap().value, Value::Bool(false)));
    }

    /// Promise 15
    #[test]
    fn no_object_is_built() {
        for pickle in [
            &b"cos\nsystem\n(U\x02lstR."[..],
            b"cos\nsystem\n.",
            b"c__builtin__\neval\n.",
            b"cbuiltins\nset\n.",
            b"\x8c\x02os\x8c\x06system\x93.",
            b"K\x01K\x02\x93.",
            b"(ios\nsystem\n.",
            b"(U\x02lsos\nsystem\n.",
            b"Pid\n.",
            b"K\x01Q.",
            b"\x82\x01.",
            b"\x83\x01\x00.",
            b"\x84\x01\x00\x00\x00.",
            b"cdatetime\ndatetime\n)\x81.",
            b"cdatetime\ndatetime\n)}\x92.",
            b"cdatetime\ndatetime\n}b.",
            b"cdatetime\ndatetime\n)R.",
            b"cdatetime\ndatetime\n]R.",
            b"cdatetime\ndatetime\nK\x01R.",
            b"K\x01)R.",
            b"cdatetime\ndate\n.",
            b"cdatetime.datetime\nnow\n.",
            b"\x8c\x08datetime\x8c\x0cdatetime.now\x93.",
        ] {
            assert_eq!(refused(pickle), OBJECT, "{pickle:?}");
        }
    }

    #[test]
    fn other_protocols_and_opcodes_are_told_apart() {
        assert_eq!(refused(b"\x80\x06N."), malformed("protocol"));
        for opcode in [b'V', b'S', b'L', b'F', b'p', b'g', 0x96, 0x97, 0x98, 0, 0xff] {
            assert_eq!(refused(&[opcode, b'.']), malformed("opcode"));
        }
        for protocol in 0..=5 {
            assert!(run(&[0x80, protocol, b'N', b'.']).is_ok());
        }
    }
}
