//! The audit as it is answered.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;

use super::words::Words;
use crate::api::labels::{DepotLabel, ItemLabel, OrganizationLabel, RegionLabel, StandardLabel};
use base::id::AccountId;
use base::time::serialize_instant;
use domain::actor::SubjectKind;
use domain::audit::{CountedLot, ValueChange};
use domain::reference_data::ReferenceData;
use domain::revision::{Revision, in_force_or_first};
use service::audit::{AuditedEntry, AuditedSubject, Visible};
use text::language::Language;

/// A change and who made it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "revision": 57, "at": "2026-11-23T02:10:00.000000Z",
    "account": { "id": "0198f5a2-0000-7000-8000-000000000009", "username": "officer", "name": "Duty officer" },
    "action": "put_depot", "device": "phone-7", "request_id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11",
    "subjects": [{
        "kind": "depot", "key": "T3-D1", "name": "Main store",
        "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
        "depot": { "id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store" },
        "changes": [
            { "field": "holding", "valid_from": "2026-12-01", "old": "physical", "new": "agreement", "withheld": false,
              "text": "way of holding: own store → by agreement (from 2026-12-01)" },
            { "field": "keeper", "valid_from": "2026-12-01", "old": null, "new": null, "withheld": true,
              "text": "keeper: changed (from 2026-12-01)" }
        ]
    }],
    "more_subjects": false
}))]
pub struct AuditEntry {
    /// The revision that the change made.
    pub revision: Revision,
    /// The time of its commit.
    #[serde(serialize_with = "serialize_instant")]
    pub at: DateTime<Utc>,
    /// The account that made it; `null` for a command of the program itself.
    pub account: Option<AuditAccount>,
    /// The operation, by its `operationId`, or the command.
    #[schema(max_length = 64)]
    pub action: String,
    /// The device it came from, as it names itself.
    #[schema(max_length = 100)]
    pub device: Option<String>,
    /// The id of the request, as in the logs.
    #[schema(max_length = 64)]
    pub request_id: Option<String>,
    /// The subjects, with what the change did to each.
    #[schema(max_items = 1000)]
    pub subjects: Vec<AuditSubject>,
    /// True if the change has further subjects, which follow on the next page under the same revision.
    pub more_subjects: bool,
}

/// An account, as the audit names it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditAccount {
    /// Its id.
    pub id: AccountId,
    /// The name it signs in with.
    #[schema(max_length = 64, example = "officer")]
    pub username: String,
    /// The holder's name.
    #[schema(max_length = 100, example = "Duty officer of the bureau")]
    pub name: String,
}

/// A thing that was changed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditSubject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its code or id; two parts are joined by `/`. `null` where the caller does not see what the subject belongs to.
    #[schema(max_length = 200, example = "T3")]
    pub key: Option<String>,
    /// Its name in the caller's language, where it has one.
    #[schema(max_length = 500, example = "Main store")]
    pub name: Option<String>,
    /// The organization it belongs to, where the caller sees it.
    pub organization: Option<OrganizationLabel>,
    /// The depot, of a depot and of what concerns counts.
    pub depot: Option<DepotLabel>,
    /// The values that changed; `null` where the caller does not see what the subject belongs to, and where an earlier version
    /// of the program did not record them.
    #[schema(max_items = 100_000)]
    pub changes: Option<Vec<AuditChange>>,
}

/// A value that a change made another.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditChange {
    /// The field, as answers about the thing name it.
    #[schema(max_length = 64, example = "holding")]
    pub field: String,
    /// The part of the thing that has the field: the rule of a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64, example = "R026")]
    pub part: Option<String>,
    /// The item, of a line of a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub item: Option<ItemLabel>,
    /// The lot number, of a line of a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64, example = "B2209")]
    pub lot: Option<String>,
    /// The last usable day of the lot, of a line of a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expires_on: Option<NaiveDate>,
    /// The condition of the units, of a line of a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 32, example = "serviceable")]
    pub condition: Option<String>,
    /// Whether the units are `here` or `lent`, of a line of a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 32, example = "here")]
    pub held: Option<String>,
    /// The shelf, of a line of a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 32, example = "A-3")]
    pub place: Option<String>,
    /// The first day on which the new value holds, where the thing has a history by days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_from: Option<NaiveDate>,
    /// The value before, as answers about the thing have it; `null` where there was none.
    #[schema(value_type = serde_json::Value, example = "physical")]
    pub old: Value,
    /// The value after; `null` where there is none any more.
    #[schema(value_type = serde_json::Value, example = "agreement")]
    pub new: Value,
    /// True where the values are not told, as they name a person, are secret, or lie beyond the caller's reach.
    pub withheld: bool,
    /// The family of codes, where the values are codes.
    #[serde(skip)]
    pub family: Option<&'static str>,
    /// The change in words, in the caller's language.
    #[schema(max_length = 1000, example = "way of holding: own store → by agreement (from 2026-12-01)")]
    pub text: String,
}

/// The names of things as a reader calls them.
pub struct Names<'a> {
    /// The reader's reach.
    pub visible: &'a Visible,
    /// The catalogue, the regions and the standards.
    pub reference_data: &'a ReferenceData,
    /// The day on which things are called so.
    pub day: NaiveDate,
    /// The reader's language.
    pub language: Language,
}

impl AuditEntry {
    /// An entry as a reader is answered.
    pub fn of(told: AuditedEntry, names: &Names<'_>) -> Self {
        let AuditedEntry { entry, subjects, has_more } = told;
        let account = entry.account.and_then(|id| names.visible.accounts.get(&id)).map(|account| AuditAccount {
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
            subjects: subjects.into_iter().map(|subject| names.subject(subject)).collect(),
            more_subjects: has_more,
        }
    }
}

impl Names<'_> {
    fn subject(&self, told: AuditedSubject) -> AuditSubject {
        let AuditedSubject { kind, key, organization, depot, changes } = told;
        let organization = organization.and_then(|id| self.visible.organizations.get(&id));
        let organization = organization.map(|one| OrganizationLabel::of(one, self.day, self.language));
        let depot = depot.map(|depot| DepotLabel::of(&depot, self.day, self.language));
        let name = match kind {
            SubjectKind::Organization => organization.as_ref().map(|label| label.name.clone()),
            SubjectKind::Depot => depot.as_ref().map(|label| label.name.clone()),
            _ => key.as_deref().and_then(|key| self.name(kind, key)),
        };
        let changes = changes.map(|changes| changes.into_iter().map(|change| self.change(change)).collect());
        AuditSubject { kind, key, name, organization, depot, changes }
    }

    /// The name of what belongs to nobody, or of the fact or rule that something of an organization is about.
    fn name(&self, kind: SubjectKind, key: &str) -> Option<String> {
        let (data, last) = (self.reference_data, key.rsplit('/').next().unwrap_or(key));
        match kind {
            SubjectKind::Region => {
                let region = data.regions.iter().find(|region| region.code == key)?;
                Some(RegionLabel::of(region, self.day, self.language).name)
            }
            SubjectKind::Item => Some(self.item(key)?.name),
            SubjectKind::FactDefinition | SubjectKind::Fact => {
                let entry = data.dictionary.iter().find(|entry| entry.key == last)?;
                let text = &in_force_or_first(&entry.versions, self.day)?.value;
                Some(self.language.choose(&text.name_en, &text.name_zh).to_owned())
            }
            SubjectKind::Standard | SubjectKind::Draft | SubjectKind::Adoption => {
                let standard = data.standards.iter().find(|standard| standard.code == last)?;
                Some(StandardLabel::of(standard, self.day, self.language).title)
            }
            SubjectKind::Rule | SubjectKind::DeclaredTarget => {
                let mut rules = data.standards.iter().flat_map(|standard| &standard.rules);
                let rule = in_force_or_first(&rules.find(|rule| rule.code == last)?.versions, self.day)?;
                rule.value.as_ref().map(|rule| rule.clause.clone())
            }
            _ => None,
        }
    }

    fn item(&self, code: &str) -> Option<ItemLabel> {
        self.reference_data.items.get(code).map(|item| ItemLabel::of(item, self.day, self.language))
    }

    fn change(&self, change: ValueChange) -> AuditChange {
        let item = change.line.as_ref().and_then(|line| self.item(&line.item));
        let text = Words(self.language).sentence(&change, item.as_ref());
        let ValueChange { field, part, line, valid_from, old, new, family, is_withheld } = change;
        let CountedLot { lot, expires_on, place, .. } = line.clone().unwrap_or_default();
        let (condition, held) = line.map(|line| (line.condition, line.held)).unzip();
        let withheld = is_withheld;
        AuditChange {
            field,
            part,
            item,
            lot,
            expires_on,
            condition,
            held,
            place,
            valid_from,
            old,
            new,
            withheld,
            family,
            text,
        }
    }
}
