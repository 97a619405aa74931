//! The changes found of a subject, and the reasons given for them.

use std::collections::BTreeMap;

use base::id::{ChangeSetId, OrganizationId};
use chrono::NaiveDate;
use db::audit_content::Reason;
use domain::audit::ValueChange;
use domain::depot::Depot;

/// The changes of a subject, with the organization and the depot it belongs to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) organization: Option<OrganizationId>,
    pub(super) depot: Option<Depot>,
    pub(super) changes: Option<Vec<ValueChange>>,
}

impl Found {
    /// Changes of a thing that is no organization's.
    pub(super) fn shared(changes: Option<Vec<ValueChange>>) -> Self {
        Self { changes, ..Self::default() }
    }

    /// Changes of a thing that is an organization's.
    pub(super) fn of(organization: OrganizationId, changes: Vec<ValueChange>) -> Self {
        Self { organization: Some(organization), depot: None, changes: Some(changes) }
    }
}

/// Reasons by change set, key and day.
#[derive(Debug, Default)]
pub(super) struct Reasons(BTreeMap<(ChangeSetId, String), Vec<(NaiveDate, String)>>);

impl Reasons {
    pub(super) fn of(reasons: Vec<Reason>) -> Self {
        let mut found = Self::default();
        for (change_set, key, day, words) in reasons {
            found.0.entry((change_set, key)).or_default().push((day, words));
        }
        found
    }

    /// The reasons of a subject, as values that came to be.
    pub(super) fn changes(&self, change_set: ChangeSetId, key: &str) -> impl Iterator<Item = ValueChange> {
        let found = self.0.get(&(change_set, key.to_owned())).into_iter().flatten();
        found.map(|(day, words)| ValueChange { valid_from: Some(*day), ..ValueChange::new("reason", words) })
    }
}
