//! Going through the chains: that every link follows the one before, that each receipt is genuine, and that what is stored
//! is what was accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::auth::receipts::ReceiptChecks;
use crate::db;
use crate::db::connection::AnyConnection;
use crate::db::counts::StoredCount;
use crate::db::receipts::ReceiptRow;
use crate::domain::content::Content;
use crate::domain::id::CountId;
use crate::domain::new_count::NewCount;
use crate::domain::organization::Organization;
use crate::domain::receipt::{FIRST, LinkKind};
use crate::domain::revision::Revision;
use crate::error::Error;
use crate::service::chain::{CountRecord, record_digest};
use crate::service::counts::line_rows;

/// How many links are looked at together.
const TOGETHER: usize = 200;

/// Something that is not as it was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The code of the organization in whose chain it is.
    pub organization: String,
    /// The place in the chain, where there is one.
    pub position: Option<i64>,
    /// What it is about.
    pub kind: LinkKind,
    /// The count.
    pub id: CountId,
    /// What is wrong.
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

/// What was gone through, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many organizations have a chain.
    pub organizations: usize,
    /// How many links there are.
    pub links: usize,
    /// All that is wrong, in the order of the organizations' codes and of the links.
    pub findings: Vec<Finding>,
}

/// Goes through the chains of all organizations, in a transaction of the caller's.
///
/// # Errors
/// Where the database fails; what is wrong with its content is an answer.
pub fn verify_all(connection: &mut AnyConnection, checks: &ReceiptChecks) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    for organization in db::organizations::list(connection, Revision::LATEST)? {
        let mut walk = Walk::new(&organization);
        walk.along(connection, checks)?;
        walk.look_for_what_has_no_link(connection)?;
        verified.organizations += usize::from(walk.position > 0);
        verified.links += walk.seen.len();
        verified.findings.append(&mut walk.findings);
    }
    Ok(verified)
}

/// A way along one chain.
struct Walk<'a> {
    organization: &'a Organization,
    position: i64,
    previous: String,
    seen: BTreeSet<(LinkKind, CountId)>,
    findings: Vec<Finding>,
}

impl<'a> Walk<'a> {
    fn new(organization: &'a Organization) -> Self {
        let (seen, findings) = (BTreeSet::new(), Vec::new());
        Self { organization, position: 0, previous: FIRST.to_owned(), seen, findings }
    }

    fn along(&mut self, connection: &mut AnyConnection, checks: &ReceiptChecks) -> Result<(), Error> {
        loop {
            let links = db::receipts::list(connection, self.organization.id, self.position, TOGETHER)?;
            if links.is_empty() {
                return Ok(());
            }
            let ids: Vec<CountId> = links.iter().map(|link| link.subject_id).collect();
            let stored: BTreeMap<CountId, StoredCount> =
                db::counts::find_some(connection, &ids)?.into_iter().map(|count| (count.row.id, count)).collect();
            for row in &links {
                self.look_at(row, stored.get(&row.subject_id), checks)?;
            }
        }
    }

    fn look_at(&mut self, row: &ReceiptRow, stored: Option<&StoredCount>, checks: &ReceiptChecks) -> Result<(), Error> {
        let mut wrong = link_faults(row, (self.position, &self.previous), checks)?;
        wrong.extend(match (row.kind, stored) {
            (_, None) => vec!["what it is about is no longer stored".to_owned()],
            (LinkKind::Count, Some(stored)) => count_faults(row, stored)?,
            (LinkKind::Void, Some(stored)) => void_faults(row, stored)?,
        });
        let found = |what| Finding {
            organization: self.organization.code.clone(),
            position: Some(row.position),
            kind: row.kind,
            id: row.subject_id,
            what,
        };
        self.findings.extend(wrong.into_iter().map(found));
        self.seen.insert((row.kind, row.subject_id));
        (self.position, self.previous) = (row.position, row.hash.clone());
        Ok(())
    }

    /// What was slipped in beside the chain, or whose link was taken out at its end.
    fn look_for_what_has_no_link(&mut self, connection: &mut AnyConnection) -> Result<(), Error> {
        let stored = db::counts::ids_of(connection, self.organization.id)?;
        let counts = stored.counts.into_iter().map(|id| (LinkKind::Count, id));
        let voids = stored.voids.into_iter().map(|id| (LinkKind::Void, id));
        for (kind, id) in counts.chain(voids).filter(|thing| !self.seen.contains(thing)) {
            let organization = self.organization.code.clone();
            let what = "it is stored, and no link of the chain is about it".to_owned();
            self.findings.push(Finding { organization, position: None, kind, id, what });
        }
        Ok(())
    }
}

/// What is wrong with a link itself.
fn link_faults(
    row: &ReceiptRow,
    (before, previous): (i64, &str),
    checks: &ReceiptChecks,
) -> Result<Vec<String>, Error> {
    let mut wrong = Vec::new();
    if row.position != before.saturating_add(1) {
        wrong.push(format!("the link before it is {before}: those between are missing"));
    } else if row.previous_hash != previous {
        wrong.push("it does not hold the hash of the link before".to_owned());
    }
    let link = row.link();
    if link.hash().map_err(|error| Error::internal("a link cannot be hashed", error))? != row.hash {
        wrong.push("its hash is not the hash of what it says".to_owned());
    }
    match checks.check(&row.jws) {
        Err(refusal) => wrong.push(format!("its receipt does not verify: {refusal}")),
        Ok(receipt) if receipt.link != link => wrong.push("its receipt was given for another link".to_owned()),
        Ok(_) => {}
    }
    Ok(wrong)
}

/// What is wrong with a stored count, seen from its link.
fn count_faults(link: &ReceiptRow, stored: &StoredCount) -> Result<Vec<String>, Error> {
    let header = &stored.row;
    let mut wrong = content_faults(&header.body, (&header.body_sha256, &link.sha256));
    let record = CountRecord { header, lines: &stored.lines, resolves: stored.resolves.clone() };
    if record_digest(&record)? == link.record_sha256 {
        return Ok(wrong);
    }
    if header.organization_id != link.organization_id {
        wrong.push("it is stored as another organization's".to_owned());
    }
    let meant = serde_json::from_slice::<NewCount>(&header.body).ok().and_then(|count| count.check().ok());
    if let Some(count) = meant {
        let lines = line_rows(header, &count);
        if lines.len() != stored.lines.len() {
            wrong.push(format!("{} lines were accepted and {} are stored", lines.len(), stored.lines.len()));
        }
        let differ = lines.iter().zip(&stored.lines).filter(|(meant, stored)| meant != stored);
        wrong.extend(differ.map(|(line, _)| format!("its line {} is not what was accepted", line.position)));
    }
    if wrong.is_empty() {
        wrong.push("its header, or what it settles, is not what was accepted".to_owned());
    }
    Ok(wrong)
}

/// What is wrong with a stored void, seen from its link.
fn void_faults(link: &ReceiptRow, stored: &StoredCount) -> Result<Vec<String>, Error> {
    let Some(void) = &stored.void else { return Ok(vec!["the void is no longer stored".to_owned()]) };
    let mut wrong = content_faults(&void.body, (&void.body_sha256, &link.sha256));
    if wrong.is_empty() && record_digest(void)? != link.record_sha256 {
        wrong.push("the void is not what was accepted".to_owned());
    }
    Ok(wrong)
}

fn content_faults(body: &[u8], (stored, accepted): (&str, &str)) -> Vec<String> {
    let mut wrong = Vec::new();
    if stored != accepted {
        wrong.push("the hash that is stored with its body is not the one that was accepted".to_owned());
    }
    if !Content::of_json(body.to_vec()).is_ok_and(|content| content.sha256 == accepted) {
        wrong.push("its body is not the one that was accepted".to_owned());
    }
    wrong
}
