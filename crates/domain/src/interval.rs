//! Intervals: a number known to lie between two ends, the upper one possibly open.

use serde::{Deserialize, Serialize};

use base::quantity::{OutOfRange, Quantity};
use base::total::Total;

/// A closed interval of quantities; `max: None` (JSON `null`) means unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"min": 29, "max": 29}))]
pub struct Interval {
    /// The lower end.
    pub min: Quantity,
    /// The upper end; `null` is unbounded.
    pub max: Option<Quantity>,
}

impl Interval {
    /// Exactly zero.
    pub const ZERO: Self = Self::exactly(Quantity::ZERO);

    /// Zero to unbounded.
    pub const UNKNOWN: Self = Self { min: Quantity::ZERO, max: None };

    /// A known number.
    pub const fn exactly(quantity: Quantity) -> Self {
        Self { min: quantity, max: Some(quantity) }
    }

    /// Zero to `max`.
    pub const fn up_to(max: Option<Quantity>) -> Self {
        Self { min: Quantity::ZERO, max }
    }

    /// The sum, end by end. The order of the parts does not matter.
    ///
    /// # Errors
    /// [`OutOfRange`] if an end reaches 10⁹. An unbounded part makes the upper end unbounded, whatever the others are.
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Result<Self, OutOfRange> {
        let (mut min, mut max) = (Total::ZERO, Some(Total::ZERO));
        for part in parts {
            min = min.plus(part.min);
            max = max.zip(part.max).map(|(sum, end)| sum.plus(end));
        }
        let known = |sum: Total| sum.known().ok_or(OutOfRange);
        Ok(Self { min: known(min)?, max: max.map(known).transpose()? })
    }

    /// The larger, end by end.
    pub fn larger(self, other: Self) -> Self {
        Self { min: self.min.max(other.min), max: self.max.zip(other.max).map(|(a, b)| a.max(b)) }
    }

    /// The smallest interval that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.zip(other.max).map(|(a, b)| a.max(b)) }
    }

    /// The shortage if `self` is required and `usable` is available: `[max(0, required.min − usable.max), max(0,
    /// required.max − usable.min)]`.
    pub fn shortage_against(self, usable: Self) -> Self {
        Self {
            min: usable.max.map_or(Quantity::ZERO, |usable_max| self.min.less(usable_max)),
            max: self.max.map(|required_max| required_max.less(usable.min)),
        }
    }

    /// True if the number is known.
    pub fn is_exact(self) -> bool {
        self.max == Some(self.min)
    }

    /// True if the number is known to be zero.
    pub fn is_zero(self) -> bool {
        self.max == Some(Quantity::ZERO)
    }

    /// True if every number of `other` lies in `self`.
    #[cfg(test)]
    pub fn contains(self, other: Self) -> bool {
        self.min <= other.min
            && match (self.max, other.max) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(outer), Some(inner)) => inner <= outer,
            }
    }
}
