//! Histories of a session on which one thing happened after the other, stretched until they overlap.

use lodger_testing::history::{Document, ErrorKind, Event, KeyDigest, Operation, Outcome, Seen};

/// What is drawn for an operation.
#[derive(Clone, Debug)]
pub(super) struct Draw {
    pub(super) operation: Operation,
    /// Whether it is asked of the key before the present one.
    pub(super) old_key: bool,
    /// How long before and after its instant it lasts.
    pub(super) around: (u64, u64),
    /// Whether the answer is lost, and what was asked for with it or not.
    pub(super) lost: Option<bool>,
}

/// A session that one thing happens to after the other.
#[derive(Debug, Default)]
pub(super) struct Sequential {
    pub(super) events: Vec<Event>,
    keys: Vec<KeyDigest>,
    /// The data while it is live.
    pub(super) live: Option<Document>,
    /// What it held when it ended.
    pub(super) last: Document,
    made: u64,
}

/// What lies between the instants of two operations.
const STEP: u64 = 100;

impl Sequential {
    pub(super) fn of(draws: &[Draw]) -> Self {
        let mut this = Self::default();
        let key = this.next_key();
        this.live = Some(Document { tags: vec!["made".to_owned()], ..Document::default() });
        this.events.push(Event {
            new_key: Some(key),
            tag: Some("made".to_owned()),
            ..Event::new(Operation::Create, 1, 2)
        });
        for (number, draw) in draws.iter().enumerate() {
            this.draw(number, draw);
        }
        this
    }

    fn next_key(&mut self) -> KeyDigest {
        self.made += 1;
        let digest = serde_json::from_str(&format!("\"{:x}\"", self.made)).expect("a number");
        self.keys.push(digest);
        digest
    }

    fn draw(&mut self, number: usize, draw: &Draw) {
        use Operation::{Cycle, Flush, Increment, Load, Revoke, Save, Touch};
        let at = 1000 + STEP * number as u64;
        let age = usize::from(draw.old_key && self.keys.len() > 1);
        let key = self.keys[self.keys.len() - 1 - age];
        let live = age == 0 && self.live.is_some();
        let (operation, tag) = (draw.operation, format!("t{number}"));
        let mut event = Event {
            key: Some(key),
            process: 1,
            ..Event::new(operation, at - draw.around.0, at + draw.around.1)
        };
        // What ends a session is not lost here, so that it is known whether it is live in the end.
        let lost = draw.lost.filter(|_| !matches!(operation, Load | Cycle | Flush | Revoke));
        match operation {
            Increment => event.by = Some(2),
            Load | Touch | Flush | Revoke => {}
            _ => event.tag = Some(tag.clone()),
        }
        if operation == Save {
            event.field = Some(format!("w{}", number % 3));
        }
        match operation {
            Load => {
                event.seen =
                    Some(self.live.clone().filter(|_| live).map_or(Seen::Absent, Seen::Live))
            }
            Flush | Revoke if live => self.last = self.live.take().unwrap_or_default(),
            Flush | Revoke => {}
            _ if live && lost != Some(false) => self.apply(&event),
            _ if lost.is_none() && !live => {
                (event.outcome, event.error) = (Outcome::Fail, Some(ErrorKind::Gone));
            }
            _ => {}
        }
        if operation == Cycle && live {
            event.new_key = Some(self.next_key());
        }
        if lost.is_some() {
            (event.outcome, event.error) = (Outcome::Unknown, Some(ErrorKind::Unknown));
        }
        self.events.push(event);
    }

    fn apply(&mut self, event: &Event) {
        let document = self.live.as_mut().expect("only what is live is written to");
        document.tags.extend(event.tag.clone());
        if let (Some(field), Some(tag)) = (&event.field, &event.tag) {
            document.fields.insert(field.clone(), tag.clone());
        }
        document.counter += event.by.unwrap_or(0);
    }

    /// A load of the present key when all is over.
    pub(super) fn final_load(&self, seen: Seen) -> Event {
        let key = self.keys.last().copied();
        Event { key, seen: Some(seen), ..Event::new(Operation::Load, 1_000_000, 1_000_001) }
    }

    /// What a load sees when all is over.
    pub(super) fn final_state(&self) -> Seen {
        self.live.clone().map_or(Seen::Absent, Seen::Live)
    }
}
