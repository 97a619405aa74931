//! A morning's sign-ins, while counts go on.

use std::cell::{Cell, RefCell};
use std::io;
use std::time::Duration;

use client::retry::{self, Verdict};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::Serialize;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::pace::{self, Paced};
use super::tally::{Answers, Tally, Times};
use super::{Hour, source_of};
use crate::client::{Answer, Client};
use crate::request::Request;
use crate::users::{LINES, sign_in};

/// The share of the highest rate at which counts arrive on a morning.
const SHARE: f64 = 0.1;

/// The sign-ins in a second, if nobody had to wait.
const PER_SECOND: f64 = 50.0;

/// The time in which all must be signed in.
const PATIENCE: Duration = Duration::from_secs(600);

/// The time in which a request must be answered, as in the reference client.
const WHOLE: Duration = Duration::from_secs(120);

/// The figures of the sign-ins.
#[derive(Clone, Debug, Serialize)]
pub struct SignIns {
    pub sign_ins: usize,
    pub window_seconds: f64,
    pub signed_in: usize,
    /// Those that were told to wait, once or more.
    pub told_to_wait: usize,
    /// The time until all were signed in.
    pub all_seconds: f64,
    /// The time of a sign-in with its waits.
    pub times: Times,
    pub answers: Answers,
    pub counts_before: Paced,
    pub counts_meanwhile: Paced,
    pub memory_most_mib: f64,
}

impl SignIns {
    pub fn print(&self) {
        println!(
            "\nSign-ins: {} in {:.1} s, while counts of {LINES} lines arrive\n",
            self.sign_ins, self.window_seconds
        );
        println!(
            "signed in               {}, the last after {:.1} s; {} were told to wait",
            self.signed_in, self.all_seconds, self.told_to_wait
        );
        println!("a sign-in               {}; {}", self.times, self.answers);
        let counts = |of: &Paced| format!("{:.1}/s: {}; {}", of.per_second, of.times, of.answers);
        println!("counts before           {}", counts(&self.counts_before));
        println!("counts meanwhile        {}", counts(&self.counts_meanwhile));
        println!("resident memory         {:.1} MiB at most", self.memory_most_mib);
    }
}

/// Somebody who signs in.
struct Person {
    number: usize,
    arrives: Duration,
    request: Request,
}

/// Signs somebody in, with the waits of the reference client; returns the number of failures before.
async fn enter(hour: &Hour<'_>, person: &Person, tally: &Tally<'_>) -> Option<u32> {
    let (mut bytes, mut random) = (Vec::new(), StdRng::seed_from_u64(person.number as u64));
    person.request.write(0, &mut 0, &mut bytes);
    for failures in 1.. {
        let exchange = async {
            let mut client = Client::connect_from(source_of(person.number), hour.server.address).await?;
            client.ask(&bytes).await
        };
        let answer: io::Result<Answer> =
            timeout(WHOLE, exchange).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        tally.add(answer.as_ref().ok());
        let mut asked = None;
        if let Ok(answer) = answer {
            if answer.json()["access_token"].is_string() {
                return Some(failures - 1);
            }
            if retry::verdict(answer.status, &answer.code()) != Verdict::Again {
                return None;
            }
            asked = answer.retry_after;
        }
        sleep(retry::wait(failures, asked, &mut random)).await;
    }
    None
}

pub async fn measure(hour: &Hour<'_>, highest_per_second: f64) -> SignIns {
    let (quartermasters, number) = (&hour.users.quartermasters, hour.options.sign_ins());
    let window = Duration::from_secs_f64(number as f64 / PER_SECOND);
    let mut random = StdRng::seed_from_u64(1);
    let people: Vec<Person> = (0..number)
        .map(|number| Person {
            number,
            arrives: window.mul_f64(random.random()),
            request: sign_in(&quartermasters[number % quartermasters.len()].username, false),
        })
        .collect();
    hour.server.forget_most_memory();
    let submits: Vec<Request> = quartermasters.iter().map(|one| one.submit(LINES, true)).collect();
    let (rate, time) = (highest_per_second * SHARE, hour.options.time() * 5);
    let counts_before = pace::send(hour, "counts before sign-ins", &submits, rate, |after| after < time).await;
    let (tally, start) = (Tally::new("sign-ins", &hour.faults), Instant::now());
    let (took, told_to_wait, goes_on) = (RefCell::new(Vec::new()), Cell::new(0), Cell::new(true));
    let all = async {
        let entering = join_all(people.iter().map(async |person| {
            sleep_until(start + person.arrives).await;
            if let Some(failures) = enter(hour, person, &tally).await {
                took.borrow_mut().push((start + person.arrives).elapsed());
                told_to_wait.set(told_to_wait.get() + usize::from(failures > 0));
            }
        }));
        let _ = timeout(PATIENCE, entering).await;
        goes_on.set(false);
        start.elapsed()
    };
    let counts = pace::send(hour, "counts during sign-ins", &submits, rate, |_| goes_on.get());
    let (all, counts_meanwhile) = tokio::join!(all, counts);
    for counts in [&counts_before, &counts_meanwhile] {
        hour.stored.add(counts.succeeded(), counts.sent());
    }
    let took = took.into_inner();
    if took.len() < number {
        hour.faults.add(format!("sign-ins: {} of {number} never succeeded", number - took.len()));
    }
    let [_, memory_most_mib] = hour.server.memory();
    SignIns {
        sign_ins: number,
        window_seconds: window.as_secs_f64(),
        signed_in: took.len(),
        told_to_wait: told_to_wait.get(),
        all_seconds: all.as_secs_f64(),
        times: Times::of(took),
        answers: tally.answers(),
        counts_before,
        counts_meanwhile,
        memory_most_mib,
    }
}
