//! Version 1: the form of all records since the first receipt.
//!
//! Never edited. Every name, every word and every null is in stored hashes; the golden files fail where one changes. What a
//! row has beyond these fields is in no hash of this version: it needs a version of its own.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::count::{CountKind, CountScope, Held, LotCondition};
use crate::quarantine::Decision;
use crate::receipt::{self, LinkKind};
use base::content::hexadecimal;
use base::quantity::Quantity;

/// A count.
#[derive(Debug, Serialize)]
pub struct Count<'a> {
    /// Its header.
    #[serde(rename = "header")]
    pub header: CountHeader<'a>,
    /// Its lines, in their order.
    #[serde(rename = "lines")]
    pub lines: Vec<CountLine<'a>>,
    /// The counts that it settles, in the order of their ids.
    #[serde(rename = "resolves")]
    pub resolves: Vec<Uuid>,
}

/// The header of a count.
#[derive(Debug, Serialize)]
pub struct CountHeader<'a> {
    /// Its id.
    #[serde(rename = "id")]
    pub id: Uuid,
    /// The depot.
    #[serde(rename = "depot_id")]
    pub depot: Uuid,
    /// The organization of the depot.
    #[serde(rename = "organization_id")]
    pub organization: Uuid,
    /// The sender.
    #[serde(rename = "account_id")]
    pub account: Uuid,
    /// The change set that brought it.
    #[serde(rename = "change_set")]
    pub change_set: Uuid,
    /// The organization's own, or an inspection.
    #[serde(rename = "kind", serialize_with = "count_kind")]
    pub kind: CountKind,
    /// Its scope.
    #[serde(rename = "scope", serialize_with = "count_scope")]
    pub scope: CountScope,
    /// The time of counting, by the device's clock.
    #[serde(rename = "counted_at", serialize_with = "instant")]
    pub counted_at: DateTime<Utc>,
    /// The effective time.
    #[serde(rename = "effective_at", serialize_with = "instant")]
    pub effective_at: DateTime<Utc>,
    /// The time the server received it.
    #[serde(rename = "received_at", serialize_with = "instant")]
    pub received_at: DateTime<Utc>,
    /// The device it came from.
    #[serde(rename = "device")]
    pub device: Option<&'a str>,
    /// The device's running number.
    #[serde(rename = "seq")]
    pub seq: Option<i64>,
    /// The time the device sent it, by its own clock.
    #[serde(rename = "sent_at", serialize_with = "instant_or_null")]
    pub sent_at: Option<DateTime<Utc>>,
    /// The lag of the device's clock at sending, in microseconds.
    #[serde(rename = "clock_offset_us")]
    pub clock_offset_us: Option<i64>,
    /// The revision of the catalogue that the counter had.
    #[serde(rename = "catalogue_revision")]
    pub catalogue_revision: Option<i64>,
    /// The name of the counter.
    #[serde(rename = "counted_by")]
    pub counted_by: &'a str,
    /// A remark.
    #[serde(rename = "note")]
    pub note: Option<&'a str>,
    /// The body as it was sent, hashed by its very bytes.
    #[serde(rename = "body", serialize_with = "sha256")]
    pub body: &'a [u8],
    /// SHA-256 of the body's RFC 8785 form.
    #[serde(rename = "body_sha256")]
    pub body_sha256: &'a str,
}

/// A line of a count.
#[derive(Debug, Serialize)]
pub struct CountLine<'a> {
    /// The count.
    #[serde(rename = "count_id")]
    pub count: Uuid,
    /// The depot of the count.
    #[serde(rename = "depot_id")]
    pub depot: Uuid,
    /// The device or account that the count came from.
    #[serde(rename = "source")]
    pub source: &'a str,
    /// The effective time of the count.
    #[serde(rename = "effective_at", serialize_with = "instant")]
    pub effective_at: DateTime<Utc>,
    /// Its place in the count, from 0.
    #[serde(rename = "position")]
    pub position: i64,
    /// The item.
    #[serde(rename = "item_code")]
    pub item: &'a str,
    /// The number of units.
    #[serde(rename = "quantity", serialize_with = "number")]
    pub quantity: Quantity,
    /// The lot number.
    #[serde(rename = "lot")]
    pub lot: Option<&'a str>,
    /// The last day on which the lot may be used.
    #[serde(rename = "expires_on", serialize_with = "day_or_null")]
    pub expires_on: Option<NaiveDate>,
    /// The day on which the lot was made.
    #[serde(rename = "made_on", serialize_with = "day_or_null")]
    pub made_on: Option<NaiveDate>,
    /// The day of its last inspection.
    #[serde(rename = "inspected_on", serialize_with = "day_or_null")]
    pub inspected_on: Option<NaiveDate>,
    /// The state it was in.
    #[serde(rename = "condition", serialize_with = "lot_condition")]
    pub condition: LotCondition,
    /// The place it was in.
    #[serde(rename = "held", serialize_with = "held")]
    pub held: Held,
    /// The pack it was counted in.
    #[serde(rename = "pack")]
    pub pack: Option<&'a str>,
    /// The number of packs.
    #[serde(rename = "packs", serialize_with = "number_or_null")]
    pub packs: Option<Quantity>,
    /// The number of units in a pack.
    #[serde(rename = "pack_size", serialize_with = "number_or_null")]
    pub pack_size: Option<Quantity>,
    /// A remark.
    #[serde(rename = "note")]
    pub note: Option<&'a str>,
}

/// A count taken back.
#[derive(Debug, Serialize)]
pub struct Void<'a> {
    /// The count.
    #[serde(rename = "count_id")]
    pub count: Uuid,
    /// The change set that took it back.
    #[serde(rename = "change_set")]
    pub change_set: Uuid,
    /// The account that took it back.
    #[serde(rename = "account_id")]
    pub account: Uuid,
    /// The time.
    #[serde(rename = "voided_at", serialize_with = "instant")]
    pub voided_at: DateTime<Utc>,
    /// The reason.
    #[serde(rename = "reason")]
    pub reason: &'a str,
    /// The body as it was sent, hashed by its very bytes.
    #[serde(rename = "body", serialize_with = "sha256")]
    pub body: &'a [u8],
    /// SHA-256 of the body's RFC 8785 form.
    #[serde(rename = "body_sha256")]
    pub body_sha256: &'a str,
}

/// A resolution.
#[derive(Debug, Serialize)]
pub struct Resolution<'a> {
    /// Its header.
    #[serde(rename = "header")]
    pub header: ResolutionHeader<'a>,
    /// The counts that it takes out, in the order of their ids.
    #[serde(rename = "named")]
    pub named: Vec<NamedCount<'a>>,
}

/// The header of a resolution.
#[derive(Debug, Serialize)]
pub struct ResolutionHeader<'a> {
    /// Its id.
    #[serde(rename = "id")]
    pub id: Uuid,
    /// The depot of the counts.
    #[serde(rename = "depot_id")]
    pub depot: Uuid,
    /// The organization of the depot.
    #[serde(rename = "organization_id")]
    pub organization: Uuid,
    /// The account that decided it.
    #[serde(rename = "account_id")]
    pub account: Uuid,
    /// The change set that brought it.
    #[serde(rename = "change_set")]
    pub change_set: Uuid,
    /// The item for which the counts are disregarded.
    #[serde(rename = "item_code")]
    pub item: &'a str,
    /// The reason.
    #[serde(rename = "reason")]
    pub reason: &'a str,
    /// The name of the officer.
    #[serde(rename = "resolved_by")]
    pub resolved_by: &'a str,
    /// The time.
    #[serde(rename = "resolved_at", serialize_with = "instant")]
    pub resolved_at: DateTime<Utc>,
    /// The body as it was sent, hashed by its very bytes.
    #[serde(rename = "body", serialize_with = "sha256")]
    pub body: &'a [u8],
    /// SHA-256 of the body's RFC 8785 form.
    #[serde(rename = "body_sha256")]
    pub body_sha256: &'a str,
}

/// A count that a resolution takes out.
#[derive(Debug, Serialize)]
pub struct NamedCount<'a> {
    /// The resolution.
    #[serde(rename = "resolution_id")]
    pub resolution: Uuid,
    /// The count.
    #[serde(rename = "count_id")]
    pub count: Uuid,
    /// The item of the resolution.
    #[serde(rename = "item_code")]
    pub item: &'a str,
}

/// A resolution taken back.
#[derive(Debug, Serialize)]
pub struct ResolutionVoid<'a> {
    /// The resolution.
    #[serde(rename = "resolution_id")]
    pub resolution: Uuid,
    /// The change set that took it back.
    #[serde(rename = "change_set")]
    pub change_set: Uuid,
    /// The account that took it back.
    #[serde(rename = "account_id")]
    pub account: Uuid,
    /// The name of the officer.
    #[serde(rename = "voided_by")]
    pub voided_by: &'a str,
    /// The time.
    #[serde(rename = "voided_at", serialize_with = "instant")]
    pub voided_at: DateTime<Utc>,
    /// The reason.
    #[serde(rename = "reason")]
    pub reason: &'a str,
    /// The body as it was sent, hashed by its very bytes.
    #[serde(rename = "body", serialize_with = "sha256")]
    pub body: &'a [u8],
    /// SHA-256 of the body's RFC 8785 form.
    #[serde(rename = "body_sha256")]
    pub body_sha256: &'a str,
}

/// An acceptance of an own count that an inspection contests.
#[derive(Debug, Serialize)]
pub struct Acceptance<'a> {
    /// Its id.
    #[serde(rename = "id")]
    pub id: Uuid,
    /// The depot of both counts.
    #[serde(rename = "depot_id")]
    pub depot: Uuid,
    /// The organization of the depot.
    #[serde(rename = "organization_id")]
    pub organization: Uuid,
    /// The account that decided it.
    #[serde(rename = "account_id")]
    pub account: Uuid,
    /// The change set that brought it.
    #[serde(rename = "change_set")]
    pub change_set: Uuid,
    /// The item for which the own count is accepted.
    #[serde(rename = "item_code")]
    pub item: &'a str,
    /// The inspection.
    #[serde(rename = "inspection_id")]
    pub inspection: Uuid,
    /// The own count.
    #[serde(rename = "count_id")]
    pub count: Uuid,
    /// The reason.
    #[serde(rename = "reason")]
    pub reason: &'a str,
    /// The name of the officer.
    #[serde(rename = "accepted_by")]
    pub accepted_by: &'a str,
    /// The time.
    #[serde(rename = "accepted_at", serialize_with = "instant")]
    pub accepted_at: DateTime<Utc>,
    /// The body as it was sent, hashed by its very bytes.
    #[serde(rename = "body", serialize_with = "sha256")]
    pub body: &'a [u8],
    /// SHA-256 of the body's RFC 8785 form.
    #[serde(rename = "body_sha256")]
    pub body_sha256: &'a str,
}

/// An officer's decision on a quarantined command.
#[derive(Debug, Serialize)]
pub struct QuarantineDecision<'a> {
    /// The quarantined command.
    #[serde(rename = "quarantine_id")]
    pub quarantined: Uuid,
    /// The change set that brought the decision.
    #[serde(rename = "change_set")]
    pub change_set: Uuid,
    /// The account that decided.
    #[serde(rename = "account_id")]
    pub account: Uuid,
    /// The organization in whose chain it is.
    #[serde(rename = "organization_id")]
    pub organization: Option<Uuid>,
    /// The time.
    #[serde(rename = "decided_at", serialize_with = "instant")]
    pub decided_at: DateTime<Utc>,
    /// The decision.
    #[serde(rename = "decision", serialize_with = "decision")]
    pub decision: Decision,
    /// The reason.
    #[serde(rename = "reason")]
    pub reason: &'a str,
    /// The count that the command became.
    #[serde(rename = "count_id")]
    pub count: Option<Uuid>,
    /// The body as it was sent, hashed by its very bytes.
    #[serde(rename = "body", serialize_with = "sha256")]
    pub body: &'a [u8],
    /// SHA-256 of the body's RFC 8785 form.
    #[serde(rename = "body_sha256")]
    pub body_sha256: &'a str,
}

/// A link of a chain, as its hash is made over it and as a receipt says it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Link {
    /// The organization of the chain.
    #[serde(rename = "organization")]
    organization: Uuid,
    /// Its place in the chain, from 1.
    #[serde(rename = "position")]
    position: i64,
    /// The kind of thing accepted.
    #[serde(rename = "kind")]
    kind: LinkedKind,
    /// Its id.
    #[serde(rename = "id")]
    id: Uuid,
    /// SHA-256 of the RFC 8785 form of the content as it was sent.
    #[serde(rename = "sha256")]
    sha256: String,
    /// SHA-256 of the RFC 8785 form of the record.
    #[serde(rename = "record_sha256")]
    record_sha256: String,
    /// The time the server received it.
    #[serde(rename = "received_at", serialize_with = "instant")]
    received_at: DateTime<Utc>,
    /// The effective time.
    #[serde(rename = "effective_at", serialize_with = "instant_or_null")]
    effective_at: Option<DateTime<Utc>>,
    /// The hash of the link before.
    #[serde(rename = "previous")]
    previous: String,
}

/// The payload of a receipt, its members in the order in which they are signed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// The issuer.
    #[serde(rename = "iss")]
    iss: String,
    /// The link.
    #[serde(flatten)]
    link: Link,
    /// The hash of the link.
    #[serde(rename = "hash")]
    hash: String,
}

/// A sort of thing that a link can be about, by the word of this version.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum LinkedKind {
    #[serde(rename = "count")]
    Count,
    #[serde(rename = "void")]
    Void,
    #[serde(rename = "resolution")]
    Resolution,
    #[serde(rename = "resolution_void")]
    ResolutionVoid,
    #[serde(rename = "acceptance")]
    Acceptance,
    #[serde(rename = "decision")]
    Decision,
}

impl From<LinkKind> for LinkedKind {
    fn from(kind: LinkKind) -> Self {
        match kind {
            LinkKind::Count => Self::Count,
            LinkKind::Void => Self::Void,
            LinkKind::Resolution => Self::Resolution,
            LinkKind::ResolutionVoid => Self::ResolutionVoid,
            LinkKind::Acceptance => Self::Acceptance,
            LinkKind::Decision => Self::Decision,
        }
    }
}

impl From<LinkedKind> for LinkKind {
    fn from(kind: LinkedKind) -> Self {
        match kind {
            LinkedKind::Count => Self::Count,
            LinkedKind::Void => Self::Void,
            LinkedKind::Resolution => Self::Resolution,
            LinkedKind::ResolutionVoid => Self::ResolutionVoid,
            LinkedKind::Acceptance => Self::Acceptance,
            LinkedKind::Decision => Self::Decision,
        }
    }
}

impl From<&receipt::Link> for Link {
    fn from(link: &receipt::Link) -> Self {
        Self {
            organization: link.organization.0,
            position: link.position,
            kind: link.kind.into(),
            id: link.id,
            sha256: link.sha256.clone(),
            record_sha256: link.record_sha256.clone(),
            received_at: link.received_at,
            effective_at: link.effective_at,
            previous: link.previous.clone(),
        }
    }
}

impl From<Link> for receipt::Link {
    fn from(link: Link) -> Self {
        Self {
            organization: link.organization.into(),
            position: link.position,
            kind: link.kind.into(),
            id: link.id,
            sha256: link.sha256,
            record_sha256: link.record_sha256,
            received_at: link.received_at,
            effective_at: link.effective_at,
            previous: link.previous,
        }
    }
}

impl From<&receipt::Receipt> for Receipt {
    fn from(receipt: &receipt::Receipt) -> Self {
        Self { iss: receipt.iss.clone(), link: (&receipt.link).into(), hash: receipt.hash.clone() }
    }
}

impl From<Receipt> for receipt::Receipt {
    fn from(receipt: Receipt) -> Self {
        Self { iss: receipt.iss, link: receipt.link.into(), hash: receipt.hash }
    }
}

fn count_kind<S: Serializer>(kind: &CountKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match kind {
        CountKind::Own => "own",
        CountKind::Inspection => "inspection",
    })
}

fn count_scope<S: Serializer>(scope: &CountScope, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match scope {
        CountScope::Full => "full",
        CountScope::Listed => "listed",
    })
}

fn lot_condition<S: Serializer>(condition: &LotCondition, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match condition {
        LotCondition::Serviceable => "serviceable",
        LotCondition::InRepair => "in_repair",
        LotCondition::Unserviceable => "unserviceable",
    })
}

fn held<S: Serializer>(held: &Held, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match held {
        Held::Here => "here",
        Held::Lent => "lent",
    })
}

fn decision<S: Serializer>(decision: &Decision, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match decision {
        Decision::Applied => "applied",
        Decision::SetAside => "set_aside",
    })
}

/// UTC with microseconds, as in `2026-11-24T01:02:03.000004Z`.
fn instant<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&instant.to_rfc3339_opts(SecondsFormat::Micros, true))
}

fn instant_or_null<S: Serializer>(at: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => instant(at, serializer),
        None => serializer.serialize_none(),
    }
}

fn day_or_null<S: Serializer>(day: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(&day.format("%Y-%m-%d")),
        None => serializer.serialize_none(),
    }
}

/// A JSON number of the exact decimal digits.
fn number<S: Serializer>(quantity: &Quantity, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(quantity.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

fn number_or_null<S: Serializer>(quantity: &Option<Quantity>, serializer: S) -> Result<S::Ok, S::Error> {
    match quantity {
        Some(quantity) => number(quantity, serializer),
        None => serializer.serialize_none(),
    }
}

fn sha256<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hexadecimal(&Sha256::digest(bytes)))
}
