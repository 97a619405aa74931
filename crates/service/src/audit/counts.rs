//! Counts, and what was decided about them: the depot, the items and the quantities.

use std::collections::{BTreeMap, BTreeSet};

use base::error::Error;
use base::id::{AcceptanceId, CountId, DepotId, QuarantineId, ResolutionId};
use db::acceptances::StoredAcceptance;
use db::audit::EntrySubject;
use db::audit_content::{QuarantineStep, quarantine_steps, void_reasons};
use db::connection::AnyConnection;
use db::counts::{LineRow, StoredCount};
use db::resolutions::StoredResolution;
use domain::actor::SubjectKind;
use domain::audit::{CountedLot, ValueChange};
use domain::depot::Depot;
use domain::quarantine::Decision;
use domain::revision::Revision;

use super::found::Found;
use super::{Visible, ids_of};

/// The counts on a page, and the decisions about counts.
pub(super) struct CountsRead {
    counts: BTreeMap<CountId, StoredCount>,
    voided: BTreeMap<CountId, (DepotId, String)>,
    resolutions: BTreeMap<ResolutionId, StoredResolution>,
    acceptances: BTreeMap<AcceptanceId, StoredAcceptance>,
    quarantined: BTreeMap<QuarantineId, QuarantineStep>,
    depots: BTreeMap<DepotId, Depot>,
}

impl CountsRead {
    pub(super) fn read(connection: &mut AnyConnection, subjects: &[EntrySubject]) -> Result<Self, Error> {
        let counts = db::counts::find_some(connection, &ids_of(subjects, SubjectKind::Count))?;
        let void_ids: Vec<CountId> = ids_of(subjects, SubjectKind::Void);
        let mut reasons = void_reasons(connection, &void_ids)?;
        let voided: BTreeMap<CountId, (DepotId, String)> = db::audit_content::depots_of(connection, &void_ids)?
            .into_iter()
            .filter_map(|(id, depot)| Some((id, (depot, reasons.remove(&id)?))))
            .collect();
        let resolutions = db::resolutions::find_some(connection, &ids_of(subjects, SubjectKind::Resolution))?;
        let acceptances = db::acceptances::find_some(connection, &ids_of(subjects, SubjectKind::Acceptance))?;
        let depots: BTreeSet<DepotId> = counts
            .iter()
            .map(|count| count.row.depot_id)
            .chain(voided.values().map(|(depot, _)| *depot))
            .chain(resolutions.iter().map(|one| one.row.depot_id))
            .chain(acceptances.iter().map(|one| one.row.depot_id))
            .collect();
        let depots: Vec<DepotId> = depots.into_iter().collect();
        let depots = db::depots::list_some(connection, &[], &depots, Revision::LATEST)?;
        Ok(Self {
            counts: counts.into_iter().map(|count| (count.row.id, count)).collect(),
            voided,
            resolutions: resolutions.into_iter().map(|one| (one.row.id, one)).collect(),
            acceptances: acceptances.into_iter().map(|one| (one.row.id, one)).collect(),
            quarantined: quarantine_steps(connection, &ids_of(subjects, SubjectKind::Quarantine))?,
            depots: depots.into_iter().map(|depot| (depot.id, depot)).collect(),
        })
    }

    /// The changes of a count or of a decision about one; `None` where there is no such thing.
    pub(super) fn find(&self, one: &EntrySubject) -> Option<Found> {
        let key = one.subject.key.as_str();
        let (depot, changes) = match one.subject.kind {
            SubjectKind::Count => {
                let count = self.counts.get(&key.parse().ok()?)?;
                (count.row.depot_id, self.of_count(count, one))
            }
            SubjectKind::Void => {
                let (depot, reason) = self.voided.get(&key.parse().ok()?)?;
                (*depot, voided(reason))
            }
            SubjectKind::Resolution => {
                let found = self.resolutions.get(&key.parse().ok()?)?;
                (found.row.depot_id, of_resolution(found, one))
            }
            SubjectKind::Acceptance => {
                let row = &self.acceptances.get(&key.parse().ok()?)?.row;
                let changes = vec![
                    ValueChange::new("item", &row.item_code),
                    ValueChange::new("inspection", row.inspection_id),
                    ValueChange::new("count", row.count_id),
                    ValueChange::new("reason", &row.reason),
                ];
                (row.depot_id, changes)
            }
            _ => return None,
        };
        let depot = self.depots.get(&depot)?;
        Some(Found { depot: Some(depot.clone()), ..Found::of(depot.organization_id, changes) })
    }

    fn of_count(&self, count: &StoredCount, one: &EntrySubject) -> Vec<ValueChange> {
        if count.row.change_set != one.change_set {
            // A push brought the receipt that it was given before a restore.
            return vec![ValueChange::withheld("receipt")];
        }
        let depot = self.depots.get(&count.row.depot_id).map(|depot| ValueChange::new("depot", &depot.code));
        let head = [
            ValueChange::code("kind", count.row.kind),
            ValueChange::code("scope", count.row.scope),
            ValueChange::new("counted_at", count.row.counted_at.0),
        ];
        let resolves = Some(&count.resolves).filter(|resolves| !resolves.is_empty());
        depot
            .into_iter()
            .chain(head)
            .chain(resolves.map(|resolves| ValueChange::new("resolves", resolves)))
            .chain(count.lines.iter().map(of_line))
            .collect()
    }

    /// A quarantined command: that it arrived, or what was decided about it; `None` where the reader does not see whose it is.
    pub(super) fn find_quarantined(&self, visible: &Visible, one: &EntrySubject) -> Option<Found> {
        let step = self.quarantined.get(&one.subject.key.parse().ok()?)?;
        if step.organization.is_none() && !visible.accounts.contains_key(&step.account) {
            return None;
        }
        let changes = if step.change_set == one.change_set {
            vec![
                ValueChange::new("status", "waiting"),
                ValueChange::new("type", &step.kind),
                ValueChange::new("problem", &step.code),
            ]
        } else {
            let decided = step.decision.iter().filter(|(change_set, ..)| *change_set == one.change_set);
            decided.flat_map(|(_, decision, reason, count)| decided_so(*decision, reason, *count)).collect()
        };
        Some(Found { organization: step.organization, ..Found::shared(Some(changes)) })
    }
}

fn of_line(line: &LineRow) -> ValueChange {
    let lot = CountedLot {
        item: line.item_code.clone(),
        lot: line.lot.clone(),
        expires_on: line.expires_on.map(|day| day.0),
        condition: <&str>::from(line.condition).to_owned(),
        held: <&str>::from(line.held).to_owned(),
        place: line.place.clone(),
    };
    ValueChange { line: Some(lot), ..ValueChange::new("quantity", line.quantity) }
}

fn of_resolution(found: &StoredResolution, one: &EntrySubject) -> Vec<ValueChange> {
    if found.row.change_set != one.change_set {
        return found.void.iter().flat_map(|void| voided(&void.reason)).collect();
    }
    let counts: Vec<CountId> = found.named.iter().map(|named| named.count_id).collect();
    vec![
        ValueChange::new("item", &found.row.item_code),
        ValueChange::new("counts", counts),
        ValueChange::new("reason", &found.row.reason),
    ]
}

fn voided(reason: &str) -> Vec<ValueChange> {
    vec![ValueChange::of("voided", false, true), ValueChange::new("reason", reason)]
}

fn decided_so(decision: Decision, reason: &str, count: Option<CountId>) -> Vec<ValueChange> {
    let mut changes =
        vec![ValueChange::of("status", "waiting", <&str>::from(decision)), ValueChange::new("reason", reason)];
    changes.extend(count.map(|count| ValueChange::new("count", count)));
    changes
}
