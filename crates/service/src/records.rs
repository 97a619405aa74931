//! From stored rows to the records that are hashed, in the form of each version.
//!
//! A column that is added later is in no version that there is: it stays out of these functions, and is hashed only by a
//! version of its own. The place of a line is in the body, whose bytes are hashed, and verifying compares the two.

use base::error::Error;
use base::id::CountId;
use db::acceptances::AcceptanceRow;
use db::counts::{CountRow, LineRow, VoidRow};
use db::quarantine::DecisionRow;
use db::resolutions::{NamedRow, ResolutionRow, ResolutionVoidRow};
use db::sql_types::{Day, Instant};
use domain::record::{self, RecordVersion, v1};
use domain::revision::Revision;

/// All that is stored of a count.
#[derive(Clone, Copy, Debug)]
pub struct CountRecord<'a> {
    /// Its header.
    pub header: &'a CountRow,
    /// Its lines, in their order.
    pub lines: &'a [LineRow],
    /// The counts that it settles, in the order of their ids.
    pub resolves: &'a [CountId],
}

/// All that is stored of a resolution.
#[derive(Clone, Copy, Debug)]
pub struct ResolutionRecord<'a> {
    /// Its header.
    pub header: &'a ResolutionRow,
    /// The counts that it takes out, in the order of their ids.
    pub named: &'a [NamedRow],
}

/// The stored subject of a link.
#[derive(Clone, Copy, Debug)]
pub enum Record<'a> {
    /// A count.
    Count(CountRecord<'a>),
    /// The taking back of a count.
    Void(&'a VoidRow),
    /// A resolution.
    Resolution(ResolutionRecord<'a>),
    /// The taking back of a resolution.
    ResolutionVoid(&'a ResolutionVoidRow),
    /// An acceptance.
    Acceptance(&'a AcceptanceRow),
    /// A decision on a command in quarantine.
    Decision(&'a DecisionRow),
}

impl Record<'_> {
    /// The bytes that are hashed: the RFC 8785 form of the record in a version.
    ///
    /// # Errors
    /// None that a row can cause.
    pub fn bytes(&self, version: RecordVersion) -> Result<Vec<u8>, Error> {
        let bytes = match version {
            RecordVersion::V1 => match self {
                Self::Count(count) => record::canonical(&count_v1(count)),
                Self::Void(void) => record::canonical(&void_v1(void)),
                Self::Resolution(resolution) => record::canonical(&resolution_v1(resolution)),
                Self::ResolutionVoid(void) => record::canonical(&resolution_void_v1(void)),
                Self::Acceptance(acceptance) => record::canonical(&acceptance_v1(acceptance)),
                Self::Decision(decided) => record::canonical(&decision_v1(decided)),
            },
        };
        bytes.map_err(|error| Error::internal("a record cannot be hashed", error))
    }

    /// SHA-256 of [`Self::bytes`], in lower-case hexadecimal.
    ///
    /// # Errors
    /// None that a row can cause.
    pub fn digest(&self, version: RecordVersion) -> Result<String, Error> {
        Ok(record::hash(&self.bytes(version)?))
    }
}

fn count_v1<'a>(count: &CountRecord<'a>) -> v1::Count<'a> {
    let row = count.header;
    let header = v1::CountHeader {
        id: row.id.0,
        depot: row.depot_id.0,
        organization: row.organization_id.0,
        account: row.account_id.0,
        change_set: row.change_set.0,
        kind: row.kind,
        scope: row.scope,
        counted_at: row.counted_at.0,
        effective_at: row.effective_at.0,
        received_at: row.received_at.0,
        device: row.device.as_deref(),
        seq: row.seq,
        sent_at: row.sent_at.map(|Instant(at)| at),
        clock_offset_us: row.clock_offset_us,
        catalogue_revision: row.catalogue_revision.map(|Revision(number)| number),
        counted_by: &row.counted_by,
        note: row.note.as_deref(),
        body: &row.body,
        body_sha256: &row.body_sha256,
    };
    let lines = count.lines.iter().map(line_v1).collect();
    v1::Count { header, lines, resolves: count.resolves.iter().map(|CountId(id)| *id).collect() }
}

fn line_v1(row: &LineRow) -> v1::CountLine<'_> {
    v1::CountLine {
        count: row.count_id.0,
        depot: row.depot_id.0,
        source: &row.source,
        effective_at: row.effective_at.0,
        position: row.position,
        item: &row.item_code,
        quantity: row.quantity,
        lot: row.lot.as_deref(),
        expires_on: row.expires_on.map(|Day(day)| day),
        made_on: row.made_on.map(|Day(day)| day),
        inspected_on: row.inspected_on.map(|Day(day)| day),
        condition: row.condition,
        held: row.held,
        pack: row.pack.as_deref(),
        packs: row.packs,
        pack_size: row.pack_size,
        note: row.note.as_deref(),
    }
}

fn void_v1(row: &VoidRow) -> v1::Void<'_> {
    v1::Void {
        count: row.count_id.0,
        change_set: row.change_set.0,
        account: row.account_id.0,
        voided_at: row.voided_at.0,
        reason: &row.reason,
        body: &row.body,
        body_sha256: &row.body_sha256,
    }
}

fn resolution_v1<'a>(resolution: &ResolutionRecord<'a>) -> v1::Resolution<'a> {
    let row = resolution.header;
    let header = v1::ResolutionHeader {
        id: row.id.0,
        depot: row.depot_id.0,
        organization: row.organization_id.0,
        account: row.account_id.0,
        change_set: row.change_set.0,
        item: &row.item_code,
        reason: &row.reason,
        resolved_by: &row.resolved_by,
        resolved_at: row.resolved_at.0,
        body: &row.body,
        body_sha256: &row.body_sha256,
    };
    v1::Resolution { header, named: resolution.named.iter().map(named_v1).collect() }
}

fn named_v1(row: &NamedRow) -> v1::NamedCount<'_> {
    v1::NamedCount { resolution: row.resolution_id.0, count: row.count_id.0, item: &row.item_code }
}

fn resolution_void_v1(row: &ResolutionVoidRow) -> v1::ResolutionVoid<'_> {
    v1::ResolutionVoid {
        resolution: row.resolution_id.0,
        change_set: row.change_set.0,
        account: row.account_id.0,
        voided_by: &row.voided_by,
        voided_at: row.voided_at.0,
        reason: &row.reason,
        body: &row.body,
        body_sha256: &row.body_sha256,
    }
}

fn acceptance_v1(row: &AcceptanceRow) -> v1::Acceptance<'_> {
    v1::Acceptance {
        id: row.id.0,
        depot: row.depot_id.0,
        organization: row.organization_id.0,
        account: row.account_id.0,
        change_set: row.change_set.0,
        item: &row.item_code,
        inspection: row.inspection_id.0,
        count: row.count_id.0,
        reason: &row.reason,
        accepted_by: &row.accepted_by,
        accepted_at: row.accepted_at.0,
        body: &row.body,
        body_sha256: &row.body_sha256,
    }
}

fn decision_v1(row: &DecisionRow) -> v1::QuarantineDecision<'_> {
    v1::QuarantineDecision {
        quarantined: row.quarantine_id.0,
        change_set: row.change_set.0,
        account: row.account_id.0,
        organization: row.organization_id.map(|id| id.0),
        decided_at: row.decided_at.0,
        decision: row.decision,
        reason: &row.reason,
        count: row.count_id.map(|CountId(id)| id),
        body: &row.body,
        body_sha256: &row.body_sha256,
    }
}
