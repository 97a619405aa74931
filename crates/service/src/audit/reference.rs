//! Changes of the data that all regions share.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::error::Error;
use base::id::RegionId;
use db::audit::EntrySubject;
use db::audit_content::{reasons_of_adoptions, reasons_of_rules, reasons_of_standards};
use db::read::Snapshot;
use domain::actor::SubjectKind;
use domain::audit::{self, ValueChange};
use domain::item::ItemClass;
use domain::reference_data::ReferenceData;
use domain::revision::{Dated, Revision};
use domain::standard::RuleHistory;

use super::found::Reasons;
use super::{change_sets_of, keys_of, parts};

/// The reference data, with the reasons of the changes on a page.
pub(super) struct ReferenceRead {
    data: Arc<ReferenceData>,
    classes: BTreeMap<String, Vec<Dated<ItemClass>>>,
    standards: Reasons,
    rules: Reasons,
    adoptions: Reasons,
}

impl ReferenceRead {
    pub(super) fn read(snapshot: &mut Snapshot<'_>, subjects: &[EntrySubject]) -> Result<Self, Error> {
        let data = snapshot.reference_data(snapshot.newest_revision())?;
        let connection = &mut *snapshot.connection;
        let classes = if keys_of(subjects, SubjectKind::ItemClass).is_empty() {
            BTreeMap::new()
        } else {
            db::items::list_classes(connection, Revision::LATEST)?
        };
        let of = |kind| change_sets_of(subjects, kind);
        Ok(Self {
            data,
            classes,
            standards: Reasons::of(reasons_of_standards(connection, &of(SubjectKind::Standard))?),
            rules: Reasons::of(reasons_of_rules(connection, &of(SubjectKind::Rule))?),
            adoptions: Reasons::of(reasons_of_adoptions(connection, &of(SubjectKind::Adoption))?),
        })
    }

    /// The changes of a subject; `None` where there is no such thing.
    pub(super) fn changes(&self, one: &EntrySubject) -> Option<Vec<ValueChange>> {
        let (key, revision, data) = (one.subject.key.as_str(), one.revision, &self.data);
        Some(match one.subject.kind {
            SubjectKind::Region => {
                let region = data.regions.iter().find(|region| region.code == key)?;
                let parent = region.parent_id.and_then(|id| data.regions.iter().find(|region| region.id == id));
                let parent = parent.map(|parent| ValueChange::new("parent", &parent.code));
                with_first(&region.versions, revision, audit::of_region, parent)
            }
            SubjectKind::ItemClass => audit::changes_of(self.classes.get(key)?, revision, audit::of_class),
            SubjectKind::Item => {
                let item = data.items.get(key)?;
                let unit = audit::first_entry_of(&item.versions, &item.mends, &item.unit, revision, audit::of_unit);
                unit.into_iter().chain(audit::changes_of(&item.versions, revision, audit::of_item)).collect()
            }
            SubjectKind::FactDefinition => {
                let entry = data.dictionary.iter().find(|entry| entry.key == key)?;
                audit::changes_of(&entry.versions, revision, |text| audit::of_definition(entry, text))
            }
            SubjectKind::Standard => {
                let standard = data.standards.iter().find(|standard| standard.code == key)?;
                let changes = audit::changes_of(&standard.versions, revision, audit::of_standard);
                changes.into_iter().chain(self.standards.changes(one.change_set, key)).collect()
            }
            SubjectKind::Rule => {
                let (standard, rule) = self.rule(key)?;
                let standard = ValueChange::new("standard", standard);
                let changes =
                    with_first(&rule.versions, revision, |rule| audit::of_rule(rule.as_ref()), Some(standard));
                changes.into_iter().chain(self.rules.changes(one.change_set, key)).collect()
            }
            SubjectKind::Adoption => {
                let (region, standard) = parts(key)?;
                let region: RegionId = region.parse().ok()?;
                let is_it = |one: &&domain::standard::Adoption| one.region_id == region && one.standard == standard;
                let adoption = data.adoptions.iter().find(is_it)?;
                let changes = audit::statements_of(&adoption.versions, revision, "strength", |strength| *strength);
                let changes = changes.into_iter().map(|change| ValueChange { family: Some("strength"), ..change });
                changes.chain(self.adoptions.changes(one.change_set, standard)).collect()
            }
            _ => return None,
        })
    }

    fn rule(&self, code: &str) -> Option<(&str, &RuleHistory)> {
        self.data.standards.iter().find_map(|standard| {
            let rule = standard.rules.iter().find(|rule| rule.code == code)?;
            Some((standard.code.as_str(), rule))
        })
    }
}

/// The changes of a history; where the revision brought its first row, with a value that never changes.
fn with_first<T>(
    versions: &[Dated<T>],
    revision: Revision,
    fields: impl Fn(&T) -> Vec<audit::Field>,
    first: impl IntoIterator<Item = ValueChange>,
) -> Vec<ValueChange> {
    let is_first = versions.iter().all(|row| row.learnt.revision >= revision);
    let first = first.into_iter().filter(|_| is_first);
    first.chain(audit::changes_of(versions, revision, fields)).collect()
}
