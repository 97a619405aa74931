//! The bureau's staff: they decide on quarantined commands, void counts, resolve conflicts, and change accounts, items and
//! depots.

use serde_json::{Value, json};
use uuid::Uuid;

use super::bodies::ITEMS;
use super::network::Got;
use super::world::World;

/// The accounts that may be closed and moved.
const QUARTERMASTERS: [&str; 4] = ["t1", "t1-second", "t2", "e1"];

#[derive(Clone, Copy, Debug)]
enum Act {
    Decide,
    Void,
    Resolve,
    VoidResolution,
    Close,
    Reopen,
    Move,
    Item,
    Depot,
    Withdraw,
    Inspect,
}

/// Carries out one action, drawn by chance.
pub async fn act(world: &mut World) {
    let act = world.choices.weighed(&[
        (10, Act::Decide),
        (4, Act::Void),
        (4, Act::Resolve),
        (1, Act::VoidResolution),
        (2, Act::Close),
        (3, Act::Reopen),
        (1, Act::Move),
        (3, Act::Item),
        (3, Act::Depot),
        (1, Act::Withdraw),
        (2, Act::Inspect),
    ]);
    let heard = match act {
        Act::Decide => decide(world).await,
        Act::Void => void(world).await,
        Act::Resolve => resolve(world).await,
        Act::VoidResolution => void_resolution(world).await,
        Act::Close | Act::Reopen => close_or_open(world, matches!(act, Act::Close)).await,
        Act::Move => move_account(world).await,
        Act::Item => put_item(world).await,
        Act::Depot => put_depot(world).await,
        Act::Withdraw => withdraw(world).await,
        Act::Inspect => inspect(world).await,
    };
    let Some(got) = heard else { return };
    let done = if got.status < 300 { "done" } else { "refused" };
    let code = got.value()["code"].as_str().unwrap_or_default().to_owned();
    world.note(&format!("officer {act:?} {done}"), &format!("{} {code}", got.status));
    if !world.restores.is_empty() {
        world.note(&format!("officer {act:?} {done} after a restore"), "");
    }
}

async fn list(world: &mut World, path: &str) -> Option<Vec<Value>> {
    let got = world.ask("officer", "GET", path, None).await?;
    let value = got.value();
    let items = value["items"].as_array();
    assert!(got.status == 200 && items.is_some(), "{path}: {} {value}", got.status);
    let mut items = items.unwrap().clone();
    // Ids drawn by the seed break ties between entries whose order would follow other ids.
    items.sort_by_key(|item| (std::cmp::Reverse(item["revision"].as_i64()), item["command_id"].to_string()));
    Some(items)
}

async fn one_of(world: &mut World, path: &str) -> Option<Value> {
    let items = list(world, path).await?;
    (!items.is_empty()).then(|| world.choices.pick(&items))
}

async fn decide(world: &mut World) -> Option<Got> {
    let waiting = one_of(world, "/quarantine?status=waiting&limit=500").await?;
    let id = waiting["id"].as_str().unwrap().to_owned();
    let reason = json!({"reason": "decided by the duty officer"});
    if world.choices.one_in(3) {
        return world.ask("officer", "POST", &format!("/quarantine/{id}/set-aside"), Some(&reason)).await;
    }
    let mut body = reason;
    if world.choices.one_in(2) {
        let depots: Vec<String> = world.depots.values().cloned().collect();
        body["data"] = json!({
            "depot_id": world.choices.pick(&depots), "scope": "listed", "counted_at": "2026-11-22T08:00:00Z",
            "lines": [{"item": world.choices.pick(&ITEMS), "quantity": world.choices.between(0, 9)}]
        });
    }
    world.ask("officer", "POST", &format!("/quarantine/{id}/apply"), Some(&body)).await
}

async fn void(world: &mut World) -> Option<Got> {
    let count = one_of(world, "/counts?limit=500").await?;
    let path = format!("/counts/{}/void", count["id"].as_str().unwrap());
    world.ask("officer", "POST", &path, Some(&json!({"reason": "the wrong shelf"}))).await
}

/// Resolves a conflict if there is one; otherwise any stock of a depot.
async fn resolve(world: &mut World) -> Option<Got> {
    let stock = list(world, "/stock?limit=500").await?;
    let in_conflict: Vec<Value> = stock.iter().filter(|line| line["stock"]["state"] == "conflict").cloned().collect();
    let among = if in_conflict.is_empty() { &stock } else { &in_conflict };
    if among.is_empty() {
        return None;
    }
    let line = world.choices.pick(among);
    let counts = line["stock"]["counts"].as_array().unwrap();
    if counts.is_empty() {
        return None;
    }
    let loser = world.choices.pick(counts);
    let body = json!({
        "depot_id": line["stock"]["depot"], "item": line["stock"]["item"], "counts": [loser["id"]],
        "reason": "counted by torchlight"
    });
    let id = Uuid::from_u128(u128::try_from(world.choices.below(1 << 40)).unwrap());
    world.ask("officer", "PUT", &format!("/resolutions/{id}"), Some(&body)).await
}

async fn void_resolution(world: &mut World) -> Option<Got> {
    let resolution = one_of(world, "/resolutions?limit=500").await?;
    let path = format!("/resolutions/{}/void", resolution["id"].as_str().unwrap());
    world.ask("officer", "POST", &path, Some(&json!({"reason": "the torch was good"}))).await
}

async fn account(world: &mut World, username: &str) -> Option<Value> {
    let accounts = list(world, "/accounts?limit=500").await?;
    accounts.into_iter().find(|account| account["username"] == username)
}

async fn close_or_open(world: &mut World, close: bool) -> Option<Got> {
    let username = world.choices.pick(&QUARTERMASTERS);
    let id = account(world, username).await?["id"].as_str()?.to_owned();
    if close {
        world.let_sessions_end(username);
        let reason = json!({"reason": "left the brigade"});
        return world.ask("officer", "POST", &format!("/accounts/{id}/close"), Some(&reason)).await;
    }
    world.ask("officer", "POST", &format!("/accounts/{id}/reopen"), None).await
}

async fn move_account(world: &mut World) -> Option<Got> {
    let username = world.choices.pick(&QUARTERMASTERS);
    let account = account(world, username).await?;
    let body = json!({
        "username": username, "display_name": account["display_name"], "role": "quartermaster",
        "organization": world.choices.pick(&["T1", "T2", "E1"])
    });
    world.ask("officer", "PUT", &format!("/accounts/{}", account["id"].as_str()?), Some(&body)).await
}

async fn put_item(world: &mut World) -> Option<Got> {
    let code = world.choices.pick(&ITEMS);
    let body = json!({
        "name_en": format!("{code} {}", world.choices.below(100)), "name_zh": format!("物资{code}"),
        "class": "protection", "kind": "equipment", "perishable": code == "MASK",
        "retired": world.choices.one_in(4)
    });
    world.ask("chief", "PUT", &format!("/items/{code}"), Some(&body)).await
}

async fn put_depot(world: &mut World) -> Option<Got> {
    let codes: Vec<String> = world.depots.keys().cloned().collect();
    let code = world.choices.pick(&codes);
    let body = json!({
        "name_en": format!("Depot {}", world.choices.below(100)), "name_zh": format!("{code}库"), "holding": "physical",
        "open": !world.choices.one_in(4)
    });
    world.ask("officer", "PUT", &format!("/depots/{code}"), Some(&body)).await
}

async fn withdraw(world: &mut World) -> Option<Got> {
    let device = one_of(world, "/devices?withdrawn=false").await?;
    world.let_sessions_end(device["account"]["username"].as_str().unwrap());
    let id = device["id"].as_str().unwrap();
    let path = format!("/devices/{id}/withdraw");
    let got = world.ask("officer", "POST", &path, Some(&json!({"reason": "lost in the river"}))).await?;
    if got.status == 200 {
        world.withdrawn.insert(id.to_owned());
    }
    Some(got)
}

async fn inspect(world: &mut World) -> Option<Got> {
    let depots: Vec<String> = world.depots.values().cloned().collect();
    let counted_at = world.servers.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let body = json!({
        "depot_id": world.choices.pick(&depots), "scope": "listed", "counted_at": counted_at,
        "lines": [{"item": world.choices.pick(&ITEMS), "quantity": world.choices.between(0, 9)}]
    });
    let id = Uuid::from_u128(0xffff_0000_0000 + u128::try_from(world.choices.below(1 << 40)).unwrap());
    world.ask("officer", "PUT", &format!("/counts/{id}"), Some(&body)).await
}

/// A one-time code for a phone's user; `None` if none can be issued.
pub async fn issue_code(world: &mut World, number: usize) -> Option<String> {
    let username = world.handsets[number].username.clone();
    let body = json!({"account": username, "note": "for a new phone"});
    let got = world.ask("officer", "POST", "/enrolments", Some(&body)).await?;
    got.value()["code"].as_str().map(str::to_owned)
}

/// Reopens every closed account.
pub async fn open_all_accounts(world: &mut World) {
    let accounts = list(world, "/accounts?open=false&limit=500").await.unwrap();
    for account in accounts {
        let path = format!("/accounts/{}/reopen", account["id"].as_str().unwrap());
        let got = world.ask("officer", "POST", &path, None).await.unwrap();
        assert_eq!(got.status, 200, "{}", got.value());
    }
}
