//! Commands in quarantine as they appear in answers.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::api::accounts::AccountLabel;
use crate::api::labels::OrganizationLabel;
use crate::api::problem::Problem;
use base::error::Error;
use base::i_json::is_i_json;
use base::id::{AccountId, CommandId, CountId, OrganizationId, QuarantineId};
use base::time::{serialize_instant, serialize_instant_option};
use db::connection::AnyConnection;
use db::quarantine::Quarantined;
use domain::account::Belongs;
use domain::organization::Organization;
use domain::quarantine::QuarantineStatus;
use domain::receipt::LinkKind;
use domain::revision::Revision;
use service::quarantine::{content_of, refusal_of};
use text::language::Language;

/// The number of a command's errors in a list.
const ERRORS_LISTED: usize = 10;

/// An example of a command in a list.
fn example() -> Value {
    json!({
        "id": "9a3c2f0c-77d1-51a1-8b1f-6c1e5a554b0d", "command_id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11",
        "sha256": "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", "type": "submit_count",
        "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
        "account": { "id": "0198f5a2-0000-7000-8000-000000000005", "username": "t3", "display_name": "Quartermaster of T3" },
        "device": "phone-7", "seq": 41, "sent_at": "2026-11-23T02:10:01.000000Z",
        "received_at": "2026-11-23T02:10:02.000000Z", "effective_at": "2026-11-23T02:10:00.000000Z", "deposited": false,
        "with_receipt": false, "revision": 12, "status": "waiting", "decision": null,
        "problem": {
            "type": "urn:muster:problem:values_not_taken", "title": "Validation failed", "status": 422,
            "detail": "Some values are not valid: see the errors.", "code": "values_not_taken", "request_id": "",
            "errors": [{ "pointer": "/depot_id", "code": "depot_unknown",
                "detail": "There is no such depot: look it up with GET /depots." }] }
    })
}

/// The same with its content.
fn content_example() -> Value {
    let mut whole = example();
    if let Some(members) = whole.as_object_mut() {
        let data = json!({
            "depot_id": "0198f5a2-0000-7000-8000-000000000003", "scope": "listed",
            "counted_at": "2026-11-23T02:10:00Z", "lines": [{ "item": "L2010101", "quantity": 12 }]
        });
        members.extend([("data".to_owned(), data), ("data_text".to_owned(), Value::Null)]);
    }
    whole
}

/// A command that arrived and could not be applied as it was sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = example)]
pub struct QuarantineView {
    /// Its id here: the same for the same command and content.
    pub id: QuarantineId,
    /// The command.
    command_id: CommandId,
    /// SHA-256 of the RFC 8785 form of its content, in hexadecimal; of its bytes where it is not I-JSON.
    #[schema(min_length = 64, max_length = 64)]
    sha256: String,
    /// Its type.
    #[serde(rename = "type")]
    #[schema(max_length = 64)]
    kind: String,
    /// The organization of its depot, or else of its sender; `null` if neither is known.
    organization: Option<OrganizationLabel>,
    /// The sender.
    account: AccountLabel,
    /// The device it came from.
    #[schema(max_length = 100)]
    device: String,
    /// The device's sequence number.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    seq: Option<i64>,
    /// The time the device sent it, by its own clock.
    #[serde(serialize_with = "serialize_instant_option")]
    sent_at: Option<DateTime<Utc>>,
    /// The time the server received it.
    #[serde(serialize_with = "serialize_instant")]
    received_at: DateTime<Utc>,
    /// The effective time of its observation; fixed at that receipt.
    #[serde(serialize_with = "serialize_instant")]
    effective_at: DateTime<Utc>,
    /// True if its sender could no longer sign in.
    deposited: bool,
    /// True if a receipt came with it, which claims that it was accepted before the server was restored.
    with_receipt: bool,
    /// The revision that recorded it.
    pub revision: Revision,
    /// Its status.
    status: QuarantineStatus,
    /// The decision.
    decision: Option<DecisionView>,
    /// The reason why it was not applied, as reported to its sender. A list has the first ten of its errors.
    problem: Problem,
}

/// A command with its content.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = content_example)]
pub struct QuarantinedCommand {
    #[serde(flatten)]
    command: QuarantineView,
    /// Its content, as sent; `null` where that is not I-JSON (RFC 7493), which has no doubled members, no numbers beyond a
    /// double, no halves of characters and no deep nesting.
    #[schema(value_type = serde_json::Value)]
    data: Option<Box<RawValue>>,
    /// Its content as text, where it is not I-JSON. `sha256` is that of its bytes then.
    #[schema(max_length = 1_048_576)]
    data_text: Option<String>,
}

/// An officer's decision.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DecisionView {
    /// The officer.
    account: AccountLabel,
    /// The time.
    #[serde(serialize_with = "serialize_instant")]
    decided_at: DateTime<Utc>,
    /// The reason, in words.
    #[schema(max_length = 1000, example = "the depot was opened on the day before")]
    reason: String,
    /// The count that it became.
    count_id: Option<CountId>,
    /// The receipt of the decision; `null` if the command's organization is unknown.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    receipt: Option<String>,
}

/// The context of views: the organizations that the caller may see.
pub struct Names {
    organizations: BTreeMap<OrganizationId, Organization>,
    /// The caller's today, whose names of organizations are shown.
    day: NaiveDate,
}

impl QuarantineView {
    /// The same with the first of its errors, for a list.
    pub fn in_list(mut self) -> Self {
        self.problem.errors.truncate(ERRORS_LISTED);
        self
    }
}

impl Names {
    /// The names that a caller may see.
    pub fn load(connection: &mut AnyConnection, belongs: Belongs, now: DateTime<Utc>) -> Result<Self, Error> {
        let organizations = db::organizations::list_visible(connection, belongs, Revision::LATEST)?;
        Ok(Self {
            organizations: organizations.into_iter().map(|organization| (organization.id, organization)).collect(),
            day: db::accounts::today(connection, belongs, now)?,
        })
    }

    /// The organizations.
    pub fn organizations(&self) -> impl Iterator<Item = &Organization> {
        self.organizations.values()
    }

    /// The view of a command.
    pub fn view(
        &self,
        connection: &mut AnyConnection,
        quarantined: Quarantined,
        language: Language,
    ) -> Result<QuarantineView, Error> {
        let decider = quarantined.decision.as_ref().map(|decided| decided.account_id);
        let ids: Vec<AccountId> = decider.into_iter().chain([quarantined.row.account_id]).collect();
        let accounts = db::accounts::find_some(connection, &ids)?;
        let account = |id: AccountId| {
            let found = accounts.get(&id).ok_or(Error::Internal("an account is gone", None));
            found.map(AccountLabel::of)
        };
        let problem = Problem::of_refusal(&refusal_of(&quarantined)?, language, String::new());
        let status = quarantined.status();
        let decision = match quarantined.decision {
            None => None,
            Some(decided) => {
                let link = db::receipts::find(connection, LinkKind::Decision, decided.quarantine_id.0)?;
                Some(DecisionView {
                    account: account(decided.account_id)?,
                    decided_at: decided.decided_at.0,
                    reason: decided.reason,
                    count_id: decided.count_id,
                    receipt: link.map(|link| link.jws),
                })
            }
        };
        let row = quarantined.row;
        let organization = row.organization_id.and_then(|id| self.organizations.get(&id));
        Ok(QuarantineView {
            id: row.id,
            command_id: row.command_id,
            sha256: row.sha256,
            kind: row.kind,
            organization: organization.map(|organization| OrganizationLabel::of(organization, self.day, language)),
            account: account(row.account_id)?,
            device: row.device,
            seq: row.seq,
            sent_at: row.sent_at.map(Into::into),
            received_at: row.received_at.0,
            effective_at: row.effective_at.0,
            deposited: row.deposited,
            with_receipt: row.receipt.is_some(),
            revision: quarantined.revision,
            status,
            decision,
            problem,
        })
    }

    /// A command with its content.
    pub fn with_content(
        &self,
        connection: &mut AnyConnection,
        quarantined: Quarantined,
        language: Language,
    ) -> Result<QuarantinedCommand, Error> {
        let content = content_of(connection, &quarantined.row)?;
        let is_i_json = is_i_json(&content.bytes);
        let text =
            String::from_utf8(content.bytes).map_err(|error| Error::internal("a stored command is no text", error))?;
        let (data, data_text) = if is_i_json {
            let data = RawValue::from_string(text);
            (Some(data.map_err(|error| Error::internal("a stored command is no JSON", error))?), None)
        } else {
            (None, Some(text))
        };
        Ok(QuarantinedCommand { command: self.view(connection, quarantined, language)?, data, data_text })
    }
}
