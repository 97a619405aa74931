//! All that is read for the subjects of one page, and the changes told of each.

use base::error::Error;
use base::id::OrganizationId;
use db::audit::EntrySubject;
use db::read::Snapshot;
use domain::actor::SubjectKind;
use domain::audit::ValueChange;

use super::counts::CountsRead;
use super::drafts::DraftsRead;
use super::found::Found;
use super::organizations::OrganizationsRead;
use super::people::PeopleRead;
use super::reference::ReferenceRead;
use super::{AuditedSubject, Visible};

/// The stored states that one page needs, by subject.
pub(super) struct Content<'r> {
    visible: &'r Visible,
    reference: ReferenceRead,
    organizations: OrganizationsRead,
    counts: CountsRead,
    drafts: DraftsRead,
    people: PeopleRead,
}

impl<'r> Content<'r> {
    pub(super) fn read(
        snapshot: &mut Snapshot<'_>,
        visible: &'r Visible,
        subjects: &[EntrySubject],
    ) -> Result<Self, Error> {
        Ok(Self {
            visible,
            reference: ReferenceRead::read(snapshot, subjects)?,
            organizations: OrganizationsRead::read(snapshot, visible, subjects)?,
            counts: CountsRead::read(snapshot.connection, subjects)?,
            drafts: DraftsRead::read(snapshot.connection, subjects)?,
            people: PeopleRead::read(snapshot, visible, subjects)?,
        })
    }

    pub(super) fn tell(&self, one: &EntrySubject) -> AuditedSubject {
        let found = match one.subject.kind {
            SubjectKind::Region
            | SubjectKind::ItemClass
            | SubjectKind::Item
            | SubjectKind::FactDefinition
            | SubjectKind::Standard
            | SubjectKind::Rule
            | SubjectKind::Adoption => Some(Found::shared(self.reference.changes(one))),
            SubjectKind::Organization
            | SubjectKind::Depot
            | SubjectKind::Fact
            | SubjectKind::FactSheet
            | SubjectKind::DeclaredTarget
            | SubjectKind::Exemption
            | SubjectKind::Ledger => self.organizations.find(self.visible, one),
            SubjectKind::Count | SubjectKind::Void | SubjectKind::Resolution | SubjectKind::Acceptance => {
                self.counts.find(one)
            }
            SubjectKind::Quarantine => self.counts.find_quarantined(self.visible, one),
            SubjectKind::Draft => Some(Found::shared(self.drafts.changes(one))),
            SubjectKind::Account
            | SubjectKind::Client
            | SubjectKind::Contact
            | SubjectKind::Enrolment
            | SubjectKind::Device
            | SubjectKind::Session
            | SubjectKind::ColumnMap => self.people.find(self.visible, one),
            SubjectKind::TableCheck => Some(Found::shared(Some(checked(&one.subject.key)))),
            SubjectKind::ItemAnswer => Some(Found::shared(Some(Vec::new()))),
        };
        let sees = |id: &OrganizationId| self.visible.organizations.contains_key(id);
        let found = found.filter(|found| found.organization.as_ref().is_none_or(sees));
        let key = found.is_some().then(|| one.subject.key.clone());
        let Found { organization, depot, changes } = found.unwrap_or_default();
        AuditedSubject { kind: one.subject.kind, key, organization, depot, changes }
    }
}

/// A check of tables: its form and the number of its rows.
fn checked(key: &str) -> Vec<ValueChange> {
    let Some((form, rows)) = super::parts(key) else { return Vec::new() };
    vec![ValueChange::new("form", form), ValueChange::new("rows", rows.parse::<u64>().unwrap_or_default())]
}
