//! Rows of commands and their conversions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::schema::{acknowledged, quarantined, queue};
use crate::error::PhoneError;
use crate::report::{Acknowledged, Quarantined, Waiting};

#[derive(Queryable, Selectable)]
#[diesel(table_name = queue)]
pub struct QueueRow {
    id: String,
    seq: i64,
    kind: String,
    body: Vec<u8>,
    created_at: i64,
    attempts: i32,
    state: String,
    problem: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = acknowledged)]
pub struct AcknowledgedRow {
    id: String,
    seq: i64,
    kind: String,
    body: Vec<u8>,
    receipt: String,
    is_own_content: bool,
    count_id: String,
    acknowledged_at: i64,
    is_to_repeat: bool,
    problem: Option<String>,
    applied_body: Option<Vec<u8>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = quarantined)]
pub struct QuarantinedRow {
    id: String,
    seq: i64,
    kind: String,
    body: Vec<u8>,
    state: String,
    problem: Option<String>,
    decision: Option<String>,
    quarantined_at: i64,
    is_to_repeat: bool,
}

impl TryFrom<QueueRow> for Waiting {
    type Error = PhoneError;

    fn try_from(row: QueueRow) -> Result<Self, PhoneError> {
        Ok(Self {
            id: id(&row.id)?,
            seq: row.seq,
            kind: row.kind,
            body: row.body,
            created_at: instant(row.created_at),
            attempts: row.attempts,
            state: row.state.parse().map_err(|_| odd("state", &row.state))?,
            problem: json(row.problem)?,
        })
    }
}

impl TryFrom<AcknowledgedRow> for Acknowledged {
    type Error = PhoneError;

    fn try_from(row: AcknowledgedRow) -> Result<Self, PhoneError> {
        Ok(Self {
            id: id(&row.id)?,
            seq: row.seq,
            kind: row.kind,
            body: row.body,
            receipt: row.receipt,
            is_own_content: row.is_own_content,
            count_id: id(&row.count_id)?,
            acknowledged_at: instant(row.acknowledged_at),
            is_to_repeat: row.is_to_repeat,
            problem: json(row.problem)?,
            applied_body: row.applied_body,
        })
    }
}

impl TryFrom<QuarantinedRow> for Quarantined {
    type Error = PhoneError;

    fn try_from(row: QuarantinedRow) -> Result<Self, PhoneError> {
        Ok(Self {
            id: id(&row.id)?,
            seq: row.seq,
            kind: row.kind,
            body: row.body,
            state: row.state.parse().map_err(|_| odd("state", &row.state))?,
            problem: json(row.problem)?,
            decision: json(row.decision)?,
            quarantined_at: instant(row.quarantined_at),
            is_to_repeat: row.is_to_repeat,
        })
    }
}

fn id(text: &str) -> Result<Uuid, PhoneError> {
    text.parse().map_err(|_| odd("id", text))
}

fn instant(microseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(microseconds).unwrap_or_default()
}

fn json<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>, PhoneError> {
    text.map(|text| serde_json::from_str(&text).map_err(|_| odd("note", &text))).transpose()
}

fn odd(what: &str, value: &str) -> PhoneError {
    PhoneError::Storage(format!("a command has the {what} {value}"))
}
