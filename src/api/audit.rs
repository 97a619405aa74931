//! Reading the audit: who changed what, when, by which operation and from which device.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Admins, Caller};
use super::page::{DEFAULT_LIMIT, Page, from_cursor};
use super::problem::Problems;
use super::query::Query;
use super::reply;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::id::AccountId;
use base::time::serialize_instant;
use db::audit::{Entry, Filter};
use domain::account::Account;
use domain::actor::{Subject, SubjectKind};
use domain::revision::Revision;

/// A change and who made it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "revision": 57, "at": "2026-11-23T02:10:00.000000Z",
    "account": { "id": "0198f5a2-0000-7000-8000-000000000009", "username": "officer", "name": "Duty officer" },
    "action": "submit_count", "device": "phone-7", "request_id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11",
    "subjects": [{ "kind": "count", "key": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b12" }]
}))]
struct AuditEntry {
    /// The revision that the change made.
    revision: Revision,
    /// The time of its commit.
    #[serde(serialize_with = "serialize_instant")]
    at: DateTime<Utc>,
    /// The account that made it; `null` for a command of the program itself.
    account: Option<AuditAccount>,
    /// The operation, by its `operationId`, or the command.
    #[schema(max_length = 64)]
    action: String,
    /// The device it came from, as it names itself.
    #[schema(max_length = 100)]
    device: Option<String>,
    /// The id of the request, as in the logs.
    #[schema(max_length = 64)]
    request_id: Option<String>,
    /// The subjects. The stored data can be read with the `revision` of the thing itself.
    #[schema(max_items = 100_000)]
    subjects: Vec<AuditSubject>,
}

/// An account, as the audit names it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct AuditAccount {
    /// Its id.
    id: AccountId,
    /// The name it signs in with.
    #[schema(max_length = 64, example = "officer")]
    username: String,
    /// The holder's name.
    #[schema(max_length = 100, example = "Duty officer of the bureau")]
    name: String,
}

/// A thing that was changed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct AuditSubject {
    /// Its kind.
    kind: SubjectKind,
    /// Its code or id; two parts are joined by `/`.
    #[schema(max_length = 200, example = "T3")]
    key: String,
}

/// The selection of changes to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListAudit {
    /// Only changes of this kind of subject.
    kind: Option<SubjectKind>,
    /// Only changes of the subject with this code or id.
    #[param(max_length = 200, example = "T3")]
    #[validate(length(max = 200), non_control_character)]
    subject: Option<String>,
    /// Only changes by the account with this user name.
    #[param(max_length = 64, example = "officer")]
    #[validate(length(max = 64), non_control_character)]
    account: Option<String>,
    /// Only changes by this operation or command.
    #[param(max_length = 64, example = "submit_count")]
    #[validate(length(max = 64), non_control_character)]
    action: Option<String>,
    /// Only changes committed at this instant or later.
    since: Option<DateTime<Utc>>,
    /// Only changes committed before this instant.
    until: Option<DateTime<Utc>>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List the audit
///
/// Lists every change with its account, operation, time and device; latest first. Admins see the changes made by accounts of
/// their region and below; those of the topmost bureau also see changes made by the program's own commands.
#[utoipa::path(
    tag = "audit",
    params(ListAudit),
    responses((status = 200, description = "A page of changes.", body = Page<AuditEntry>), Problems),
    security(("bearer" = []))
)]
#[get("/audit")]
pub async fn list_audit(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Admins>,
    Query(query): Query<ListAudit>,
) -> Result<HttpResponse, ApiError> {
    let belongs = caller.belongs;
    let page = state.db.read(move |snapshot| {
        let mut accounts: BTreeMap<AccountId, Account> = db::accounts::list_visible(snapshot.connection, belongs)?
            .into_iter()
            .map(|account| (account.id, account))
            .collect();
        let named = query.account.as_ref().map(|name| name.to_lowercase());
        if let Some(name) = &named {
            accounts.retain(|_, account| account.username == *name);
        }
        let filter = Filter {
            accounts: accounts.keys().copied().collect(),
            commands: named.is_none() && db::accounts::is_topmost(snapshot.connection, belongs)?,
            kind: query.kind,
            subject: query.subject,
            action: query.action,
            since: query.since,
            until: query.until,
            before: from_cursor(query.cursor.as_deref())?,
        };
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
        let entries = db::audit::list(snapshot.connection, &filter, limit.saturating_add(1))?;
        let views = entries.into_iter().map(|entry| AuditEntry::of(entry, &accounts));
        Page::cut(views, Some(limit), |entry| entry.revision)
    });
    reply::json(&request, &page.await?)
}

impl AuditEntry {
    fn of(entry: Entry, accounts: &BTreeMap<AccountId, Account>) -> Self {
        let account = entry.account.and_then(|id| accounts.get(&id)).map(|account| AuditAccount {
            id: account.id,
            username: account.username.clone(),
            name: account.display_name.clone(),
        });
        Self {
            revision: entry.learnt.revision,
            at: entry.learnt.at,
            account,
            action: entry.action,
            device: entry.device,
            request_id: entry.request_id,
            subjects: entry.subjects.into_iter().map(|Subject { kind, key }| AuditSubject { kind, key }).collect(),
        }
    }
}
