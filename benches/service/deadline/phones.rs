//! Phones that submit before a deadline, each with its own token, address and habits.
//!
//! A phone keeps what it has until it is acknowledged, and sends the same again after the waits of the reference client. Then it
//! pulls what changed, as a phone does after each push.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{SecondsFormat, Utc};
use client::retry::{self, Verdict};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use uuid::Uuid;

use super::tally::{Answers, Tally, Times};
use super::{Faults, Hour, source_of};
use crate::client::{Answer, Client};
use crate::database::{Connection, Kind};
use crate::request::{Line, NOW, Request};
use crate::server::count_counts;
use crate::users::{LINES, Quartermaster};

/// The time in which a request must be answered, as in the reference client.
const WHOLE: Duration = Duration::from_secs(120);

/// The time after the deadline in which everything must be acknowledged.
const PATIENCE: Duration = Duration::from_secs(600);

/// The figures of the phones.
#[derive(Clone, Debug, Serialize)]
pub struct Phones {
    pub phones: usize,
    pub counts: usize,
    pub window_seconds: f64,
    /// The time from the first arrival until everything was acknowledged.
    pub acknowledged_seconds: f64,
    /// The time from a phone's arrival until all of its counts were acknowledged, with its retries.
    pub times: Times,
    pub pushes: Answers,
    pub pulls: Answers,
    pub pull_times: Times,
    /// The requests that phones broke off or sent twice.
    pub broken_off: usize,
    /// The counts that were acknowledged as known before.
    pub repeated: usize,
    pub not_acknowledged: usize,
    pub lost: usize,
    pub doubled: i64,
    /// Resident memory of the service before, at most, and afterwards.
    pub memory_before_mib: f64,
    pub memory_most_mib: f64,
    pub memory_after_mib: f64,
}

impl Phones {
    pub fn print(&self) {
        println!(
            "\nPhones: {} with {} counts of {LINES} lines, in {} s\n",
            self.phones, self.counts, self.window_seconds
        );
        println!("all acknowledged after  {:.1} s", self.acknowledged_seconds);
        println!("a phone's counts        {}", self.times);
        println!("answers to pushes       {}", self.pushes);
        println!("pulls after them        {}; {}", self.pull_times, self.pulls);
        println!("broken off or twice     {} requests; {} counts known before", self.broken_off, self.repeated);
        println!(
            "in the database         {} lost, {} doubled, {} not acknowledged",
            self.lost, self.doubled, self.not_acknowledged
        );
        println!(
            "resident memory         {:.1} MiB before, {:.1} at most, {:.1} after",
            self.memory_before_mib, self.memory_most_mib, self.memory_after_mib
        );
    }
}

/// What a phone does with its first request, besides reading the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    Reads,
    /// The network is gone before the answer is there.
    BreaksOff,
    /// The network is gone in the middle of the request.
    BreaksOffInside,
    /// Two connections send the same at once.
    SendsTwice,
}

/// A request that a phone keeps until it is acknowledged.
struct Outgoing {
    request: Request,
    counts: Vec<Uuid>,
}

struct Phone {
    number: usize,
    arrives: Duration,
    habit: Habit,
    outgoing: Vec<Outgoing>,
    pull: Request,
    random: RefCell<StdRng>,
}

impl Phone {
    /// One of some phones, in a window of time; always the same but for its ids.
    fn new(number: usize, window: Duration, token: String, quartermaster: &Quartermaster, cursor: &str) -> Self {
        let mut random = StdRng::seed_from_u64(number as u64);
        let counts = [1, 1, 1, 1, 1, 1, 1, 2, 2, 5][random.random_range(0..10)];
        let habit = match random.random_range(0..100) {
            0..10 => Habit::BreaksOff,
            10..13 => Habit::BreaksOffInside,
            13..18 => Habit::SendsTwice,
            _ => Habit::Reads,
        };
        // Few come early; most come at the last moment.
        let early: f64 = random.random();
        let arrives = window.mul_f64(1.0 - early * early);
        let ids: Vec<Uuid> = (0..counts).map(|_| Uuid::new_v4()).collect();
        let counted_at = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        let count = |quantity: u64| quartermaster.count_with(LINES, quantity, &counted_at);
        let quantity = 1 + number as u64 % 90;
        let outgoing = if random.random_range(0..5) == 0 {
            // Another app, which submits them one by one.
            let put = |id: &Uuid| {
                let path = format!("/api/v1/counts/{id}");
                let request = Request::plain(&Line("PUT", &path), &token, Some(&count(quantity)));
                Outgoing { request, counts: vec![*id] }
            };
            ids.iter().map(put).collect()
        } else {
            let command = |(seq, id): (u64, &Uuid)| json!({"id": id, "seq": seq, "type": "submit_count", "data": count(quantity + seq)});
            let commands: Vec<Value> = (1..).zip(&ids).map(command).collect();
            let device = format!("deadline-{number}-{}", ids[0]);
            let body = json!({"device_id": device, "sent_at": NOW, "queued": counts, "commands": commands});
            let request = Request::plain(&Line("POST", "/api/v1/sync"), &token, Some(&body));
            vec![Outgoing { request, counts: ids }]
        };
        let pull = Request::plain(&Line("GET", &format!("/api/v1/sync?cursor={cursor}")), &token, None);
        Self { number, arrives, habit, outgoing, pull, random: RefCell::new(random) }
    }
}

/// All that the phones do, as it comes.
struct Crowd<'a> {
    hour: &'a Hour<'a>,
    start: Instant,
    pushes: Tally<'a>,
    pulls: Tally<'a>,
    pull_times: RefCell<Vec<Duration>>,
    broken_off: Cell<usize>,
    repeated: Cell<usize>,
    receipts: RefCell<BTreeMap<Uuid, String>>,
}

impl Crowd<'_> {
    fn faults(&self) -> &Faults {
        &self.hour.faults
    }

    /// A phone from its arrival on; returns the time until all was acknowledged.
    async fn round(&self, phone: &Phone) -> Duration {
        let arrival = self.start + phone.arrives;
        sleep_until(arrival).await;
        let mut habit = phone.habit;
        for outgoing in &phone.outgoing {
            let acknowledge = |answer: &Answer| self.acknowledge(outgoing, answer);
            self.deliver(phone, &outgoing.request, habit, &self.pushes, &acknowledge).await;
            habit = Habit::Reads;
        }
        let took = arrival.elapsed();
        let start = Instant::now();
        self.deliver(phone, &phone.pull, Habit::Reads, &self.pulls, &|_| ()).await;
        self.pull_times.borrow_mut().push(start.elapsed());
        took
    }

    /// Sends a request until it succeeds, or until the answer says that it never will.
    async fn deliver(
        &self,
        phone: &Phone,
        request: &Request,
        mut habit: Habit,
        tally: &Tally<'_>,
        acknowledge: &impl Fn(&Answer),
    ) {
        let (mut bytes, mut failures) = (Vec::new(), 0);
        loop {
            request.write(0, &mut 0, &mut bytes);
            let mut answers = Vec::new();
            match habit {
                Habit::Reads => answers.push(self.ask(phone, &bytes).await),
                Habit::SendsTwice => {
                    let (one, other) = tokio::join!(self.ask(phone, &bytes), self.ask(phone, &bytes));
                    answers.extend([one, other]);
                    self.broken_off.set(self.broken_off.get() + 1);
                }
                Habit::BreaksOff | Habit::BreaksOffInside => {
                    let written = if habit == Habit::BreaksOff { bytes.len() } else { bytes.len() / 2 };
                    // Whether it arrives is not known; the connection is closed within the time of an answer.
                    let _ = self.break_off(phone, &bytes[..written]).await;
                    self.broken_off.set(self.broken_off.get() + 1);
                }
            }
            habit = Habit::Reads;
            answers.iter().for_each(|answer| tally.add(answer.as_ref().ok()));
            let mut asked = None;
            let mut is_done = false;
            for answer in answers.iter().flatten() {
                if (200..300).contains(&answer.status) {
                    acknowledge(answer);
                    is_done = true;
                } else {
                    asked = asked.max(answer.retry_after);
                    is_done |= retry::verdict(answer.status, &answer.code()) != Verdict::Again;
                }
            }
            if is_done {
                return;
            }
            failures += 1;
            let wait = retry::wait(failures, asked, &mut phone.random.borrow_mut());
            sleep(wait).await;
        }
    }

    async fn ask(&self, phone: &Phone, request: &[u8]) -> io::Result<Answer> {
        let exchange = async { self.connect(phone).await?.ask(request).await };
        timeout(WHOLE, exchange).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    async fn break_off(&self, phone: &Phone, bytes: &[u8]) -> io::Result<()> {
        let mut client = self.connect(phone).await?;
        client.write(bytes).await?;
        let pause = Duration::from_millis(phone.random.borrow_mut().random_range(0..50));
        sleep(pause).await;
        Ok(())
    }

    async fn connect(&self, phone: &Phone) -> io::Result<Client> {
        Client::connect_from(source_of(phone.number), self.hour.server.address).await
    }

    /// Takes the receipts of an answer, which are always the same.
    fn acknowledge(&self, outgoing: &Outgoing, answer: &Answer) {
        let answer = answer.json();
        let single = [json!({"status": "applied", "count_id": answer["count"]["id"], "receipt": answer["receipt"],
            "repeated": answer["repeated"]})];
        let results = answer["results"].as_array().map_or(&single[..], Vec::as_slice);
        if results.len() != outgoing.counts.len() {
            self.faults().add(format!("phones: {} results for {} counts", results.len(), outgoing.counts.len()));
        }
        for (id, result) in outgoing.counts.iter().zip(results) {
            let receipt = result["receipt"].as_str().unwrap_or_default();
            if result["status"] != "applied" || subject_of(receipt) != Some(*id) {
                self.faults()
                    .add(format!("phones: a count was not applied: {} {}", result["status"], result["problem"]));
                continue;
            }
            if result["repeated"] == true {
                self.repeated.set(self.repeated.get() + 1);
            }
            let known = self.receipts.borrow_mut().insert(*id, receipt.to_owned());
            if known.is_some_and(|known| known != receipt) {
                self.faults().add(format!("phones: two receipts for count {id}"));
            }
        }
    }
}

/// The id of the count that a receipt is for.
fn subject_of(receipt: &str) -> Option<Uuid> {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(receipt.split('.').nth(1)?).ok()?;
    let payload: Value = serde_json::from_slice(&payload).ok()?;
    payload["id"].as_str()?.parse().ok()
}

/// Lets all phones come, one for each token, and looks for each count in the database afterwards.
pub async fn measure(hour: &Hour<'_>, tokens: Vec<String>) -> Phones {
    let (quartermasters, window) = (&hour.users.quartermasters, hour.options.window());
    let mut cursors = Vec::new();
    for one in quartermasters {
        cursors.push(one.cursor(hour.server.address).await.0);
    }
    let phones: Vec<Phone> = (tokens.into_iter().enumerate())
        .map(|(number, token)| {
            let owner = number % quartermasters.len();
            Phone::new(number, window, token, &quartermasters[owner], &cursors[owner])
        })
        .collect();
    let before = count_counts(&mut hour.connection.borrow_mut());
    let [memory_before_mib, _] = hour.server.memory();
    hour.server.forget_most_memory();
    let crowd = Crowd {
        hour,
        start: Instant::now(),
        pushes: Tally::new("pushes of phones", &hour.faults),
        pulls: Tally::new("pulls of phones", &hour.faults),
        pull_times: RefCell::default(),
        broken_off: Cell::default(),
        repeated: Cell::default(),
        receipts: RefCell::default(),
    };
    let finished = RefCell::new(Vec::new());
    let rounds = phones.iter().map(async |phone| {
        let took = crowd.round(phone).await;
        finished.borrow_mut().push((phone.arrives + took, took));
    });
    if timeout(window + PATIENCE, join_all(rounds)).await.is_err() {
        hour.faults.add(format!("phones: not all were acknowledged {} s after the deadline", PATIENCE.as_secs()));
    }
    let [memory_after_mib, memory_most_mib] = hour.server.memory();
    let (ends, took): (Vec<_>, Vec<_>) = finished.into_inner().into_iter().unzip();
    let sent: Vec<Uuid> = phones.iter().flat_map(|phone| &phone.outgoing).flat_map(|one| one.counts.clone()).collect();
    let acknowledged = crowd.receipts.into_inner();
    let stored = Stored::read(&mut hour.connection.borrow_mut(), hour.kind);
    let lost = acknowledged.iter().filter(|(id, receipt)| !stored.has(id, receipt)).count();
    let not_acknowledged = sent.iter().filter(|id| !acknowledged.contains_key(id)).count();
    // Nobody else writes: whatever there is more than what was sent is there twice.
    let arrived = sent.iter().filter(|id| stored.counts.contains(&id.to_string())).count();
    let doubled = i64::try_from(stored.counts.len()).unwrap() - before - i64::try_from(arrived).unwrap();
    hour.stored.add(acknowledged.len(), sent.len());
    for (number, fault) in [
        (lost, "were acknowledged and are not there with their receipt"),
        (not_acknowledged, "were never acknowledged"),
        (usize::try_from(doubled.abs()).unwrap(), "are there that nobody sent, or fewer than the ids found"),
    ] {
        if number > 0 {
            hour.faults.add(format!("phones: {number} counts {fault}"));
        }
    }
    Phones {
        phones: phones.len(),
        counts: sent.len(),
        window_seconds: window.as_secs_f64(),
        acknowledged_seconds: ends.into_iter().max().unwrap_or_default().as_secs_f64(),
        times: Times::of(took),
        pushes: crowd.pushes.answers(),
        pulls: crowd.pulls.answers(),
        pull_times: Times::of(crowd.pull_times.into_inner()),
        broken_off: crowd.broken_off.get(),
        repeated: crowd.repeated.get(),
        not_acknowledged,
        lost,
        doubled,
        memory_before_mib,
        memory_most_mib,
        memory_after_mib,
    }
}

/// The counts in the database, and the receipts of counts.
struct Stored {
    counts: HashSet<String>,
    receipts: HashSet<String>,
}

impl Stored {
    fn read(connection: &mut Connection, kind: Kind) -> Self {
        let id = match kind {
            Kind::Sqlite => "lower(hex(id))",
            Kind::Postgres => "replace(id::text, '-', '')",
        };
        let counts = connection.texts(&format!("SELECT {id} AS text FROM counts"));
        let counts = counts.iter().map(|id| id.parse::<Uuid>().unwrap().to_string()).collect();
        let receipts = connection.texts("SELECT jws AS text FROM receipts WHERE kind = 'count'").into_iter().collect();
        Self { counts, receipts }
    }

    fn has(&self, id: &Uuid, receipt: &str) -> bool {
        self.counts.contains(&id.to_string()) && self.receipts.contains(receipt)
    }
}
