//! Checks of the links themselves, and of receipts from before a restore.

use base::error::Error;
use db::counts::CountRow;
use db::receipts::EvidenceRow;
use db::receipts::ReceiptRow;
use domain::receipt::{Link, LinkKind};
use domain::record::link::link_hash;

/// The faults of a link itself.
pub fn link_faults(row: &ReceiptRow, before: i64, previous: &str) -> Result<Vec<String>, Error> {
    let mut wrong = Vec::new();
    if row.position != before.saturating_add(1) {
        wrong.push(format!("the link before it is {before}: those between are missing"));
    } else if row.previous_hash != previous {
        wrong.push("it does not hold the hash of the link before".to_owned());
    }
    if link_hash(&row.link()).map_err(|error| Error::internal("a link cannot be hashed", error))? != row.hash {
        wrong.push("its hash is not the hash of what it says".to_owned());
    }
    Ok(wrong)
}

/// The faults of a receipt from before a restore, by which a count was taken over. Its position in the chain of that
/// time no longer matters; its subject does.
pub fn evidence_faults(receipt: &Link, evidence: &EvidenceRow, count: &CountRow) -> Vec<String> {
    // Where the count had come without it before, its times are those of that arrival.
    let is_late = evidence.change_set != count.change_set;
    let same = [
        ("for another count", receipt.kind == LinkKind::Count && receipt.id == count.id.0),
        ("to another organization", receipt.organization == count.organization_id),
        ("for other content", receipt.sha256 == count.body_sha256),
        ("for another time of receipt", is_late || receipt.received_at == count.received_at.0),
        ("for another time of counting", is_late || receipt.effective_at == Some(count.effective_at.0)),
    ];
    let differ = same.into_iter().filter(|(_, same)| !same);
    differ.map(|(what, _)| format!("the receipt that it was taken over with was given {what}")).collect()
}
