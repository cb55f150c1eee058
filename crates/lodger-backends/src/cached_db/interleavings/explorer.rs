//! Every order of the steps, depth first.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use lodger_core::StoreError;

use super::call::{Answer, Call, digest};
use super::client::{Client, Facts, Held, Operation, TagCodec, first_rows};
use super::defect::Defect;
use super::desk::Counter;
use super::world::World;
use crate::cached_db::format::Format;
use crate::cached_db::store::Inner;

/// What may go wrong in a scenario, once in each order of steps, at any place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    /// Nothing.
    None,
    /// An entry of the cache ends.
    EntryEnds,
    /// The cache cannot be reached for a while.
    Outage,
    /// The cache takes nothing in for a while.
    Full,
    /// A call to the cache is carried out, and its reply is lost.
    ReplyLost,
    /// A client goes away.
    ClientLeaves,
}

/// Whether copies hold rows, or decoded data as Django's do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copies {
    Rows,
    Decoded,
}

/// What is explored.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    pub(super) programs: Vec<Vec<Operation>>,
    /// Whether there is a copy in the beginning.
    pub(super) warm: bool,
    pub(super) mishap: Mishap,
    pub(super) copies: Copies,
    pub(super) verifies: bool,
    /// Whether clients look into the cache again at once when they could not, and not only much later.
    pub(super) insists: bool,
    pub(super) defect: Defect,
}

/// How much was explored.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Explored {
    pub(super) states: u64,
    pub(super) interleavings: u64,
}

/// What comes next.
#[derive(Clone, Debug)]
enum Choice {
    /// A client's call is answered.
    Answer(usize),
    /// The cache fails from now on.
    Fall,
    /// The cache is well again.
    Rise,
    LoseReply(usize),
    Leave(usize),
    End(String),
}

/// A client between two steps.
struct Running {
    future: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    call: Option<Call>,
    begun: Option<Facts>,
    detached: bool,
    left: bool,
    /// Stands for everything that it was answered.
    seen: u64,
}

impl Running {
    fn asks_the_cache(&self) -> bool {
        self.call.as_ref().is_some_and(Call::is_to_the_cache)
    }
}

/// One order of steps, as far as it went.
struct Run<'a> {
    scenario: &'a Scenario,
    counter: Counter,
    clients: Vec<Running>,
    mishaps: u8,
    /// Whether the cache fails.
    down: bool,
    trace: Vec<String>,
}

impl Scenario {
    /// Goes through every order of steps; the first in which something is seen that should not be is an
    /// error that tells the steps.
    pub(super) fn explore(&self) -> Result<Explored, String> {
        // The store's timers ask for a runtime; none of its time ever passes.
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_time().start_paused(true).build();
        let runtime = runtime.expect("a runtime without threads can be made");
        let _entered = runtime.enter();
        let mut explorer = Explorer { scenario: self, known: HashMap::new() };
        let interleavings = explorer.visit(&mut Vec::new(), Run::begin(self))?;
        Ok(Explored { states: explorer.known.len() as u64, interleavings })
    }

    /// What holds in spite of the mishap.
    fn held(&self) -> Held {
        let reachable = !matches!(self.mishap, Mishap::Outage | Mishap::ReplyLost);
        let ends = |operation: &Operation| {
            matches!(operation, Operation::Delete | Operation::Cycle | Operation::Collide)
        };
        Held {
            fresh: reachable,
            final_end: reachable || self.verifies,
            lives: !self.programs.iter().flatten().any(ends),
        }
    }
}

struct Explorer<'a> {
    scenario: &'a Scenario,
    /// How many interleavings there are from a state on.
    known: HashMap<u64, u64>,
}

impl<'a> Explorer<'a> {
    fn visit(&mut self, path: &mut Vec<Choice>, run: Run<'a>) -> Result<u64, String> {
        run.check()?;
        let state = run.digest();
        if let Some(interleavings) = self.known.get(&state) {
            return Ok(*interleavings);
        }
        let choices = run.choices(self.scenario.mishap);
        let mut interleavings = 0;
        let mut run = Some(run);
        for choice in choices {
            let mut next = run.take().unwrap_or_else(|| Run::again(self.scenario, path));
            next.take(&choice);
            path.push(choice);
            interleavings += self.visit(path, next)?;
            path.pop();
        }
        if let Some(run) = run {
            interleavings = 1;
            run.observe()?;
        }
        self.known.insert(state, interleavings);
        Ok(interleavings)
    }
}

impl<'a> Run<'a> {
    fn begin(scenario: &'a Scenario) -> Self {
        let counter = Counter::new(World::with_rows(scenario.defect, first_rows()));
        let (clients, trace) = (Vec::new(), Vec::new());
        let mut run = Self { scenario, counter, clients, mishaps: 0, down: false, trace };
        if scenario.warm {
            run.finish_alone(vec![Operation::Load]);
        }
        for program in &scenario.programs {
            run.enter(program.clone());
        }
        run
    }

    fn again(scenario: &'a Scenario, path: &[Choice]) -> Self {
        let mut run = Self::begin(scenario);
        path.iter().for_each(|choice| run.take(choice));
        run
    }

    /// A client in a process of its own.
    fn client(&self) -> Client {
        let (counter, scenario) = (self.counter.clone(), self.scenario);
        let mut inner = Inner::new(counter.clone(), counter.clone(), TagCodec);
        inner.verifies = scenario.verifies;
        if scenario.insists {
            inner.copies.times.rest = Duration::ZERO;
        }
        if scenario.copies == Copies::Decoded {
            inner.format = Format::Decoded(Arc::new(TagCodec));
        }
        Client { store: Arc::new(inner), counter, held: scenario.held() }
    }

    /// A client comes, and goes up to its first call.
    fn enter(&mut self, program: Vec<Operation>) {
        let future: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(self.client().run(program));
        self.clients.push(Running {
            future: Some(future),
            call: None,
            begun: None,
            detached: false,
            left: false,
            seen: 0,
        });
        self.poll(self.clients.len() - 1);
    }

    /// A client comes and does all it has to, while nobody else takes a step.
    fn finish_alone(&mut self, program: Vec<Operation>) {
        self.enter(program);
        let last = self.clients.len() - 1;
        while self.clients[last].call.is_some() {
            self.take(&Choice::Answer(last));
        }
        self.clients.pop();
    }

    fn check(&self) -> Result<(), String> {
        match &self.counter.desk().violation {
            Some(violation) => Err(format!("{violation}:\n{}", self.trace.join("\n"))),
            None => Ok(()),
        }
    }

    /// When everybody is done, whoever comes sees what is stored.
    fn observe(mut self) -> Result<(), String> {
        self.client().look_at_the_end();
        self.down = false;
        self.finish_alone(vec![Operation::LookLast]);
        self.check()
    }

    fn choices(&self, mishap: Mishap) -> Vec<Choice> {
        let waiting =
            || self.clients.iter().enumerate().filter(|(_, client)| client.call.is_some());
        let mut choices: Vec<Choice> =
            waiting().map(|(number, _)| Choice::Answer(number)).collect();
        if self.down && !choices.is_empty() {
            choices.push(Choice::Rise);
        }
        if self.mishaps > 0 || choices.is_empty() {
            return choices;
        }
        for (number, client) in waiting() {
            match mishap {
                Mishap::ReplyLost if client.asks_the_cache() => {
                    choices.push(Choice::LoseReply(number))
                }
                Mishap::ClientLeaves => choices.push(Choice::Leave(number)),
                _ => {}
            }
        }
        if matches!(mishap, Mishap::Outage | Mishap::Full) {
            choices.push(Choice::Fall);
        }
        if mishap == Mishap::EntryEnds {
            choices.extend(self.counter.desk().world.entries().into_iter().map(Choice::End));
        }
        choices
    }

    fn take(&mut self, choice: &Choice) {
        self.mishaps += u8::from(!matches!(choice, Choice::Answer(_) | Choice::Rise));
        match choice {
            Choice::Answer(number) if self.fails(*number) => {
                self.answer(*number, " fails", |_, _| failed());
            }
            Choice::Answer(number) => self.answer(*number, "", World::answer),
            Choice::Fall => self.turn(true),
            Choice::Rise => self.turn(false),
            Choice::LoseReply(number) => self.answer(*number, ", reply lost", |world, call| {
                world.answer(call);
                failed()
            }),
            Choice::Leave(number) => {
                self.trace.push(format!("  client {number} leaves"));
                let client = &mut self.clients[*number];
                client.left = true;
                if !client.detached {
                    (client.future, client.call) = (None, None);
                }
            }
            Choice::End(entry) => {
                self.trace.push(format!("  the entry of {entry} ends"));
                self.counter.desk().world.expire(entry);
            }
        }
    }

    /// Whether the mishap hits what a client asks.
    fn fails(&self, number: usize) -> bool {
        let hits = match self.scenario.mishap {
            Mishap::Full => Call::fills_the_cache,
            _ => Call::is_to_the_cache,
        };
        self.down && self.clients[number].call.as_ref().is_some_and(hits)
    }

    fn turn(&mut self, down: bool) {
        self.down = down;
        self.trace.push(format!("  the cache is {}", if down { "not well" } else { "well again" }));
    }

    fn answer(
        &mut self,
        number: usize,
        how: &str,
        answer: impl FnOnce(&mut World, Call) -> Answer,
    ) {
        let client = &mut self.clients[number];
        let call = client.call.take().expect("only who waits is answered");
        self.trace.push(format!("  client {number}: {}{how}", call.name()));
        let mut desk = self.counter.desk();
        client.begun.get_or_insert_with(|| desk.known.clone());
        let answer = answer(&mut desk.world, call);
        client.seen = digest((client.seen, answer.digest()));
        desk.answer = Some(answer);
        drop(desk);
        self.poll(number);
    }

    /// Lets a client run up to its next call.
    fn poll(&mut self, number: usize) {
        let client = &mut self.clients[number];
        let mut desk = self.counter.desk();
        desk.begun = client.begun.take();
        desk.detached = client.detached;
        let known = desk.known.clone();
        drop(desk);
        let Some(future) = &mut client.future else { return };
        let ended = future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        let mut desk = self.counter.desk();
        client.call = desk.call.take();
        client.begun = desk.begun.take();
        client.detached = desk.detached;
        if client.left {
            // Nobody heard what was acknowledged.
            desk.known = known;
        }
        if ended || client.left && !client.detached {
            (client.future, client.call) = (None, None);
        }
    }

    /// Stands for all that can make a difference from here on.
    fn digest(&self) -> u64 {
        let desk = self.counter.desk();
        let clients: Vec<_> = self
            .clients
            .iter()
            .map(|client| (client.seen, &client.begun, client.left, client.call.is_some()))
            .collect();
        digest((&desk.world, &desk.known, clients, self.mishaps, self.down))
    }
}

fn failed() -> Answer {
    Answer::Failed(StoreError::unavailable("the cache is down"))
}
