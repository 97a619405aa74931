use bigdecimal::BigDecimal;
use proptest::prelude::*;

use super::{Amount, AmountBasis, NoAmount};
use crate::interval::Interval;
use crate::rule::{Rate, RuleQuantity, Spare, SpareRatio};
use crate::sample::thousandths;
use base::quantity::Quantity;

fn quantities() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        4 => (0..40_i16).prop_map(Quantity::whole),
        4 => (0..40_000_i64).prop_map(thousandths),
        1 => Just(thousandths(999_999_999_999)),
        1 => (-999_999_999_999..=999_999_999_999_i64).prop_map(thousandths),
    ]
}

fn spares() -> impl Strategy<Value = Spare> {
    let small_or_any = || prop_oneof![0..8_u32, any::<u32>()];
    prop_oneof![
        (small_or_any(), small_or_any()).prop_map(|(a, b)| Spare::ratio(a, b)),
        small_or_any().prop_map(Spare::Percent),
    ]
}

fn rates() -> impl Strategy<Value = Rate> {
    let bound = || proptest::option::of(quantities());
    (quantities(), quantities(), bound(), bound(), proptest::option::of(spares())).prop_map(
        |(n, per, at_least, at_most, spare)| Rate { n, per, of: Some("people".to_owned()), at_least, at_most, spare },
    )
}

/// The amount of a rate of a fact.
fn amount(rate: &Rate, basis: Option<Quantity>, measured: bool) -> Result<Amount, NoAmount> {
    let basis = AmountBasis { facts: &[basis], other: Ok(Interval::ZERO), target: None };
    super::amount(&RuleQuantity::Rate(rate.clone()), basis, measured)
}

fn is_ordered(interval: Interval) -> bool {
    interval.max.is_none_or(|max| interval.min <= max)
}

proptest! {
    #[test]
    fn any_rate_of_any_basis_gives_intervals_in_order(
        rate in rates(),
        basis in proptest::option::of(quantities()),
        measured: bool,
    ) {
        if let Ok(Amount { in_use, spare, total }) = amount(&rate, basis, measured) {
            prop_assert!(is_ordered(in_use) && is_ordered(spare) && is_ordered(total));
            prop_assert!(in_use.min <= total.min && in_use.max.is_none_or(|max| Some(max) <= total.max));
        }
    }

    #[test]
    fn a_known_basis_gives_a_number_within_what_an_unknown_one_gave(
        rate in rates(),
        basis in quantities(),
        measured: bool,
    ) {
        if let (Ok(before), Ok(after)) = (amount(&rate, None, measured), amount(&rate, Some(basis), measured)) {
            prop_assert_eq!(Some(after.total.min), after.total.max);
            prop_assert!(before.in_use.contains(after.in_use));
            prop_assert!(before.spare.contains(after.spare));
            prop_assert!(before.total.contains(after.total));
        }
    }

    #[test]
    fn more_of_the_basis_never_asks_for_less(rate in rates(), a in quantities(), b in quantities(), measured: bool) {
        let total = |basis| amount(&rate, Some(basis), measured).map(|amount| amount.total.min);
        if let (Ok(fewer), Ok(more)) = (total(a.min(b)), total(a.max(b))) {
            prop_assert!(fewer <= more);
        }
    }

    #[test]
    fn an_amount_is_what_big_decimals_give_or_out_of_range(rate in rates(), basis in quantities(), measured: bool) {
        let expected = in_decimals(&rate, basis, measured);
        match amount(&rate, Some(basis), measured) {
            Ok(amount) => {
                let [in_use, spare, total] = [amount.in_use, amount.spare, amount.total].map(|part| decimal(part.min));
                prop_assert_eq!(Some([in_use, spare, total]), expected);
            }
            Err(NoAmount::OutOfRange) => {
                let limit = BigDecimal::from(1_000_000_000);
                prop_assert!(expected.is_some_and(|parts| parts.iter().any(|part| *part >= limit)));
            }
            Err(reason) => prop_assert_eq!((reason, expected), (NoAmount::Meaningless, None)),
        }
    }
}

fn decimal(quantity: Quantity) -> BigDecimal {
    quantity.to_string().parse().unwrap()
}

/// The number in use, the spare and the total, from the definition; `None` for a rate without meaning.
fn in_decimals(rate: &Rate, basis: Quantity, measured: bool) -> Option<[BigDecimal; 3]> {
    let zero = || BigDecimal::from(0);
    let natural = |quantity: Quantity| decimal(quantity).max(zero());
    let places = if measured { 3 } else { 0 };
    let divided = |dividend: &BigDecimal, divisor: &BigDecimal, places: i64| -> Option<BigDecimal> {
        if *divisor == zero() {
            return None;
        }
        // Exact by whole numbers, because decimal quotients need not terminate.
        let shift = BigDecimal::from(10_i64.pow(places.try_into().unwrap()));
        let (dividend, divisor) =
            (dividend * BigDecimal::from(1_000_000) * &shift, divisor * BigDecimal::from(1_000_000));
        let (dividend, divisor) = (dividend.with_scale(0), divisor.with_scale(0));
        let rest = &dividend % &divisor;
        let floor = ((&dividend - &rest) / &divisor).with_scale(0);
        Some((if rest > zero() { floor + 1 } else { floor }) / shift)
    };
    let (n, basis, per) = (natural(rate.n), natural(basis), natural(rate.per));
    let asked = if measured { divided(&(&n * &basis), &per, 3)? } else { &n * divided(&basis, &per, 0)? };
    let least = rate.at_least.map_or_else(zero, natural);
    let most = rate.at_most.map(|most| natural(most).max(least.clone()));
    let least = if basis > zero() { least } else { zero() };
    let in_use = most.map_or(asked.clone(), |most| asked.min(most)).max(least);
    let spare = match rate.spare {
        None => zero(),
        Some(Spare::Ratio(SpareRatio { for_each, reserve })) => {
            divided(&(&in_use * BigDecimal::from(reserve)), &BigDecimal::from(for_each), places)?
        }
        Some(Spare::Percent(percent)) => {
            divided(&(&in_use * BigDecimal::from(percent)), &BigDecimal::from(100), places)?
        }
    };
    let total = divided(&(&in_use + &spare), &BigDecimal::from(1), places)?;
    Some([in_use, spare, total])
}
