//! Contacts as answers have them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::keeper_names::erased;
use base::id::ContactId;
use base::time::{serialize_instant, serialize_instant_option};
use domain::contact::{Contact, ContactRole};
use text::language::Language;

/// A person of a depot or an organization, or a telephone of one.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-00000000000c", "role": "keeper", "name": "Storekeeper of T3", "phone": "0477-8120001",
    "certificate": null, "purpose": "to ask who keeps the depot about its stock", "ended_from": null, "present": true,
    "erased_at": null
}))]
pub struct ContactView {
    /// Its id, which stays when it is erased.
    pub id: ContactId,
    /// The task.
    pub role: ContactRole,
    /// The name; the word `erased`, in the language of the answer, once it is erased.
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// The telephone.
    #[schema(max_length = 100)]
    pub phone: Option<String>,
    /// The number of a certificate.
    #[schema(max_length = 100)]
    pub certificate: Option<String>,
    /// The purpose for which it is kept.
    #[schema(max_length = 300)]
    pub purpose: String,
    /// The first day on which the purpose no longer holds; `null` while no end is set. It is erased automatically some days later.
    pub ended_from: Option<NaiveDate>,
    /// True while the purpose holds.
    pub present: bool,
    /// The time it was erased; `null` if it was not.
    #[serde(serialize_with = "serialize_instant_option")]
    pub erased_at: Option<DateTime<Utc>>,
}

impl ContactView {
    /// A contact on a day.
    pub fn of(contact: Contact, today: NaiveDate, language: Language) -> Self {
        let present = contact.is_present(today);
        let Contact { id, role, person, purpose, ended_from, erased: erasure, .. } = contact;
        let name = if erasure.is_some() { Some(erased(language)) } else { person.name };
        Self {
            id,
            role,
            name,
            phone: person.phone,
            certificate: person.certificate,
            purpose,
            ended_from,
            present,
            erased_at: erasure.map(|erasure| erasure.at),
        }
    }
}

/// A read of a contact: the first of an account on a day.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "day": "2026-11-30", "by": "Officer Wang", "username": "officer", "operation": "list_shortages",
    "at": "2026-11-30T02:10:00.000000Z"
}))]
pub struct ContactReadView {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// The name of the account.
    #[schema(max_length = 200)]
    pub by: String,
    /// Its user name.
    #[schema(max_length = 64)]
    pub username: String,
    /// The operation of the first read of that day.
    #[schema(max_length = 64)]
    pub operation: String,
    /// The time of it.
    #[serde(serialize_with = "serialize_instant")]
    pub at: DateTime<Utc>,
}
