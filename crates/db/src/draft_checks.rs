//! Findings about drafts, kept in memory between reads: the check of a large draft takes seconds, and drafts are read far more
//! often than they or the reference data change.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::revisions::StateKey;
use base::error::Error;
use domain::draft::{Draft, Finding, check};
use domain::reference_data::ReferenceData;

/// The most bytes of all checks kept, by and large.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The bytes of a finding beside its pointer, by and large.
const FINDING_BYTES: usize = 320;

/// The subject of a check: the draft's text by its hash, the reference data, and the day.
#[derive(Clone, Copy, PartialEq)]
struct CheckKey {
    text: [u8; 32],
    reference_data: StateKey,
    day: NaiveDate,
}

type Findings = Arc<OnceLock<Arc<[Finding]>>>;

/// Checks, the most recently used first; clones share them.
#[derive(Clone, Default)]
pub struct DraftChecks {
    checks: Arc<Mutex<Vec<(CheckKey, Findings)>>>,
}

impl DraftChecks {
    /// The findings about a draft on a day. Of several readers at once one checks it, and the others wait for that.
    ///
    /// # Errors
    /// If the draft cannot be written as JSON.
    pub(super) fn of(
        &self,
        reference_data: &ReferenceData,
        state: StateKey,
        draft: &Draft,
        day: NaiveDate,
    ) -> Result<Arc<[Finding]>, Error> {
        let bytes =
            serde_json::to_vec(&draft.text).map_err(|error| Error::internal("a draft cannot be read", error))?;
        let key = CheckKey { text: Sha256::digest(&bytes).into(), reference_data: state, day };
        let entry = self.entry(key);
        let findings = entry.get_or_init(|| check(reference_data, &draft.text, day).into()).clone();
        self.trim(MOST_BYTES);
        Ok(findings)
    }

    /// The check of a key, as the one most recently used. Those of another state of the reference data, or of a day that is
    /// over, are asked for by nobody any more.
    fn entry(&self, key: CheckKey) -> Findings {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        checks.retain(|(kept, _)| kept.reference_data == key.reference_data && is_near(kept.day, key.day));
        let place = checks.iter().position(|(kept, _)| *kept == key);
        let (key, findings) = place.map_or_else(|| (key, Findings::default()), |place| checks.remove(place));
        checks.insert(0, (key, findings.clone()));
        findings
    }

    /// Drops what was used longest ago, as far as it takes more bytes than it may.
    fn trim(&self, most: usize) {
        let mut taken = 0;
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        checks.retain(|(_, findings)| {
            taken += findings.get().map_or(0, |findings| bytes_of(findings));
            taken <= most
        });
    }
}

/// True for days that regions of different time zones may have at once.
fn is_near(one: NaiveDate, other: NaiveDate) -> bool {
    (one - other).num_days().abs() <= 1
}

fn bytes_of(findings: &[Finding]) -> usize {
    findings.iter().map(|finding| FINDING_BYTES + finding.fault.pointer.len()).sum::<usize>() + FINDING_BYTES
}

#[cfg(test)]
mod tests {
    use base::error::Fault;
    use base::id::ChangeSetId;
    use domain::draft::Severity;
    use domain::revision::Revision;
    use text::messages::Message;

    use super::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(number)
    }

    fn key(text: u8) -> CheckKey {
        CheckKey { text: [text; 32], reference_data: None, day: day(0) }
    }

    fn texts(checks: &DraftChecks) -> Vec<u8> {
        checks.checks.lock().unwrap().iter().map(|(key, _)| key.text[0]).collect()
    }

    #[test]
    fn a_check_is_kept_for_the_same_question() {
        let checks = DraftChecks::default();
        let first = checks.entry(key(0));
        assert!(Arc::ptr_eq(&first, &checks.entry(key(0))));
        assert!(!Arc::ptr_eq(&first, &checks.entry(key(1))));
        assert!(Arc::ptr_eq(&first, &checks.entry(key(0))));
        assert_eq!(texts(&checks), [0, 1]);
    }

    #[test]
    fn checks_of_another_state_or_of_a_day_that_is_over_are_dropped() {
        let checks = DraftChecks::default();
        checks.entry(key(0));
        checks.entry(CheckKey { day: day(1), ..key(1) });
        assert_eq!(texts(&checks), [1, 0]);
        checks.entry(CheckKey { day: day(2), ..key(2) });
        assert_eq!(texts(&checks), [2, 1]);
        checks.entry(CheckKey { day: day(2), reference_data: Some((Revision(7), ChangeSetId::new())), ..key(3) });
        assert_eq!(texts(&checks), [3]);
    }

    #[test]
    fn checks_take_no_more_memory_than_they_may() {
        let checks = DraftChecks::default();
        let finding = Finding { severity: Severity::Warning, fault: Fault::new("/rules/0", "a", Message::new("a")) };
        for text in 0..4 {
            checks.entry(key(text)).set(vec![finding.clone(); 10].into()).unwrap();
        }
        checks.trim(3 * bytes_of(&vec![finding; 10]));
        assert_eq!(texts(&checks), [3, 2, 1]);
    }
}
