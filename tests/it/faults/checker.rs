//! The final check: slow and plain, it compares the answers that phones got with the stored data, without the service's own
//! code where possible.

use std::collections::{BTreeMap, BTreeSet};

use base::content::Content;
use chrono::{DateTime, Utc};
use client::codes::LAPSED_SESSION;
use client::report::{Acknowledged, Mirrored, QuarantineState};
use domain::receipt::Link;
use serde_json::Value;
use service::verify::verify_all;
use uuid::Uuid;

use super::phones::Held;
use super::world::{Promised, Tally, World};
use super::{current_counts, figures, missing};
use crate::app::TestApp;

/// The server's data, as the API lists it.
pub struct Stored {
    /// The counts by their ids.
    pub counts: BTreeMap<String, Value>,
    /// The quarantined commands, decided ones included.
    pub quarantine: Vec<Value>,
    /// The devices.
    pub devices: Vec<Value>,
}

impl Stored {
    /// True if a command with this content arrived, as a count or in quarantine.
    pub fn has(&self, id: Uuid, sha256: &str) -> bool {
        let count = self.counts.get(&id.to_string());
        count.is_some_and(|count| count["sha256"] == sha256) || self.is_in_quarantine(id, sha256)
    }

    fn is_in_quarantine(&self, id: Uuid, sha256: &str) -> bool {
        let id = id.to_string();
        self.quarantine.iter().any(|one| one["command_id"] == id && one["sha256"] == sha256)
    }
}

/// Checks everything, and returns the numbers of the world's events.
pub async fn check(mut world: World) -> Tally {
    let left = world.final_state().await;
    for (number, held, fresh) in &left {
        let handset = &world.handsets[*number];
        check_mirror(&handset.name, &held.mirror, &fresh.mirror);
        check_phone(&handset.name, &handset.made, held);
    }
    let names: BTreeMap<usize, String> =
        left.iter().map(|(number, ..)| (*number, world.handsets[*number].username.clone())).collect();
    let World { servers, mut tally, made, promised, restores, echoed, copied, withdrawn, .. } = world;
    let inside = servers.into_inside().await;
    let app = inside.app(0).expect("a server that runs");
    let stored = read_all(&app).await;
    for (number, held, _) in &left {
        check_what_phones_have(*number, held, &stored);
        for one in &held.acknowledged {
            let is_there = check_acknowledged(*number, one, &stored, &mut tally);
            if is_there && !copied.contains(&names[number]) {
                check_that_it_is_answered(&app, one).await;
            }
        }
    }
    for device in stored.devices.iter().filter(|device| withdrawn.contains(device["id"].as_str().unwrap())) {
        assert!(!device["withdrawn_at"].is_null(), "a restore took back that it is withdrawn: {device}");
        *tally.entry("checked withdrawn devices".to_owned()).or_default() += 1;
    }
    let all_held: BTreeSet<(Uuid, &[u8])> = left.iter().flat_map(|(_, held, _)| commands_of(held)).collect();
    for ((id, _), promise) in &promised {
        let receipt = check_receipt(&app, *id, promise);
        let (began, seen) = promise.given;
        let was_undone = restores.iter().any(|(from, at)| *from < seen && began <= *at);
        let is_first = was_undone && echoed.contains(&promise.username);
        // After a restore the id may belong to other content; then this command waits for an officer.
        let is_it = |count: &&Value| promise.is_own_content && count["sha256"] == sha256_of(&promise.body);
        let count = stored.counts.get(&promise.count_id.to_string()).filter(is_it);
        if let Some(count) = count.filter(|_| !is_first) {
            // Also if the server was restored since, and the phone brought the count back.
            let (received_at, effective_at) = (instant(&count["received_at"]), instant(&count["effective_at"]));
            assert_eq!(
                (received_at, Some(effective_at)),
                (receipt.received_at, receipt.effective_at),
                "the times of {id}"
            );
        }
        let is_held = all_held.contains(&(*id, promise.body.as_slice()));
        check_promise(*id, promise, &stored, was_undone && !is_held, &mut tally);
    }
    check_that_nothing_is_twice(&stored);
    // An officer's content came back in the place of what was made.
    let corrected = promised.iter().filter(|(_, promise)| !promise.is_own_content);
    let corrected = corrected.filter(|(_, promise)| stored.counts.contains_key(&promise.count_id.to_string()));
    let corrected = corrected.map(|((id, body), _)| (*id, sha256_of(body))).collect();
    missing::check_numbers(&made, &copied);
    missing::check(&made, &stored, &corrected, &mut tally);
    figures::check(&app).await;
    current_counts::check(&app).await;
    check_chains(&app).await;
    tally
}

fn commands_of(held: &Held) -> Vec<(Uuid, &[u8])> {
    let acknowledged = held.acknowledged.iter().map(|one| (one.id, one.body.as_slice()));
    let quarantined = held.quarantined.iter().map(|one| (one.id, one.body.as_slice()));
    acknowledged.chain(quarantined).collect()
}

/// Checks that a phone's copy equals that of a new phone, which has just pulled everything.
fn check_mirror(name: &str, has: &[Mirrored], fresh: &[Mirrored]) {
    fn by_key(mirror: &[Mirrored]) -> BTreeMap<(&str, &str), &Value> {
        mirror.iter().map(|one| ((one.kind.as_str(), one.key.as_str()), &one.data)).collect()
    }
    let (has, fresh) = (by_key(has), by_key(fresh));
    assert!(!fresh.is_empty(), "a new phone pulled nothing");
    for key in has.keys().chain(fresh.keys()) {
        assert_eq!(has.get(key), fresh.get(key), "{name} and a new phone have another {key:?}");
    }
}

/// Checks that no command waits any more, and that the phone knows the outcome of each.
fn check_phone(name: &str, made: &[Uuid], held: &Held) {
    assert!(held.waiting.is_empty(), "{name} still has {:?}", held.waiting);
    let told: BTreeSet<Uuid> = commands_of(held).into_iter().map(|(id, _)| id).collect();
    for id in made {
        assert!(told.contains(id), "{name} has forgotten {id}");
    }
    for one in &held.quarantined {
        let code = one.problem.as_ref().map_or("", |problem| problem.code.as_str());
        assert!(!code.is_empty(), "{name} was not told why {one:?}");
        assert_ne!(one.state, QuarantineState::Rejected, "{name} sent a command that was taken for none: {one:?}");
    }
}

/// Checks that phones and the server agree on the state of quarantined commands.
fn check_what_phones_have(number: usize, held: &Held, stored: &Stored) {
    for one in &held.quarantined {
        let sha256 = sha256_of(&one.body);
        let id = one.id.to_string();
        let there = stored.quarantine.iter().find(|there| there["command_id"] == id && there["sha256"] == sha256);
        let there =
            there.unwrap_or_else(|| panic!("phone {number} has in quarantine what the server has not: {one:?}"));
        let expected = match one.state {
            QuarantineState::Undecided => "waiting",
            QuarantineState::SetAside => "set_aside",
            QuarantineState::Rejected => "none",
        };
        assert_eq!(there["status"], expected, "phone {number} thinks otherwise of {id}: {there}");
        let code = one.problem.as_ref().map_or("", |problem| problem.code.as_str());
        let is_lapsed = one.state == QuarantineState::Undecided && LAPSED_SESSION.contains(&code);
        assert!(!is_lapsed, "phone {number} signed in, and {id} waits because it was not: {there}");
    }
}

/// Checks that the service answers the receipt that a phone holds, whatever came first after a restore.
async fn check_that_it_is_answered(app: &TestApp, one: &Acknowledged) {
    let path = format!("/api/v1/counts/{}/receipt", one.count_id);
    let answered = app.get(&path).as_("admin").send().await.expect(200);
    assert_eq!(answered["receipt"], one.receipt, "another receipt of {} is answered", one.id);
}

/// Checks that a command whose receipt a phone holds is a count again, whatever was restored: nobody has to decide. Only
/// where its id is another content's now, or the phone does not know what an officer made of it, it may wait.
/// Returns true where it is that count.
fn check_acknowledged(number: usize, one: &Acknowledged, stored: &Stored, tally: &mut Tally) -> bool {
    let body = one.applied_body.as_deref().or(one.is_own_content.then_some(one.body.as_slice()));
    let Some(sha256) = body.map(sha256_of) else {
        *tally.entry("content that only an officer knows".to_owned()).or_default() += 1;
        return false;
    };
    let count = stored.counts.get(&one.count_id.to_string());
    let is_taken = count.is_some_and(|count| count["sha256"] != sha256);
    let kind = if is_taken { "acknowledged under an id that is taken" } else { "checked acknowledged" };
    *tally.entry(kind.to_owned()).or_default() += 1;
    assert!(is_taken || count.is_some(), "phone {number} holds the receipt of {}: {:?}", one.id, one.problem);
    !is_taken
}

fn check_receipt(app: &TestApp, id: Uuid, promise: &Promised) -> Link {
    let receipt = app.receipts.checks().check(&promise.receipt);
    let receipt = receipt.unwrap_or_else(|refusal| panic!("the receipt of {id} is not genuine: {refusal}"));
    assert_eq!(receipt.link.id, promise.count_id, "the receipt of {id} is of another count");
    if promise.is_own_content {
        assert_eq!(receipt.link.sha256, sha256_of(&promise.body), "the receipt of {id} is of other content");
    }
    receipt.link
}

/// Checks that an acknowledged command is stored with its content, unless server and phone were both restored to an earlier
/// state.
fn check_promise(id: Uuid, promise: &Promised, stored: &Stored, may_be_gone: bool, tally: &mut Tally) {
    *tally.entry("checked promises".to_owned()).or_default() += 1;
    let sha256 = sha256_of(&promise.body);
    match stored.counts.get(&promise.count_id.to_string()) {
        Some(count) if promise.is_own_content && count["sha256"] == sha256 => {}
        Some(_) if !promise.is_own_content => {}
        _ if stored.is_in_quarantine(id, &sha256) => {
            *tally.entry("promises that an officer must decide".to_owned()).or_default() += 1;
        }
        _ if may_be_gone => *tally.entry("promises lost on both sides".to_owned()).or_default() += 1,
        other => panic!("{id} was acknowledged, and the server has {other:?} under {}", promise.count_id),
    }
}

fn check_that_nothing_is_twice(stored: &Stored) {
    for one in &stored.quarantine {
        let (command, sha256) = (one["command_id"].as_str().unwrap(), &one["sha256"]);
        let as_it_was_sent = stored.counts.get(command).is_some_and(|count| count["sha256"] == *sha256);
        let became = one["decision"]["count_id"].as_str();
        assert!(
            !as_it_was_sent || became.is_none_or(|became| became == command),
            "{command} was counted as it was sent, and as what an officer made of it: {one}"
        );
    }
}

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// SHA-256 of the canonical form of a body.
pub fn sha256_of(body: &[u8]) -> String {
    Content::of_json(body.to_vec()).unwrap().sha256
}

async fn read_all(app: &TestApp) -> Stored {
    let mut counts = BTreeMap::new();
    for count in pages(app, "/counts").await {
        let id = count["id"].as_str().unwrap().to_owned();
        assert!(counts.insert(id, count.clone()).is_none(), "a count is listed twice: {count}");
    }
    Stored { counts, quarantine: pages(app, "/quarantine").await, devices: pages(app, "/devices").await }
}

/// Every item of a list, as an admin sees it.
pub async fn pages(app: &TestApp, path: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let more = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let mark = if path.contains('?') { '&' } else { '?' };
        let page = app.get(&format!("/api/v1{path}{mark}limit=500{more}")).as_("admin").send().await.expect(200);
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return all;
        }
    }
}

/// Verifies all chains.
pub async fn check_chains(app: &TestApp) {
    let keys = app.receipts.clone();
    let verified = app.db.read(move |snapshot| verify_all(snapshot.connection, keys.checks())).await.unwrap();
    assert!(verified.findings.is_empty(), "{:#?}", verified.findings);
}
