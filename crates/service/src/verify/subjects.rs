//! Stored subjects, compared with their links.

use crate::counts::line_rows;
use crate::records::{CountRecord, Record, ResolutionRecord};
use crate::resolutions::named_rows;
use base::content::Content;
use base::error::Error;
use db::acceptances::StoredAcceptance;
use db::counts::StoredCount;
use db::quarantine::Quarantined;
use db::receipts::ReceiptRow;
use db::resolutions::StoredResolution;
use domain::new_count::NewCount;
use domain::quarantine::quarantine_id;
use domain::record::RecordVersion;
use domain::resolution::NewResolution;

/// The faults of a stored count.
pub fn count_faults(link: &ReceiptRow, version: RecordVersion, stored: &StoredCount) -> Result<Vec<String>, Error> {
    let header = &stored.row;
    let mut wrong = content_faults(&header.body, &header.body_sha256, &link.sha256);
    let record = Record::Count(CountRecord { header, lines: &stored.lines, resolves: &stored.resolves });
    let is_as_accepted = record.digest(version)? == link.record_sha256;
    if !is_as_accepted && header.organization_id != link.organization_id {
        wrong.push("it is stored as another organization's".to_owned());
    }
    // The lines are always compared, because the record does not contain all of their columns.
    let meant = serde_json::from_slice::<NewCount>(&header.body).ok().and_then(|count| count.check_accepted().ok());
    if let Some(count) = meant {
        let lines = line_rows(header, &count);
        if lines.len() != stored.lines.len() {
            wrong.push(format!("{} lines were accepted and {} are stored", lines.len(), stored.lines.len()));
        }
        let differ = lines.iter().zip(&stored.lines).filter(|(meant, stored)| meant != stored);
        wrong.extend(differ.map(|(line, _)| format!("its line {} is not what was accepted", line.position)));
    }
    if wrong.is_empty() && !is_as_accepted {
        wrong.push("its header, or what it settles, is not what was accepted".to_owned());
    }
    Ok(wrong)
}

/// The faults of a stored void.
pub fn void_faults(link: &ReceiptRow, version: RecordVersion, stored: &StoredCount) -> Result<Vec<String>, Error> {
    let Some(void) = &stored.void else { return Ok(vec!["the void is no longer stored".to_owned()]) };
    let mut wrong = content_faults(&void.body, &void.body_sha256, &link.sha256);
    if wrong.is_empty() && Record::Void(void).digest(version)? != link.record_sha256 {
        wrong.push("the void is not what was accepted".to_owned());
    }
    Ok(wrong)
}

/// The faults of a stored resolution.
pub fn resolution_faults(
    link: &ReceiptRow,
    version: RecordVersion,
    stored: &StoredResolution,
) -> Result<Vec<String>, Error> {
    let header = &stored.row;
    let mut wrong = content_faults(&header.body, &header.body_sha256, &link.sha256);
    let record = Record::Resolution(ResolutionRecord { header, named: &stored.named });
    if record.digest(version)? == link.record_sha256 {
        return Ok(wrong);
    }
    if header.organization_id != link.organization_id {
        wrong.push("it is stored as another organization's".to_owned());
    }
    let meant = serde_json::from_slice::<NewResolution>(&header.body).ok();
    if meant.is_some_and(|resolution| named_rows(header, &resolution) != stored.named) {
        wrong.push("the counts that it takes out are not what was accepted".to_owned());
    }
    if wrong.is_empty() {
        wrong.push("its header is not what was accepted".to_owned());
    }
    Ok(wrong)
}

/// The faults of a stored acceptance.
pub fn acceptance_faults(
    link: &ReceiptRow,
    version: RecordVersion,
    stored: &StoredAcceptance,
) -> Result<Vec<String>, Error> {
    let row = &stored.row;
    let mut wrong = content_faults(&row.body, &row.body_sha256, &link.sha256);
    if Record::Acceptance(row).digest(version)? == link.record_sha256 {
        return Ok(wrong);
    }
    if row.organization_id != link.organization_id {
        wrong.push("it is stored as another organization's".to_owned());
    }
    if wrong.is_empty() {
        wrong.push("the acceptance is not what was accepted".to_owned());
    }
    Ok(wrong)
}

/// The faults of the stored void of a resolution.
pub fn resolution_void_faults(
    link: &ReceiptRow,
    version: RecordVersion,
    stored: &StoredResolution,
) -> Result<Vec<String>, Error> {
    let Some(void) = &stored.void else { return Ok(vec!["the void is no longer stored".to_owned()]) };
    let mut wrong = content_faults(&void.body, &void.body_sha256, &link.sha256);
    if wrong.is_empty() && Record::ResolutionVoid(void).digest(version)? != link.record_sha256 {
        wrong.push("the void is not what was accepted".to_owned());
    }
    Ok(wrong)
}

/// The faults of a stored decision, and of its command.
pub fn decision_faults(
    link: &ReceiptRow,
    version: RecordVersion,
    stored: &Quarantined,
    body: &[u8],
) -> Result<Vec<String>, Error> {
    let Some(decided) = &stored.decision else { return Ok(vec!["the decision is no longer stored".to_owned()]) };
    let mut wrong = content_faults(&decided.body, &decided.body_sha256, &link.sha256);
    if wrong.is_empty() && Record::Decision(decided).digest(version)? != link.record_sha256 {
        wrong.push("the decision is not what was accepted".to_owned());
    }
    let row = &stored.row;
    // Content that not every reader takes for the same is known by its bytes; older ones are by their canonical form.
    let same_content = Content::of_bytes(body.to_vec()).sha256 == row.sha256
        || Content::of_json(body.to_vec()).is_ok_and(|content| content.sha256 == row.sha256);
    if !same_content || quarantine_id(row.command_id, &row.sha256) != row.id {
        wrong.push("the command that it was made on is not the one that was received".to_owned());
    }
    Ok(wrong)
}

fn content_faults(body: &[u8], stored: &str, accepted: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if stored != accepted {
        wrong.push("the hash that is stored with its body is not the one that was accepted".to_owned());
    }
    if !Content::of_json(body.to_vec()).is_ok_and(|content| content.sha256 == accepted) {
        wrong.push("its body is not the one that was accepted".to_owned());
    }
    wrong
}
