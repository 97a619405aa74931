//! Findings about drafts, kept in memory between reads: the check of a large draft takes seconds, and drafts are read far more
//! often than they or the reference data change.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::revisions::StateKey;
use base::error::Error;
use domain::draft::{Draft, Finding, check};
use domain::reference_data::ReferenceData;

/// The maximum number of checks kept.
const KEPT: usize = 128;

/// The subject of a check: the draft's text by its hash, the reference data, and the day.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    text: [u8; 32],
    reference_data: StateKey,
    day: NaiveDate,
}

type Findings = Arc<OnceLock<Arc<[Finding]>>>;

/// Checks, the most recently used first; clones share them.
#[derive(Clone, Default)]
pub struct DraftChecks {
    checks: Arc<Mutex<Vec<(Key, Findings)>>>,
}

impl DraftChecks {
    /// The findings about a draft on a day. If several readers ask at once, one runs the check and the others wait for
    /// its result.
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
        let key = Key { text: Sha256::digest(&bytes).into(), reference_data: state, day };
        let findings = self.entry(key);
        Ok(findings.get_or_init(|| check(reference_data, &draft.text, day).into()).clone())
    }

    fn entry(&self, key: Key) -> Findings {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        let place = checks.iter().position(|(kept, _)| *kept == key);
        let (key, findings) = place.map_or_else(|| (key, Findings::default()), |place| checks.remove(place));
        checks.insert(0, (key, findings.clone()));
        checks.truncate(KEPT);
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_kept_for_the_same_question_and_only_some_are() {
        let day = |number| NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(number);
        let key = |number| Key { text: [7; 32], reference_data: None, day: day(number) };
        let checks = DraftChecks::default();
        let first = checks.entry(key(0));
        assert!(Arc::ptr_eq(&first, &checks.entry(key(0))));
        assert!(!Arc::ptr_eq(&first, &checks.entry(key(1))));
        for number in 1..=KEPT as u64 {
            checks.entry(key(number));
        }
        assert_eq!(checks.checks.lock().unwrap().len(), KEPT);
        assert!(!Arc::ptr_eq(&first, &checks.entry(key(0))));
    }
}
