//! Requests at fixed times, whether or not earlier ones were answered. A time is counted from the moment at which a request was to
//! be sent, so that a service that falls behind cannot slow down those who measure it.

use std::cell::RefCell;
use std::io;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde::Serialize;
use tokio::time::{Instant, sleep_until};

use super::tally::{Answers, Tally, Times};
use super::{Hour, source_of};
use crate::client::{Answer, Client};
use crate::request::Request;

/// The time after which an idle connection is not used again: the service closes it a little later.
const KEPT: Duration = Duration::from_secs(2);

/// The phones from whose addresses the requests come.
const SOURCES: usize = 1_000;

/// The figures of requests at fixed times.
#[derive(Clone, Debug, Serialize)]
pub struct Paced {
    pub per_second: f64,
    /// Of those that succeeded.
    pub times: Times,
    pub answers: Answers,
}

impl Paced {
    /// The requests that succeeded.
    pub fn succeeded(&self) -> usize {
        self.times.requests
    }

    /// All requests.
    pub fn sent(&self) -> usize {
        self.answers.by_status.values().sum::<usize>() + self.answers.unanswered
    }
}

/// Sends requests in turn at a rate while a condition on the time since the first holds, and waits for all answers.
pub async fn send(
    hour: &Hour<'_>,
    name: &'static str,
    requests: &[Request],
    per_second: f64,
    goes_on: impl Fn(Duration) -> bool,
) -> Paced {
    let (tally, took) = (Tally::new(name, &hour.faults), RefCell::new(Vec::new()));
    let idle: RefCell<Vec<(Instant, Client)>> = RefCell::default();
    let start = Instant::now();
    let one = async |number: usize, planned: Instant| {
        let mut bytes = Vec::new();
        requests[number % requests.len()].write(hour.numbers.next(), &mut 0, &mut bytes);
        let kept = idle.borrow_mut().pop().filter(|(since, _)| since.elapsed() < KEPT);
        let answer = exchange(hour, number, kept.map(|(_, client)| client), &bytes).await;
        tally.add(answer.as_ref().ok().map(|(answer, _)| answer));
        let Ok((answer, client)) = answer else { return };
        if (200..300).contains(&answer.status) {
            took.borrow_mut().push(planned.elapsed());
        }
        idle.borrow_mut().push((Instant::now(), client));
    };
    let (mut under_way, mut sent) = (FuturesUnordered::new(), 0);
    loop {
        let after = Duration::from_secs_f64(sent as f64 / per_second);
        if !goes_on(after) {
            break;
        }
        tokio::select! {
            () = sleep_until(start + after) => {
                under_way.push(one(sent, start + after));
                sent += 1;
            }
            Some(()) = under_way.next() => {}
        }
    }
    while under_way.next().await.is_some() {}
    drop(under_way);
    Paced { per_second, times: Times::of(took.take()), answers: tally.answers() }
}

async fn exchange(
    hour: &Hour<'_>,
    number: usize,
    kept: Option<Client>,
    request: &[u8],
) -> io::Result<(Answer, Client)> {
    let mut client = match kept {
        Some(client) => client,
        None => Client::connect_from(source_of(number % SOURCES), hour.server.address).await?,
    };
    Ok((client.ask(request).await?, client))
}
