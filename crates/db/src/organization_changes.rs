//! When something last changed of which the figures of an organization are made, reference data apart.
//!
//! Noted by the commit of every write that changed something under the lock of an organization, so that none can forget it, and of
//! those that changed an organization itself.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::audit::Audited;
use super::connection::AnyConnection;
use super::history::recorded_after;
use super::schema::{organization_changes, revisions};
use base::id::{ChangeSetId, OrganizationId};
use domain::actor::FigureInput;
use domain::revision::Revision;

/// The most organizations that one statement looks up.
const LOOKED_UP_AT_ONCE: usize = 5_000;

/// The last changes of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastChange {
    /// The revision of the last one.
    pub revision: Revision,
    /// The revision of the last one of something else than its counts, their voids, resolutions and acceptances.
    pub other: Revision,
}

/// Notes the organizations that some change sets of one commit may have changed.
pub(super) fn note(connection: &mut AnyConnection, audited: &[Audited]) -> QueryResult<()> {
    for Audited { change_set, recorded, .. } in audited {
        let input = recorded.subjects.iter().map(|subject| subject.kind.figure_input()).max();
        let is_of_counts = match input {
            Some(FigureInput::Counts) => true,
            Some(FigureInput::Organization) => false,
            // Of what reference data changes, every reader learns by itself.
            Some(FigureInput::Nothing | FigureInput::ReferenceData) | None => continue,
        };
        for organization in &recorded.organizations {
            save(connection, *organization, *change_set, is_of_counts)?;
        }
    }
    Ok(())
}

fn save(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    change_set: ChangeSetId,
    is_of_counts: bool,
) -> QueryResult<()> {
    let stored = organization_changes::table.filter(organization_changes::organization_id.eq(organization));
    let changed = if is_of_counts {
        diesel::update(stored).set(organization_changes::change_set.eq(change_set)).execute(connection)?
    } else {
        let columns =
            (organization_changes::change_set.eq(change_set), organization_changes::other_change_set.eq(change_set));
        diesel::update(stored).set(columns).execute(connection)?
    };
    if changed == 0 {
        diesel::insert_into(organization_changes::table)
            .values((
                organization_changes::organization_id.eq(organization),
                organization_changes::change_set.eq(change_set),
                organization_changes::other_change_set.eq(change_set),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// The last changes of some organizations.
pub fn of(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
) -> QueryResult<BTreeMap<OrganizationId, LastChange>> {
    let others = diesel::alias!(revisions as others);
    let rows: Vec<(OrganizationId, Revision, Revision)> = organization_changes::table
        .inner_join(revisions::table.on(revisions::change_set.eq(organization_changes::change_set)))
        .inner_join(others.on(others.field(revisions::change_set).eq(organization_changes::other_change_set)))
        .filter(organization_changes::organization_id.eq_any(organizations.to_vec()))
        .select((organization_changes::organization_id, revisions::revision, others.field(revisions::revision)))
        .load(connection)?;
    Ok(rows.into_iter().map(|(id, revision, other)| (id, LastChange { revision, other })).collect())
}

/// The organizations that changed after a revision, with their last changes.
pub fn since(connection: &mut AnyConnection, after: Revision) -> QueryResult<BTreeMap<OrganizationId, LastChange>> {
    let changed: Vec<OrganizationId> = organization_changes::table
        .filter(organization_changes::change_set.eq_any(recorded_after!(after)))
        .select(organization_changes::organization_id)
        .load(connection)?;
    let mut last = BTreeMap::new();
    for some in changed.chunks(LOOKED_UP_AT_ONCE) {
        last.extend(of(connection, some)?);
    }
    Ok(last)
}
