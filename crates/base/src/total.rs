//! Sums of quantities that note when they leave the range of quantities.

use serde::{Serialize, Serializer};

use crate::quantity::Quantity;

/// A sum of quantities that are not negative. Once it reaches 10⁹ it is out of range and stays so, in whatever order its
/// parts are added; as JSON it is then `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Total(Option<Quantity>);

impl Total {
    /// The sum of nothing.
    pub const ZERO: Self = Self(Some(Quantity::ZERO));

    /// A sum that has reached 10⁹.
    pub const fn out_of_range() -> Self {
        Self(None)
    }

    /// The sum with another part, which is a quantity or a sum itself.
    #[must_use]
    pub fn plus(self, part: impl Into<Self>) -> Self {
        let ends = self.0.zip(part.into().0);
        Self(ends.and_then(|(sum, part)| sum.plus(part).ok()))
    }

    /// The sum; `None` if it is out of range.
    pub const fn known(self) -> Option<Quantity> {
        self.0
    }

    /// True once the sum has reached 10⁹.
    pub const fn is_out_of_range(&self) -> bool {
        self.0.is_none()
    }
}

impl Default for Total {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<Quantity> for Total {
    fn from(quantity: Quantity) -> Self {
        Self(Some(quantity))
    }
}

impl<Part: Into<Self>> std::iter::Sum<Part> for Total {
    fn sum<I: Iterator<Item = Part>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Self::plus)
    }
}

impl Serialize for Total {
    /// A JSON number, exact, or `null`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
