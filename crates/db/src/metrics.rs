//! Metrics of writes, for an operator. Without them nothing is measured.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use base::error::Error;

/// The upper bounds of the durations of commits, in seconds: from a fast disk's flush to the limit of a write.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The upper bounds of the numbers of writes in a group, the last of which is the largest group.
const WRITES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// The metrics of writes; clones share them.
#[derive(Clone, Debug)]
pub struct WriteMetrics {
    outcomes: Family<OutcomeLabels, Counter>,
    group_size: Histogram,
    group_duration: Histogram,
    commit_duration: Histogram,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

impl Default for WriteMetrics {
    fn default() -> Self {
        Self {
            outcomes: Family::default(),
            group_size: Histogram::new(WRITES),
            group_duration: Histogram::new(SECONDS),
            commit_duration: Histogram::new(SECONDS),
        }
    }
}

impl WriteMetrics {
    /// Adds them to those of a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("writes", "Writes by their outcome", self.outcomes.clone());
        registry.register("write_group_size", "Writes that shared one transaction", self.group_size.clone());
        registry.register_with_unit(
            "write_group_duration",
            "Time of one transaction of writes, from its begin to the end of its commit",
            Unit::Seconds,
            self.group_duration.clone(),
        );
        registry.register_with_unit(
            "commit_duration",
            "Time of the commit alone, in which the disk stores the writes",
            Unit::Seconds,
            self.commit_duration.clone(),
        );
    }

    /// Counts a write by its outcome.
    pub(super) fn ended<T>(&self, outcome: &Result<T, Error>) {
        let outcome = match outcome {
            Ok(_) => "committed",
            Err(Error::Busy(_)) => "busy",
            Err(Error::Storage(..)) => "storage",
            Err(Error::Internal(..)) => "internal",
            Err(_) => "refused",
        };
        self.outcomes.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Notes a transaction that was committed.
    pub(super) fn committed(&self, writes: usize, whole: Duration, commit: Duration) {
        self.group_size.observe(f64::from(u32::try_from(writes).unwrap_or(u32::MAX)));
        self.group_duration.observe(whole.as_secs_f64());
        self.commit_duration.observe(commit.as_secs_f64());
    }
}
