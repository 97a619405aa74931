use bigdecimal::BigDecimal;
use proptest::prelude::*;

use super::{OutOfRange, Quantity, QuantityError};
use crate::total::Total;

const MOST: i64 = 999_999_999_999;

fn quantities() -> impl Strategy<Value = Quantity> {
    let number = prop_oneof![2 => -9_000..9_000_i64, 2 => -MOST..=MOST, 1 => Just(MOST), 1 => Just(-MOST)];
    number.prop_map(|thousandths| Quantity::from_thousandths(thousandths).unwrap())
}

fn decimal(quantity: Quantity) -> BigDecimal {
    quantity.to_string().parse().unwrap()
}

fn limit() -> BigDecimal {
    BigDecimal::from(1_000_000_000)
}

/// The same number as a quantity, if it is one.
fn in_range(number: &BigDecimal) -> Option<BigDecimal> {
    (number.abs() < limit()).then(|| number.clone())
}

proptest! {
    #[test]
    fn sums_are_those_of_big_decimals_or_out_of_range(a in quantities(), b in quantities()) {
        let sum = decimal(a) + decimal(b);
        prop_assert_eq!(a.plus(b).ok().map(decimal), in_range(&sum));
    }

    #[test]
    fn differences_are_those_of_big_decimals_above_zero(a in quantities(), b in quantities()) {
        let zero = BigDecimal::from(0);
        let difference = (decimal(a) - decimal(b).max(zero.clone())).max(zero);
        prop_assert_eq!(decimal(a.less(b)), difference);
    }

    #[test]
    fn products_are_those_of_big_decimals_or_refused(a in quantities(), b in quantities()) {
        let product = decimal(a) * decimal(b);
        let rounded = product.with_scale(3);
        match a.times(b) {
            Ok(exact) => prop_assert_eq!(decimal(exact), product),
            Err(QuantityError::TooPrecise) => prop_assert_ne!(rounded, product),
            Err(error) => {
                prop_assert_eq!(error, QuantityError::TooLarge);
                prop_assert!(product.abs() >= limit());
            }
        }
    }

    #[test]
    fn totals_are_those_of_big_decimals_in_any_order(parts in proptest::collection::vec(0..=MOST, 0..5)) {
        let parts: Vec<Quantity> = parts.into_iter().map(|part| Quantity::from_thousandths(part).unwrap()).collect();
        let sum: BigDecimal = parts.iter().copied().map(decimal).sum();
        let forwards: Total = parts.iter().copied().sum();
        let backwards: Total = parts.iter().rev().copied().sum();
        prop_assert_eq!(forwards, backwards);
        prop_assert_eq!(forwards.known().map(decimal), in_range(&sum));
    }
}

#[test]
fn the_largest_quantity_is_just_below_the_limit() {
    assert_eq!(Quantity::from_thousandths(MOST + 1), Err(OutOfRange));
    assert_eq!(Quantity::from_thousandths(-MOST - 1), Err(OutOfRange));
    assert_eq!(Quantity::from_thousandths(i128::MAX), Err(OutOfRange));
    let most = Quantity::from_thousandths(MOST).unwrap();
    assert_eq!(most.to_string(), "999999999.999");
    assert_eq!(most.plus(Quantity::from_thousandths(1).unwrap()), Err(OutOfRange));
    assert_eq!(serde_json::to_string(&Total::from(most).plus(most)).unwrap(), "null");
}
