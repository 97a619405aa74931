//! Exact decimal quantities, without binary floating point.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The number of thousandths in one unit.
const SCALE: i64 = 1_000;

/// The limit of every quantity, in thousandths: |q| < 10⁹ units.
const LIMIT: i64 = 1_000_000_000 * SCALE;

/// A decimal number of units with at most three decimals, held as whole thousandths, and smaller than 10⁹ in size.
///
/// All quantities are within this range: input, stored values and results are checked. A result that reaches 10⁹ is
/// [`OutOfRange`], so it can neither wrap nor saturate.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::AsExpression, diesel::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Quantity(i64);

crate::number_column!(Quantity, Quantity::from_thousandths, 0);

/// The error of a result that is 10⁹ or greater in size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not smaller than 1000000000")]
pub struct OutOfRange;

/// The reasons why a text or a product is not a quantity.
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

    /// A small whole number of units; every one is in range.
    pub const fn whole(units: i16) -> Self {
        Self(units as i64 * SCALE)
    }

    /// The quantity of so many thousandths, as the database stores it.
    ///
    /// # Errors
    /// [`OutOfRange`] from 10⁹ units on.
    pub fn from_thousandths(thousandths: impl TryInto<i64>) -> Result<Self, OutOfRange> {
        let thousandths = thousandths.try_into().map_err(|_| OutOfRange)?;
        if (1 - LIMIT..LIMIT).contains(&thousandths) { Ok(Self(thousandths)) } else { Err(OutOfRange) }
    }

    /// The number of thousandths, as the database stores it.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// True if there is no fraction of a unit.
    pub const fn is_whole(self) -> bool {
        self.0 % SCALE == 0
    }

    /// True below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`OutOfRange`] from 10⁹ units on.
    pub fn plus(self, other: Self) -> Result<Self, OutOfRange> {
        Self::from_thousandths(i128::from(self.0) + i128::from(other.0))
    }

    /// The amount by which it exceeds another, or zero. A negative one counts as zero, so the result is in range.
    pub fn less(self, other: Self) -> Self {
        Self((self.0 - other.0.max(0)).max(0))
    }

    /// The exact product.
    ///
    /// # Errors
    /// If it would need a fourth decimal or reach 10⁹.
    pub fn times(self, other: Self) -> Result<Self, QuantityError> {
        let product = i128::from(self.0) * i128::from(other.0);
        if product % i128::from(SCALE) != 0 {
            return Err(QuantityError::TooPrecise);
        }
        Self::from_thousandths(product / i128::from(SCALE)).map_err(|OutOfRange| QuantityError::TooLarge)
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
                "An exact quantity: at most three decimals, below 1000000000. A sum that is not is `null` or unknown.",
            ))
            .minimum(Some(0.0))
            .maximum(Some(999_999_999.999))
            .examples([serde_json::json!(12)])
            .into()
    }
}

impl utoipa::ToSchema for Quantity {}
