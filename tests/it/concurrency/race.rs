//! One logout against many requests in flight, and what there is to find fault with.

use futures_util::future::join_all;
use lodger_core::{SessionDict, SessionKey};
use lodger_tests::shared_site::Report;

use super::shared_site::SharedSite;
use crate::flow::visitor::Answer;

/// How many requests are in flight.
pub(super) const IN_FLIGHT: usize = 50;

/// What most of them do, by turns. `renewed` ones are saved whether or not they change anything.
const DEEDS: [&str; 5] = ["read", "set", "increment", "renewed/read", "renewed/set"];

/// A request that was in flight, and its answer.
struct Request {
    deed: &'static str,
    field: String,
    answer: Answer,
    /// What the page says of itself; an answer of Lodger's own says nothing.
    report: Option<Report>,
}

/// A race that has been run.
pub(super) struct Race {
    origin: String,
    old: SessionKey,
    requests: Vec<Request>,
    logout: Answer,
    /// When the answer to the logout was there.
    acknowledged: u128,
    /// How many sites still knew the session at once after that.
    known_at_once: usize,
}

impl Race {
    /// Runs one.
    pub(super) async fn run(site: &SharedSite, round: usize) -> Self {
        let origin = format!("round{round}");
        let old = site.begin(&origin).await;
        let requests = (0..IN_FLIGHT).map(|number| {
            let (door, key, deed) = (site.door(number), old.clone(), deed(number));
            let field = if deed == "increment" { "n".to_owned() } else { format!("field{number}") };
            // The changes of key come a little later, so that about half of them come too late.
            let within = if changes_key(deed) { 20 } else { 16 };
            let path = format!("/{deed}?after={}&field={field}", random(round, number) % within);
            tokio::spawn(async move {
                let answer = door.ask(&path, Some(&key)).await;
                let report = serde_json::from_str(&answer.body).ok();
                Request { deed, field, answer, report }
            })
        });
        let requests: Vec<_> = requests.collect();
        let way = ["logout", "logout_now"][round / 2 % 2];
        let path = format!("/{way}?after={}", random(round, IN_FLIGHT) % 20);
        let logout = site.door(round).ask(&path, Some(&old)).await;
        let acknowledged = Report::now();
        let known_at_once = knowing(site, &old).await;
        let requests = join_all(requests).await.into_iter().map(Result::unwrap).collect();
        Self { origin, old, requests, logout, acknowledged, known_at_once }
    }

    /// What is wrong with it; nothing, if the promises hold. A session that lives on under another key
    /// is ended then.
    pub(super) async fn faults(&self, site: &SharedSite) -> Vec<String> {
        let mut faults: Vec<String> =
            self.requests.iter().filter_map(|request| self.fault(request)).collect();
        if self.logout.status != 200 || !self.logout.removes_the_cookie() {
            faults.push(format!("the logout was answered with {}", self.logout.status));
        }
        if self.known_at_once + knowing(site, &self.old).await > 0 {
            faults.push("the session is alive under the key that logged out".to_owned());
        }
        let live = self.live(site).await;
        match (&self.changes_of_key()[..], &live[..]) {
            ([], []) => {}
            ([change], [(key, data)]) if change.answer.key().as_ref() == Some(key) => {
                faults.extend(self.lost(data));
            }
            (changes, live) => faults.push(format!(
                "{} changes of key were acknowledged, and {} sessions are alive",
                changes.len(),
                live.len()
            )),
        }
        for (key, _) in live {
            site.door(1).ask("/logout", Some(&key)).await;
            if knowing(site, &key).await > 0 {
                faults.push("the session is alive after its last logout".to_owned());
            }
        }
        faults
    }

    /// What is wrong with the answer to a request.
    fn fault(&self, Request { deed, answer, report, .. }: &Request) -> Option<String> {
        let silent = deed.ends_with("read");
        let fault = match (answer.status, report) {
            (400, _) if silent => "was refused without having asked for anything",
            (400, _) if answer.set_cookie().is_some() => "lost and got a cookie",
            (400, _) if !answer.varies() => "was refused for everybody",
            (400, _) => return None,
            (200, Some(report)) if report.origin.is_none() => {
                // It found no session, and may have begun another one.
                if answer.key().as_ref() != Some(&self.old) {
                    return None;
                }
                "was given the dead key for a new session"
            }
            (200, Some(report)) if report.done > self.acknowledged => {
                match (silent, answer.key()) {
                    (false, _) => "was stored after the logout",
                    (true, Some(_)) => "was renewed after the logout",
                    (true, None) => return None,
                }
            }
            (200, Some(_)) => return None,
            _ => return Some(format!("{deed} was answered with {}", answer.status)),
        };
        Some(format!("{deed} {fault}"))
    }

    /// The requests that were told that the session was ended meanwhile.
    pub(super) fn refused(&self) -> usize {
        self.requests.iter().filter(|request| request.answer.status == 400).count()
    }

    /// Those that changed the session's key, and were told so.
    fn changes_of_key(&self) -> Vec<&Request> {
        self.acknowledged().filter(|request| changes_key(request.deed)).collect()
    }

    /// Whether one did.
    pub(super) fn changed_key(&self) -> bool {
        !self.changes_of_key().is_empty()
    }

    /// The requests that found the session, and were told that it was stored.
    fn acknowledged(&self) -> impl Iterator<Item = &Request> {
        let found = |report: &Report| report.origin.is_some();
        self.requests.iter().filter(move |request| request.report.as_ref().is_some_and(found))
    }

    /// What lives of the session under all keys that were handed out, each once.
    async fn live(&self, site: &SharedSite) -> Vec<(SessionKey, SessionDict)> {
        let mut live: Vec<(SessionKey, SessionDict)> = Vec::new();
        for key in self.requests.iter().filter_map(|request| request.answer.key()) {
            let Some(data) = site.data(&key).await else { continue };
            let descends = data.get::<String>("origin").unwrap().as_ref() == Some(&self.origin);
            if descends && live.iter().all(|(other, _)| *other != key) {
                live.push((key, data));
            }
        }
        live
    }

    /// What was acknowledged and is not in the data.
    fn lost(&self, data: &SessionDict) -> Vec<String> {
        let increments = self.acknowledged().filter(|request| request.deed == "increment").count();
        let fields = self.acknowledged().filter(|request| request.deed.ends_with("set"));
        let lost = fields.filter(|request| !data.contains(&request.field));
        let mut lost: Vec<String> =
            lost.map(|request| format!("{} is lost", request.field)).collect();
        let sum = data.get::<usize>("n").unwrap().unwrap_or(0);
        if sum != increments {
            lost.push(format!("{increments} increments add up to {sum}"));
        }
        lost
    }
}

fn deed(number: usize) -> &'static str {
    match number {
        0 => "cycle",
        1 => "login",
        _ => DEEDS[number % DEEDS.len()],
    }
}

fn changes_key(deed: &str) -> bool {
    matches!(deed, "cycle" | "login")
}

/// How many of the sites know a session.
async fn knowing(site: &SharedSite, key: &SessionKey) -> usize {
    let answers = join_all(site.doors.iter().map(|door| door.ask("/read", Some(key)))).await;
    let known = |answer: &Answer| {
        serde_json::from_str::<Report>(&answer.body).is_ok_and(|report| report.origin.is_some())
    };
    answers.iter().filter(|answer| known(answer)).count()
}

/// Splitmix64: the same numbers in each run.
fn random(round: usize, number: usize) -> u64 {
    let mut mixed = (round * (IN_FLIGHT + 1) + number) as u64;
    mixed = mixed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
