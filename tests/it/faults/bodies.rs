//! Bodies of commands, valid and invalid, as apps of three versions send them.

use base::quantity::Quantity;
use chrono::{SecondsFormat, TimeDelta};
use client::codes::SUBMIT_COUNT;
use client::draft::CountDraft;
use serde_json::{Value, json};
use uuid::Uuid;

use super::desk::{Desk, Drafted};
use super::network::Sent;
use super::page_phones::Queued;
use super::phones::Version;
use super::schedule::Choices;
use super::world::World;

/// A command that was drawn.
pub struct Drawn {
    /// Its kind, in words.
    pub what: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Its type.
    pub kind: String,
    /// Its body.
    pub body: Vec<u8>,
    /// Its number, where the phone made and queued it by itself.
    pub seq: Option<i64>,
}

/// The items of the catalogue.
pub const ITEMS: [&str; 3] = ["BOOTS", "MASK", "SAND"];

/// The kinds of commands: valid ones, and each fault that one may have.
#[derive(Clone, Copy)]
enum Matter {
    Nothing,
    Drafted,
    UnknownItem,
    AnotherDepot,
    NoShape,
    SettlesOthers,
    TakenId,
    UnknownField,
    UnknownType,
}

/// Draws a command for a phone.
pub fn draw(world: &mut World, number: usize, desk: &mut Desk) -> Drawn {
    let version = world.handsets[number].version();
    let matter = world.choices.weighed(&[
        (20, Matter::Nothing),
        (6, Matter::Drafted),
        (2, Matter::UnknownItem),
        (2, Matter::AnotherDepot),
        (1, Matter::NoShape),
        (2, Matter::SettlesOthers),
        (1, Matter::TakenId),
        (if version == Version::Newer { 6 } else { 0 }, Matter::UnknownField),
        (if version == Version::Newer { 4 } else { 0 }, Matter::UnknownType),
    ]);
    let depot = own_depot(world, number);
    let mut body = count(world, number, &depot);
    let (mut id, mut kind) = (new_id(&mut world.choices), SUBMIT_COUNT.to_owned());
    let what = match matter {
        Matter::Nothing => "a count",
        Matter::Drafted => {
            let draft = CountDraft {
                depot,
                is_full: world.choices.one_in(3),
                lines: vec![(
                    world.choices.pick(&ITEMS).to_owned(),
                    Quantity::whole(world.choices.between(0, 40).try_into().unwrap()),
                )],
                note: None,
            };
            match desk.draft(&draft) {
                Some(Drafted::Body(body)) => return Drawn { what: "a count from its copy", id, kind, body, seq: None },
                Some(Drafted::Queued(Queued { id, seq, body })) => {
                    return Drawn { what: "a count from its copy", id, kind, body, seq: Some(seq) };
                }
                None => "a count",
            }
        }
        Matter::UnknownItem => {
            body["lines"][0]["item"] = json!("GHOST");
            "a count of an unknown item"
        }
        Matter::AnotherDepot => {
            let others: Vec<String> = world.depots.values().cloned().collect();
            body["depot_id"] = json!(world.choices.pick(&others));
            "a count of some depot"
        }
        Matter::NoShape => {
            body["lines"] = json!("many");
            "a count without a shape"
        }
        Matter::SettlesOthers => {
            let known: Vec<Uuid> = world.made.iter().rev().take(6).map(|made| made.id).collect();
            body["resolves"] = if known.is_empty() { json!([]) } else { json!([world.choices.pick(&known)]) };
            "a count that settles another"
        }
        Matter::TakenId => {
            let known: Vec<Uuid> = world.made.iter().map(|made| made.id).collect();
            if !known.is_empty() {
                id = world.choices.pick(&known);
            }
            "a count under a taken id"
        }
        Matter::UnknownField => {
            body["weather"] = json!("fog");
            "a count with an unknown field"
        }
        Matter::UnknownType => {
            kind = "move_stock".to_owned();
            body = json!({"from": depot, "to": "elsewhere", "quantity": world.choices.between(1, 9)});
            "a command of an unknown type"
        }
    };
    Drawn { what, id, kind, body: serde_json::to_vec(&body).unwrap(), seq: None }
}

/// An id drawn from the seed, so that a replay has the same ids.
fn new_id(choices: &mut Choices) -> Uuid {
    let halves = [0; 4].map(|_: u32| u128::try_from(choices.below(1 << 32)).unwrap());
    let bits = halves.iter().fold(0_u128, |bits, half| (bits << 32) | half);
    uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
}

/// A depot of the organization that the account began with.
fn own_depot(world: &mut World, number: usize) -> String {
    let code = match world.handsets[number].username.as_str() {
        "t2" => ["T2-A", "T2-B"],
        "e1" => ["E1-A", "E1-A"],
        _ => ["T1-A", "T1-B"],
    };
    world.choices.pick(&code).to_owned()
}

fn count(world: &mut World, number: usize, depot: &str) -> Value {
    let handset = &world.handsets[number];
    let (version, now) = (handset.version(), handset.clock.now());
    let choices = &mut world.choices;
    // Often within the quarter of an hour in which counts contradict each other.
    let ago = if choices.one_in(3) { choices.between(0, 5000) } else { choices.between(0, 12) };
    let mut lines = Vec::new();
    for item in ITEMS {
        if lines.is_empty() && item == "SAND" || choices.one_in(2) {
            let mut line = json!({"item": item, "quantity": choices.between(0, 6)});
            if version != Version::Older {
                if item == "MASK" && choices.one_in(2) {
                    line["expires_on"] = json!(choices.pick(&["2026-11-25", "2026-12-24", "2030-01-01"]));
                    line["lot"] = json!(choices.pick(&["A", "B"]));
                }
                if choices.one_in(5) {
                    line["condition"] = json!("in_repair");
                }
                if choices.one_in(8) {
                    line["held"] = json!("lent");
                }
            }
            lines.push(line);
        }
    }
    let counted_at = (now - TimeDelta::minutes(ago)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut body = json!({
        "depot_id": world.depots[depot], "scope": if choices.one_in(5) { "full" } else { "listed" },
        "counted_at": counted_at, "lines": lines
    });
    if version != Version::Older && choices.one_in(3) {
        body["note"] = json!("数过了");
        body["catalogue_revision"] = json!(choices.between(1, 3));
    }
    body
}

/// Rewrites a request to the form that an app of this version sends.
pub fn as_version_says(version: Version, sent: &Sent) -> Sent {
    if !sent.is_push() || version == Version::Same {
        return sent.clone();
    }
    let mut body = sent.value();
    let Some(envelope) = body.as_object_mut() else { return sent.clone() };
    if version == Version::Older {
        envelope.remove("queued");
    } else {
        envelope.insert("features".to_owned(), json!({"version": "9.0", "names": ["plans"]}));
        for command in envelope.get_mut("commands").and_then(Value::as_array_mut).into_iter().flatten() {
            command["priority"] = json!(3);
        }
    }
    sent.with(&body)
}
