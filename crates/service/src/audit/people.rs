//! Changes of accounts, clients, devices, codes, sessions and column maps, as they were recorded. Of a person's name and of secrets nothing
//! is stored but that they changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::error::Error;
use base::id::{AccountId, ChangeSetId, ClientId, OrganizationId, RegionId};
use db::audit::EntrySubject;
use db::read::Snapshot;
use domain::actor::SubjectKind;
use domain::audit::ValueChange;
use domain::reference_data::ReferenceData;
use serde_json::Value;

use super::found::Found;
use super::{Visible, ids_of};

/// The values recorded of the subjects on a page.
pub(super) struct PeopleRead {
    values: BTreeMap<(ChangeSetId, i64), Vec<ValueChange>>,
    clients: BTreeMap<ClientId, AccountId>,
    data: Arc<ReferenceData>,
    /// The user names that the reader sees.
    usernames: BTreeSet<String>,
}

/// The kinds of subjects whose values are recorded with the change.
const KINDS: [SubjectKind; 7] = [
    SubjectKind::Account,
    SubjectKind::Client,
    SubjectKind::Contact,
    SubjectKind::Enrolment,
    SubjectKind::Device,
    SubjectKind::Session,
    SubjectKind::ColumnMap,
];

impl PeopleRead {
    pub(super) fn read(
        snapshot: &mut Snapshot<'_>,
        visible: &Visible,
        subjects: &[EntrySubject],
    ) -> Result<Self, Error> {
        let data = snapshot.reference_data(snapshot.newest_revision())?;
        let recorded = subjects.iter().filter(|one| KINDS.contains(&one.subject.kind));
        let change_sets: BTreeSet<ChangeSetId> = recorded.map(|one| one.change_set).collect();
        Ok(Self {
            values: db::audit::values_of(snapshot.connection, &change_sets)?,
            clients: db::clients::accounts_of(snapshot.connection, &ids_of(subjects, SubjectKind::Client))?,
            data,
            usernames: visible.accounts.values().map(|account| account.username.clone()).collect(),
        })
    }

    /// The changes of a subject, where any were recorded; `None` where the reader does not see whose it is.
    pub(super) fn find(&self, visible: &Visible, one: &EntrySubject) -> Option<Found> {
        let values = self.values.get(&(one.change_set, one.position));
        let is_seen = match one.subject.kind {
            SubjectKind::Account => self.usernames.contains(&one.subject.key),
            SubjectKind::Client => {
                let account = one.subject.key.parse().ok().and_then(|id| self.clients.get(&id));
                account.is_some_and(|account| visible.accounts.contains_key(account))
            }
            _ => values
                .into_iter()
                .flatten()
                .filter(|value| value.field == "account")
                .all(|value| account_of(visible, &value.new).is_some()),
        };
        let named = |values: &Vec<ValueChange>| values.iter().map(|value| self.named(visible, value)).collect();
        is_seen.then(|| Found::shared(values.map(named)))
    }

    /// A change with codes in place of ids; what the reader does not see is withheld.
    fn named(&self, visible: &Visible, change: &ValueChange) -> ValueChange {
        let name = |value: &Value| -> Option<Value> {
            if value.is_null() {
                return Some(Value::Null);
            }
            match change.field.as_str() {
                "account" => account_of(visible, value).map(Value::from),
                "organization" => {
                    let id: OrganizationId = value.as_str()?.parse().ok()?;
                    visible.organizations.get(&id).map(|one| one.code.clone().into())
                }
                "region" => {
                    let id: RegionId = value.as_str()?.parse().ok()?;
                    self.data.regions.iter().find(|region| region.id == id).map(|one| one.code.clone().into())
                }
                _ => Some(value.clone()),
            }
        };
        let family = Some("role").filter(|family| *family == change.field);
        match (name(&change.old), name(&change.new)) {
            (Some(old), Some(new)) => ValueChange { old, new, family, ..change.clone() },
            _ => ValueChange::withheld(&change.field),
        }
    }
}

fn account_of(visible: &Visible, value: &Value) -> Option<String> {
    let id: AccountId = value.as_str()?.parse().ok()?;
    visible.accounts.get(&id).map(|account| account.username.clone())
}
