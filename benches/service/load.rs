//! Load: some clients send requests in turn, each the next one when it has its answer.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde::Serialize;

use crate::client::Client;
use crate::process::own_time;
use crate::request::Request;
use crate::server::Server;

/// The figures of a measurement.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    pub name: String,
    pub clients: usize,
    pub requests: usize,
    /// Answers that were not as expected, by status.
    pub refused: BTreeMap<u16, usize>,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
    /// Bytes on the wire of one request and of one answer.
    pub bytes_sent: usize,
    pub bytes_received: usize,
    /// Processor time of the service, of the database's server and of the load itself, for one request.
    pub service_ms: f64,
    pub database_ms: f64,
    pub load_ms: f64,
    /// Resident memory of the service after it, and at most so far.
    pub memory_mib: f64,
    pub memory_most_mib: f64,
}

/// The requests that all clients send in turn, or of which each client has its own.
pub enum Requests<'a> {
    InTurn(&'a [Request]),
    OfEach(&'a [Request]),
}

/// Numbers of requests, which are never used twice.
#[derive(Default)]
pub struct Numbers(Cell<u64>);

impl Numbers {
    pub fn next(&self) -> u64 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }
}

/// Sends requests by so many clients for some time. Their first requests count as well.
pub async fn measure(
    server: &Server,
    name: &str,
    requests: Requests<'_>,
    clients: usize,
    time: Duration,
    numbers: &Numbers,
) -> Measured {
    let connections = join_all((0..clients).map(|_| Client::connect(server.address))).await;
    let (turn, took) = (Cell::new(0), RefCell::new(Vec::new()));
    let (sent, received, refused) = (Cell::new(0), Cell::new(0), RefCell::new(BTreeMap::new()));
    let (of_server, of_load, started) = (server.time(), own_time(), Instant::now());
    join_all(connections.into_iter().enumerate().map(async |(number, mut client)| {
        let (mut bytes, mut commands) = (Vec::new(), 0);
        while started.elapsed() < time {
            let request = match requests {
                Requests::InTurn(all) => {
                    turn.set(turn.get() + 1);
                    &all[turn.get() % all.len()]
                }
                Requests::OfEach(own) => &own[number % own.len()],
            };
            request.write(numbers.next(), &mut commands, &mut bytes);
            let start = Instant::now();
            let (status, size) = client.send(&bytes).await;
            took.borrow_mut().push(start.elapsed());
            sent.set(sent.get() + bytes.len());
            received.set(received.get() + size);
            if !(200..300).contains(&status) {
                *refused.borrow_mut().entry(status).or_default() += 1;
            }
        }
    }))
    .await;
    let (elapsed, load, server_after) = (started.elapsed(), own_time() - of_load, server.time());
    let mut took = took.into_inner();
    took.sort();
    let requests = took.len();
    let each = |time: Duration| time.as_secs_f64() * 1e3 / requests as f64;
    let at = |share: f64| took[((requests as f64 * share) as usize).min(requests - 1)].as_secs_f64() * 1e3;
    let [memory_mib, memory_most_mib] = server.memory();
    Measured {
        name: name.to_owned(),
        clients,
        requests,
        refused: refused.into_inner(),
        per_second: requests as f64 / elapsed.as_secs_f64(),
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        max_ms: at(1.0),
        bytes_sent: sent.get() / requests,
        bytes_received: received.get() / requests,
        service_ms: each(server_after[0].saturating_sub(of_server[0])),
        database_ms: each(server_after[1].saturating_sub(of_server[1])),
        load_ms: each(load),
        memory_mib,
        memory_most_mib,
    }
}
