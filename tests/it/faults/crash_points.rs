//! Ends of servers without phones: after whichever step of a commit a server ends, every answered request is stored, and a
//! repeated one is stored once.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use super::checker::check_chains;
use super::crash::{End, STEPS};
use super::in_process::Inside;
use super::network::Sent;
use super::plant;
use super::processes::Processes;
use super::servers::Servers;
use crate::cases::{Case, Fixture, cases_of};
use crate::database::{Backend, TestDatabase};
use crate::seed;

/// A database with the initial data, and the ids of its depots.
pub struct Planted(TestDatabase, BTreeMap<String, String>);

impl Fixture for Planted {
    const BACKENDS: &'static [Option<Backend>] = TestDatabase::BACKENDS;

    async fn make(backend: Option<Backend>) -> Self {
        let (database, depots) = plant::database(backend.unwrap()).await;
        Self(database, depots)
    }
}

/// The tests of this file.
pub fn cases() -> Vec<Case> {
    let inside = cases_of(module_path!(), "a_writer_that_ends_at_any_step_keeps_its_word", inside);
    let processes = cases_of(module_path!(), "a_process_that_is_killed_at_any_step_keeps_its_word", processes);
    inside.into_iter().chain(processes).collect()
}

async fn inside(Planted(database, depots): Planted) {
    end_at_every_step(Servers::Inside(Inside::start(database, 1).await), &depots).await;
}

async fn processes(Planted(database, depots): Planted) {
    end_at_every_step(Servers::Processes(Processes::start(database, 1)), &depots).await;
}

async fn end_at_every_step(servers: Servers, depots: &BTreeMap<String, String>) {
    let token = token(&servers).await;
    let mut receipts: BTreeMap<Uuid, Value> = BTreeMap::new();
    let mut sent = 0;
    for (_, step) in STEPS {
        let mut ended = 0;
        for hits_before in 0..3 {
            let counts: Vec<(Uuid, Sent)> = (0..6).map(|number| count(&depots["T1-A"], number, &token)).collect();
            sent += counts.len();
            servers.end_at(0, End { step, hits_before }).await;
            servers.restart(0).await;
            // Some at once, so that they share a commit, then one after the other.
            let first = join_all(counts[..4].iter().map(|(_, sent)| servers.call(0, sent))).await;
            let mut heard: Vec<_> = counts[..4].iter().zip(first).collect();
            for one in &counts[4..] {
                heard.push((one, servers.call(0, &one.1).await));
            }
            ended += heard.iter().filter(|(_, got)| got.is_none()).count();
            for ((id, _), got) in heard {
                if let Some(got) = got {
                    assert_eq!(got.status, 201, "{}", got.value());
                    receipts.insert(*id, got.value()["receipt"].clone());
                }
            }
            servers.calm_down().await;
            for (id, sent) in &counts {
                let got = servers.call(0, sent).await.unwrap();
                let was_answered = receipts.contains_key(id);
                assert!(got.status == 200 || got.status == 201 && !was_answered, "{} {}", got.status, got.value());
                let receipt = got.value()["receipt"].clone();
                assert_eq!(receipts.entry(*id).or_insert_with(|| receipt.clone()), &receipt);
            }
        }
        assert!(ended > 0, "nothing ended at {step:?}");
    }
    let inside = servers.into_inside().await;
    let app = inside.app(0).unwrap();
    let stored = super::checker::pages(&app, "/counts").await;
    assert_eq!(stored.len(), sent);
    check_chains(&app).await;
}

async fn token(servers: &Servers) -> String {
    servers.token_of("t1").await.unwrap()
}

fn count(depot: &str, number: i64, token: &str) -> (Uuid, Sent) {
    let id = Uuid::new_v4();
    let counted_at = seed::now() - chrono::TimeDelta::minutes(number);
    let body = json!({
        "depot_id": depot, "scope": "listed", "counted_at": counted_at,
        "lines": [{"item": "BOOTS", "quantity": number}]
    });
    (id, Sent::json("PUT", &format!("/api/v1/counts/{id}"), token, Some(&body)))
}
