//! The clock of the service: the machine's, or one that tests set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

use crate::time::to_microseconds;

/// The source of the present time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is set again: microseconds since 1970.
    Standing(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at an instant.
    pub fn standing_at(instant: DateTime<Utc>) -> Self {
        Self::Standing(Arc::new(AtomicI64::new(instant.timestamp_micros())))
    }

    /// Sets a standing clock; the machine's clock cannot be set.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Self::Standing(microseconds) = self {
            microseconds.store(instant.timestamp_micros(), Ordering::SeqCst);
        }
    }

    /// The present instant, to the microsecond.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => to_microseconds(Utc::now()),
            Self::Standing(microseconds) => {
                DateTime::from_timestamp_micros(microseconds.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }
}
