//! Exact decimal quantities, without binary floating point.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The number of thousandths in one unit.
const SCALE: i64 = 1_000;

/// The limit of accepted input: |q| < 10⁹ units.
const LIMIT: i64 = 1_000_000_000;

/// A decimal number of units with at most three decimals, held as whole thousandths.
///
/// Accepted input is below 10⁹; sums may be larger. Arithmetic saturates at about 9 × 10¹⁵ units, far above any sum of
/// accepted quantities.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::AsExpression, diesel::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Quantity(i64);

crate::number_column!(Quantity, Quantity::from_thousandths, 0);

/// The reasons why a text is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// The text is not a plain decimal number.
    #[error("is not a decimal number")]
    NotANumber,
    /// The number has more than three decimals.
    #[error("has more than three decimals")]
    TooPrecise,
    /// The number is 10⁹ or greater in size.
    #[error("is not smaller than 1000000000")]
    TooLarge,
}

impl Quantity {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// A whole number of units.
    pub const fn whole(units: i64) -> Self {
        Self(units.saturating_mul(SCALE))
    }

    /// The quantity of so many thousandths, as the database stores it.
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// The number of thousandths, as the database stores it.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// True when there is no fraction of a unit.
    pub const fn is_whole(self) -> bool {
        self.0 % SCALE == 0
    }

    /// True below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, never below zero.
    pub const fn less(self, other: Self) -> Self {
        let left = self.0.saturating_sub(other.0);
        Self(if left < 0 { 0 } else { left })
    }

    /// The exact product, or `None` if it would need a fourth decimal or reach 10⁹.
    pub fn times(self, other: Self) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(other.0);
        if product % i128::from(SCALE) != 0 {
            return None;
        }
        let product = i64::try_from(product / i128::from(SCALE)).ok()?;
        (product.abs() < LIMIT * SCALE).then_some(Self(product))
    }
}

impl std::iter::Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Self::plus)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (units, rest) = (size / SCALE.unsigned_abs(), size % SCALE.unsigned_abs());
        if rest == 0 {
            write!(f, "{sign}{units}")
        } else {
            let decimals = format!("{rest:03}");
            write!(f, "{sign}{units}.{}", decimals.trim_end_matches('0'))
        }
    }
}

/// The length of a text in bytes.
fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

impl FromStr for Quantity {
    type Err = QuantityError;

    /// Reads a JSON number exactly: digits, an optional fraction, an optional exponent.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| QuantityError::NotANumber)?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if whole.is_empty() || mantissa.ends_with('.') || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(QuantityError::NotANumber);
        }
        let significant = digits.trim_start_matches('0').trim_end_matches('0');
        if significant.is_empty() {
            return Ok(Self::ZERO);
        }
        let trailing = length(&digits) - length(digits.trim_end_matches('0'));
        // value = significant × 10^power
        let power = i64::from(exponent) - length(fraction) + trailing;
        if length(significant) + power > 9 {
            return Err(QuantityError::TooLarge);
        }
        if power < -3 {
            return Err(QuantityError::TooPrecise);
        }
        let thousandths = u32::try_from(power + 3)
            .ok()
            .and_then(|shift| Some(significant.parse::<i64>().ok()? * 10_i64.checked_pow(shift)?))
            .ok_or(QuantityError::TooLarge)?;
        Ok(Self(sign * thousandths))
    }
}

impl Serialize for Quantity {
    /// A JSON number, exact.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_whole() {
            serializer.serialize_i64(self.0 / SCALE)
        } else {
            let number = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
            number.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Quantity {
    /// Reads the digits of a JSON number unchanged, which only `serde_json` over text or bytes can do.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        raw.get().parse().map_err(|error| serde::de::Error::custom(format!("{} {error}", raw.get())))
    }
}

impl utoipa::PartialSchema for Quantity {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some(
                "An exact quantity: at most three decimals. One that is sent is below 1000000000; sums may be larger.",
            ))
            .minimum(Some(0.0))
            // Sums saturate here.
            .maximum(Some(9_223_372_036_854_776.0))
            .examples([serde_json::json!(12)])
            .into()
    }
}

impl utoipa::ToSchema for Quantity {}
