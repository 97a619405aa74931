//! What a phone page tells, in the words of the reference client, so that one checker judges both.

use std::time::Duration;

use chrono::{DateTime, Utc};
use client::error::PhoneError;
use client::report::{
    Acknowledged, End, Kept, Mirrored, QuarantineState, Quarantined, Round, SessionState, Status, Waiting, WaitingState,
};
use client::transport::TransportError;
use client::wire::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::phones::Held;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap().try_into().unwrap()
}

fn id(value: &Value) -> Uuid {
    text(value).parse().unwrap()
}

fn instant(value: &Value) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(value.as_i64().unwrap()).unwrap()
}

fn maybe<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).unwrap()
}

/// The outcome of a round.
pub fn round_of(told: &Value) -> Round {
    let kept = |one: &Value| Kept {
        id: id(&one["id"]),
        seq: one["seq"].as_i64().unwrap(),
        code: text(&one["code"]),
        detail: text(&one["detail"]),
    };
    let end = &told["end"];
    let (code, why) = (text(&end["code"]), text(&end["why"]));
    Round {
        sent: number(&told["sent"]),
        applied: number(&told["applied"]),
        repeated: number(&told["repeated"]),
        quarantined: number(&told["quarantined"]),
        rejected: number(&told["rejected"]),
        kept: told["kept"].as_array().unwrap().iter().map(kept).collect(),
        pulled: number(&told["pulled"]),
        was_reset: told["wasReset"].as_bool().unwrap(),
        end: match end["kind"].as_str().unwrap() {
            "settled" => End::Settled,
            "again" => {
                let wait = end["waitMs"].as_f64().unwrap();
                End::Again { wait: Duration::from_secs_f64(wait / 1000.0), why }
            }
            "refused" => End::Refused { code, why },
            "sign_in" => End::SignInAgain { code },
            other => panic!("a round ended with {other}"),
        },
    }
}

/// The failure of a task.
pub fn error_of(server: &str, told: &Value) -> PhoneError {
    let (code, detail) = (text(&told["code"]), text(&told["detail"]));
    let problem: Option<Problem> = maybe(&told["problem"]);
    match (code.as_str(), problem) {
        ("not_signed_in", _) => PhoneError::NotSignedIn,
        ("unreachable", _) => PhoneError::Unreachable(server.to_owned(), TransportError(detail)),
        // The page waits as long as the service asked, and asks nobody meanwhile.
        ("too_many_attempts", None) => PhoneError::Unreachable(server.to_owned(), TransportError(detail)),
        ("not_muster", _) => PhoneError::NotMuster(server.to_owned(), detail),
        (_, Some(problem)) if problem.status >= 500 => PhoneError::Later(server.to_owned(), Box::new(problem)),
        (_, Some(problem)) => PhoneError::Refused(Box::new(problem)),
        (_, None) => panic!("a page fails by itself: {told}"),
    }
}

/// The content of a page, as its program tells it; `told` is null where nobody uses it yet.
pub fn held_of(told: &Value) -> Held {
    let session = match (&told["session"], &told["session"]["ended"]) {
        (Value::Null, _) => SessionState::Nobody,
        (_, Value::Null) => SessionState::SignedIn,
        (_, code) => SessionState::Ended { code: text(code) },
    };
    let status = Status {
        device_id: told["device_id"].as_str().unwrap_or_default().to_owned(),
        server: None,
        username: told["session"]["username"].as_str().map(str::to_owned),
        session,
        next_seq: told["next_seq"].as_i64().unwrap_or(1),
        revision: told["revision"].as_i64(),
        last_contact_at: None,
        failures: told["failures"].as_u64().unwrap_or(0).try_into().unwrap(),
        mirror: Vec::new(),
    };
    let (mut waiting, mut acknowledged, mut quarantined) = (Vec::new(), Vec::new(), Vec::new());
    for command in told["commands"].as_array().into_iter().flatten() {
        match command["place"].as_str().unwrap() {
            "waiting" => waiting.push(waiting_of(command, WaitingState::Waiting)),
            "awaits_sign_in" => waiting.push(waiting_of(command, WaitingState::AwaitsSignIn)),
            "held" => waiting.push(waiting_of(command, WaitingState::Held)),
            "accepted" => acknowledged.push(acknowledged_of(command)),
            "undecided" => quarantined.push(quarantined_of(command, QuarantineState::Undecided)),
            "set_aside" => quarantined.push(quarantined_of(command, QuarantineState::SetAside)),
            "rejected" => quarantined.push(quarantined_of(command, QuarantineState::Rejected)),
            other => panic!("a command is {other}"),
        }
    }
    let copy = told["copy"].as_array().into_iter().flatten();
    let mirror =
        copy.map(|row| Mirrored { kind: text(&row["type"]), key: text(&row["key"]), data: row["data"].clone() });
    Held { status, waiting, acknowledged, quarantined, mirror: mirror.collect() }
}

fn waiting_of(command: &Value, state: WaitingState) -> Waiting {
    Waiting {
        id: id(&command["id"]),
        seq: command["seq"].as_i64().unwrap(),
        kind: text(&command["type"]),
        body: text(&command["text"]).into_bytes(),
        created_at: instant(&command["createdAt"]),
        attempts: command["attempts"].as_i64().unwrap().try_into().unwrap(),
        state,
        problem: maybe(&command["problem"]),
    }
}

fn acknowledged_of(command: &Value) -> Acknowledged {
    Acknowledged {
        id: id(&command["id"]),
        seq: command["seq"].as_i64().unwrap(),
        kind: text(&command["type"]),
        body: text(&command["text"]).into_bytes(),
        receipt: text(&command["receipt"]),
        is_own_content: command["ownContent"].as_bool().unwrap(),
        count_id: id(&command["countId"]),
        acknowledged_at: instant(&command["settledAt"]),
        is_to_repeat: command["again"].as_bool().unwrap(),
        problem: maybe(&command["problem"]),
        applied_body: command["appliedText"].as_str().map(|text| text.as_bytes().to_vec()),
    }
}

fn quarantined_of(command: &Value, state: QuarantineState) -> Quarantined {
    Quarantined {
        id: id(&command["id"]),
        seq: command["seq"].as_i64().unwrap(),
        kind: text(&command["type"]),
        body: text(&command["text"]).into_bytes(),
        state,
        problem: maybe(&command["problem"]),
        decision: maybe(&command["decision"]),
        quarantined_at: instant(&command["settledAt"]),
        is_to_repeat: command["again"].as_bool().unwrap(),
    }
}
