//! Changes of organizations and of what belongs to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::error::Error;
use base::id::{ExemptionId, OrganizationId};
use db::audit::EntrySubject;
use db::audit_content::{ExemptionStep, exemption_steps, reasons_of_targets};
use db::read::Snapshot;
use domain::actor::SubjectKind;
use domain::audit::{self, Field, ValueChange};
use domain::depot::Depot;
use domain::fact::{FactKey, FactValue};
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::revision::{Dated, Revision};
use domain::target::DeclaredTarget;

use super::found::{Found, Reasons};
use super::{Visible, change_sets_of, ids_of, keys_of, parts};

/// The histories of what belongs to the organizations on a page.
pub(super) struct OrganizationsRead {
    ids_by_code: BTreeMap<String, OrganizationId>,
    depots: BTreeMap<String, Depot>,
    facts: BTreeMap<(OrganizationId, FactKey), Vec<Dated<FactValue>>>,
    marks: BTreeMap<OrganizationId, Vec<Dated<bool>>>,
    targets: BTreeMap<OrganizationId, Vec<DeclaredTarget>>,
    target_reasons: Reasons,
    exemptions: BTreeMap<ExemptionId, Vec<ExemptionStep>>,
    data: Arc<ReferenceData>,
}

impl OrganizationsRead {
    pub(super) fn read(
        snapshot: &mut Snapshot<'_>,
        visible: &Visible,
        subjects: &[EntrySubject],
    ) -> Result<Self, Error> {
        let data = snapshot.reference_data(snapshot.newest_revision())?;
        let connection = &mut *snapshot.connection;
        let latest = Revision::LATEST;
        let of = |kind| -> Vec<OrganizationId> {
            let keys = keys_of(subjects, kind);
            keys.iter().filter_map(|key| parts(key).map_or(key.as_str(), |(id, _)| id).parse().ok()).collect()
        };
        let facts: Vec<FactKey> = keys_of(subjects, SubjectKind::Fact)
            .iter()
            .filter_map(|key| parts(key).map(|(_, fact)| fact.to_owned()))
            .collect();
        let depots: Vec<String> = keys_of(subjects, SubjectKind::Depot).into_iter().collect();
        let reasons = reasons_of_targets(connection, &change_sets_of(subjects, SubjectKind::DeclaredTarget))?;
        Ok(Self {
            ids_by_code: visible.organizations.values().map(|one| (one.code.clone(), one.id)).collect(),
            depots: db::depots::list_some(connection, &depots, &[], latest)?
                .into_iter()
                .map(|depot| (depot.code.clone(), depot))
                .collect(),
            facts: db::facts::list_values(connection, &of(SubjectKind::Fact), Some(&facts), latest)?,
            marks: db::facts::list_marks(connection, &of(SubjectKind::FactSheet), latest)?,
            targets: db::targets::list(connection, &of(SubjectKind::DeclaredTarget), latest)?,
            target_reasons: Reasons::of(reasons),
            exemptions: exemption_steps(connection, &ids_of(subjects, SubjectKind::Exemption))?,
            data,
        })
    }

    /// The changes of a subject; `None` where the reader does not see what it belongs to.
    pub(super) fn find(&self, visible: &Visible, one: &EntrySubject) -> Option<Found> {
        let (key, revision) = (one.subject.key.as_str(), one.revision);
        Some(match one.subject.kind {
            SubjectKind::Organization => {
                let organization = visible.organizations.get(self.ids_by_code.get(key)?)?;
                Found::of(organization.id, self.of_organization(visible, organization, revision))
            }
            SubjectKind::Depot => {
                let depot = self.depots.get(key)?;
                let Depot { versions, mends, organization_id, .. } = depot;
                let mut changes = audit::first_entry_of(versions, mends, organization_id, revision, |owner| {
                    vec![organization_in(visible, "organization", Some(*owner))]
                });
                changes.extend(audit::changes_of(versions, revision, audit::of_depot));
                Found { depot: Some(depot.clone()), ..Found::of(*organization_id, changes) }
            }
            SubjectKind::Fact => {
                let (organization, fact) = parts(key)?;
                let organization: OrganizationId = organization.parse().ok()?;
                let versions = self.facts.get(&(organization, fact.to_owned()))?;
                Found::of(organization, audit::statements_of(versions, revision, "value", audit::of_fact))
            }
            SubjectKind::FactSheet => {
                let organization: OrganizationId = key.parse().ok()?;
                let versions = self.marks.get(&organization)?;
                Found::of(organization, audit::statements_of(versions, revision, "complete", |mark| Some(*mark)))
            }
            SubjectKind::DeclaredTarget => {
                let (organization, rule) = parts(key)?;
                let organization: OrganizationId = organization.parse().ok()?;
                let target = self.targets.get(&organization)?.iter().find(|target| target.rule == rule)?;
                let mut changes = audit::statements_of(&target.versions, revision, "quantity", |quantity| *quantity);
                changes.extend(self.target_reasons.changes(one.change_set, rule));
                Found::of(organization, changes)
            }
            SubjectKind::Exemption => {
                let steps = self.exemptions.get(&key.parse().ok()?)?;
                let step = steps.iter().find(|step| step.change_set == one.change_set)?;
                Found::of(step.organization, of_exemption(step))
            }
            SubjectKind::Ledger => {
                let (organization, day) = parts(key)?;
                Found::of(organization.parse().ok()?, vec![ValueChange::new("ledger_on", day)])
            }
            _ => return None,
        })
    }

    fn of_organization(&self, visible: &Visible, organization: &Organization, revision: Revision) -> Vec<ValueChange> {
        let Organization { versions, mends, kind, region_id, .. } = organization;
        let region = self.data.regions.iter().find(|region| region.id == *region_id).map(|region| &region.code);
        let mut changes = audit::first_entry_of(versions, mends, kind, revision, |kind| {
            vec![Field::code("kind", *kind), Field::plain("region", region)]
        });
        changes.extend(audit::changes_of(versions, revision, |version| {
            audit::of_organization(version, organization_in(visible, "hosted_by", version.hosted_by))
        }));
        changes
    }
}

/// A field that names an organization: its code, or that it changed where the reader does not see the organization.
fn organization_in(visible: &Visible, name: &'static str, id: Option<OrganizationId>) -> Field {
    match (id, id.and_then(|id| visible.organizations.get(&id))) {
        (Some(id), None) => Field::withheld(name, id),
        (_, seen) => Field::plain(name, seen.map(|one| &one.code)),
    }
}

fn of_exemption(step: &ExemptionStep) -> Vec<ValueChange> {
    let valid_from = Some(step.valid_from);
    let reason = ValueChange { valid_from, ..ValueChange::new("reason", &step.reason) };
    if step.is_end {
        let last_day = step.valid_from.pred_opt();
        return vec![ValueChange::of("ends_on", step.ends_on, last_day), reason];
    }
    vec![
        ValueChange { valid_from, ..ValueChange::new("rule", &step.rule) },
        ValueChange { valid_from, ..ValueChange::new("ends_on", step.ends_on) },
        reason,
    ]
}
