//! Verification of the chains: every link follows the one before, each receipt is genuine, and the stored data is the
//! accepted data.

mod links;
mod receipt_match;
mod subjects;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use uuid::Uuid;

use auth::receipts::{ReceiptChecks, ReceiptRefusal};
use base::error::Error;
use base::id::{AcceptanceId, CountId, QuarantineId, ResolutionId};
use db::acceptances::StoredAcceptance;
use db::connection::AnyConnection;
use db::counts::StoredCount;
use db::quarantine::Quarantined;
use db::receipts::{EvidenceRow, ReceiptRow};
use db::resolutions::StoredResolution;
use domain::organization::Organization;
use domain::receipt::{FIRST, LinkKind};
use domain::record::RecordVersion;
use domain::revision::Revision;
pub use receipt_match::{ReceiptMatch, match_receipt};

use links::{evidence_faults, link_faults};
use subjects::{
    acceptance_faults, count_faults, decision_faults, resolution_faults, resolution_void_faults, void_faults,
};

/// The number of links checked at a time.
const READ_BATCH: usize = 200;

/// A finding about a link, or about stored data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The code of the organization.
    pub organization: String,
    /// The position in the chain, if there is one.
    pub position: Option<i64>,
    /// The kind of subject.
    pub kind: LinkKind,
    /// Its id.
    pub id: Uuid,
    /// The finding, in words.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.organization)?;
        if let Some(position) = self.position {
            write!(f, "link {position}, ")?;
        }
        write!(f, "{} {}: {}", self.kind, self.id, self.what)
    }
}

/// The result of checking all chains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// The number of organizations with a chain.
    pub organizations: usize,
    /// The number of links.
    pub links: usize,
    /// All faults, ordered by organization code and position.
    pub findings: Vec<Finding>,
    /// Notes that are not faults, in the same order.
    pub notes: Vec<Finding>,
    /// The keys that are not among those given, each with the number of receipts that could not be checked.
    pub missing_keys: BTreeMap<String, usize>,
}

/// Checks the chains of all organizations, in the caller's transaction.
///
/// # Errors
/// If the database fails; faults of its content are part of the result.
pub fn verify_all(connection: &mut AnyConnection, checks: &ReceiptChecks) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    for organization in db::organizations::list(connection, Revision::LATEST)? {
        let mut walk = Walk::new(&organization);
        walk.along(connection, checks)?;
        walk.look_for_what_has_no_link(connection)?;
        verified.organizations += usize::from(walk.position > 0);
        verified.links += walk.seen.len();
        verified.findings.append(&mut walk.findings);
        verified.notes.append(&mut walk.notes);
        for (key_id, receipts) in walk.missing_keys {
            *verified.missing_keys.entry(key_id).or_default() += receipts;
        }
    }
    Ok(verified)
}

/// The progress along one chain.
struct Walk<'a> {
    organization: &'a Organization,
    position: i64,
    previous: String,
    seen: BTreeSet<(LinkKind, Uuid)>,
    findings: Vec<Finding>,
    notes: Vec<Finding>,
    missing_keys: BTreeMap<String, usize>,
}

/// The stored subjects of some links.
struct Stored {
    counts: BTreeMap<CountId, StoredCount>,
    resolutions: BTreeMap<ResolutionId, StoredResolution>,
    acceptances: BTreeMap<AcceptanceId, StoredAcceptance>,
    quarantined: BTreeMap<QuarantineId, Quarantined>,
    bodies: BTreeMap<QuarantineId, Vec<u8>>,
    evidence: BTreeMap<CountId, EvidenceRow>,
}

impl Stored {
    fn of(connection: &mut AnyConnection, links: &[ReceiptRow]) -> Result<Self, Error> {
        let counts = db::counts::find_some(connection, &ids_in(links, &[LinkKind::Count, LinkKind::Void]))?;
        let kinds = [LinkKind::Resolution, LinkKind::ResolutionVoid];
        let resolutions = db::resolutions::find_some(connection, &ids_in(links, &kinds))?;
        let acceptances = db::acceptances::find_some(connection, &ids_in(links, &[LinkKind::Acceptance]))?;
        let decided = ids_in(links, &[LinkKind::Decision]);
        let quarantined = db::quarantine::find_some(connection, &decided)?;
        Ok(Self {
            quarantined: quarantined.into_iter().map(|one| (one.row.id, one)).collect(),
            bodies: db::quarantine::bodies(connection, &decided)?,
            counts: counts.into_iter().map(|count| (count.row.id, count)).collect(),
            resolutions: resolutions.into_iter().map(|resolution| (resolution.row.id, resolution)).collect(),
            acceptances: acceptances.into_iter().map(|acceptance| (acceptance.row.id, acceptance)).collect(),
            evidence: db::receipts::evidence_of(connection, &ids_in(links, &[LinkKind::Count]))?,
        })
    }
}

fn ids_in<Id: From<Uuid>>(links: &[ReceiptRow], kinds: &[LinkKind]) -> Vec<Id> {
    links.iter().filter(|link| kinds.contains(&link.kind)).map(|link| Id::from(link.subject_id)).collect()
}

impl<'a> Walk<'a> {
    fn new(organization: &'a Organization) -> Self {
        Self {
            organization,
            position: 0,
            previous: FIRST.to_owned(),
            seen: BTreeSet::new(),
            findings: Vec::new(),
            notes: Vec::new(),
            missing_keys: BTreeMap::new(),
        }
    }

    fn along(&mut self, connection: &mut AnyConnection, checks: &ReceiptChecks) -> Result<(), Error> {
        loop {
            let links = db::receipts::list(connection, self.organization.id, self.position, READ_BATCH)?;
            if links.is_empty() {
                return Ok(());
            }
            let stored = Stored::of(connection, &links)?;
            for row in &links {
                self.look_at(row, &stored, checks)?;
            }
        }
    }

    fn look_at(&mut self, row: &ReceiptRow, stored: &Stored, checks: &ReceiptChecks) -> Result<(), Error> {
        for what in link_faults(row, self.position, &self.previous)? {
            self.find(row, what);
        }
        match checks.check(&row.jws) {
            Ok(receipt) if receipt.link != row.link() => {
                self.find(row, "its receipt was given for another link".to_owned());
            }
            Ok(_) => {}
            Err(ReceiptRefusal::UnknownKey(key_id)) if key_id == row.key_id => self.miss(key_id),
            Err(refusal) => self.find(row, format!("its receipt does not verify: {refusal}")),
        }
        let wrong = match row.version() {
            Err(unknown) => Some(Ok(vec![unknown.to_string()])),
            Ok(version) => self.look_at_stored(row, version, stored, checks),
        };
        for what in wrong.unwrap_or_else(|| Ok(vec!["what it is about is no longer stored".to_owned()]))? {
            self.find(row, what);
        }
        self.seen.insert((row.kind, row.subject_id));
        (self.position, self.previous) = (row.position, row.hash.clone());
        Ok(())
    }

    /// The faults of a link's subject; `None` if the subject is no longer stored.
    fn look_at_stored(
        &mut self,
        row: &ReceiptRow,
        version: RecordVersion,
        stored: &Stored,
        checks: &ReceiptChecks,
    ) -> Option<Result<Vec<String>, Error>> {
        let count = stored.counts.get(&CountId(row.subject_id));
        let resolution = stored.resolutions.get(&ResolutionId(row.subject_id));
        Some(match row.kind {
            LinkKind::Count => {
                self.look_at_evidence(row, count?, stored, checks);
                count_faults(row, version, count?)
            }
            LinkKind::Void => void_faults(row, version, count?),
            LinkKind::Resolution => resolution_faults(row, version, resolution?),
            LinkKind::ResolutionVoid => resolution_void_faults(row, version, resolution?),
            LinkKind::Acceptance => {
                acceptance_faults(row, version, stored.acceptances.get(&AcceptanceId(row.subject_id))?)
            }
            LinkKind::Decision => {
                let id = QuarantineId(row.subject_id);
                decision_faults(row, version, stored.quarantined.get(&id)?, stored.bodies.get(&id)?)
            }
        })
    }

    fn look_at_evidence(&mut self, row: &ReceiptRow, count: &StoredCount, stored: &Stored, checks: &ReceiptChecks) {
        let Some(evidence) = stored.evidence.get(&count.row.id) else { return };
        let wrong = match checks.check(&evidence.jws) {
            Ok(receipt) => evidence_faults(&receipt.link, evidence, &count.row),
            Err(ReceiptRefusal::UnknownKey(key_id)) => return self.miss(key_id),
            Err(refusal) => vec![format!("the receipt that it was taken over with does not verify: {refusal}")],
        };
        if wrong.is_empty() {
            let note = self.finding(row, "taken over with a receipt from before a restore".to_owned());
            self.notes.push(note);
        }
        for what in wrong {
            self.find(row, what);
        }
    }

    fn miss(&mut self, key_id: String) {
        *self.missing_keys.entry(key_id).or_default() += 1;
    }

    fn find(&mut self, row: &ReceiptRow, what: String) {
        let finding = self.finding(row, what);
        self.findings.push(finding);
    }

    fn finding(&self, row: &ReceiptRow, what: String) -> Finding {
        let (position, kind, id) = (Some(row.position), row.kind, row.subject_id);
        Finding { organization: self.organization.code.clone(), position, kind, id, what }
    }

    /// Looks for subjects that were inserted without a link, or whose link was removed from the end of the chain.
    fn look_for_what_has_no_link(&mut self, connection: &mut AnyConnection) -> Result<(), Error> {
        let stored = db::counts::ids_of(connection, self.organization.id)?;
        let counts = stored.counts.into_iter().map(|id| (LinkKind::Count, Uuid::from(id)));
        let voids = stored.voids.into_iter().map(|id| (LinkKind::Void, Uuid::from(id)));
        let (resolved, taken_back) = db::resolutions::ids_of(connection, self.organization.id)?;
        let resolutions = resolved.into_iter().map(|id| (LinkKind::Resolution, Uuid::from(id)));
        let taken_back = taken_back.into_iter().map(|id| (LinkKind::ResolutionVoid, Uuid::from(id)));
        let decisions = db::quarantine::decisions_of(connection, self.organization.id)?;
        let decisions = decisions.into_iter().map(|id| (LinkKind::Decision, Uuid::from(id)));
        let accepted = db::acceptances::ids_of(connection, self.organization.id)?;
        let acceptances = accepted.into_iter().map(|id| (LinkKind::Acceptance, Uuid::from(id)));
        let all = counts.chain(voids).chain(resolutions).chain(taken_back).chain(acceptances).chain(decisions);
        for (kind, id) in all.filter(|thing| !self.seen.contains(thing)) {
            let organization = self.organization.code.clone();
            let what = "it is stored, and no link of the chain is about it".to_owned();
            self.findings.push(Finding { organization, position: None, kind, id, what });
        }
        Ok(())
    }
}
