use proptest::prelude::*;

use super::{Amount, amount};
use crate::interval::Interval;
use crate::rule::{Rate, Spare};
use base::quantity::Quantity;

fn quantities() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        4 => (0..40_i64).prop_map(Quantity::whole),
        4 => (0..40_000_i64).prop_map(Quantity::from_thousandths),
        1 => Just(Quantity::from_thousandths(999_999_999_999)),
        1 => any::<i64>().prop_map(Quantity::from_thousandths),
    ]
}

fn spares() -> impl Strategy<Value = Spare> {
    let small_or_any = || prop_oneof![0..8_u32, any::<u32>()];
    prop_oneof![
        (small_or_any(), small_or_any()).prop_map(|(a, b)| Spare::Ratio(a, b)),
        small_or_any().prop_map(Spare::Percent),
    ]
}

fn rates() -> impl Strategy<Value = Rate> {
    let bound = || proptest::option::of(quantities());
    (quantities(), quantities(), bound(), bound(), proptest::option::of(spares())).prop_map(
        |(n, per, at_least, at_most, spare)| Rate { n, per, of: Some("people".to_owned()), at_least, at_most, spare },
    )
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
        if let Some(Amount { in_use, spare, total }) = amount(&rate, basis, measured) {
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
        if let (Some(before), Some(after)) = (amount(&rate, None, measured), amount(&rate, Some(basis), measured)) {
            prop_assert_eq!(Some(after.total.min), after.total.max);
            prop_assert!(before.in_use.contains(after.in_use));
            prop_assert!(before.spare.contains(after.spare));
            prop_assert!(before.total.contains(after.total));
        }
    }

    #[test]
    fn more_of_the_basis_never_asks_for_less(rate in rates(), a in quantities(), b in quantities(), measured: bool) {
        let total = |basis| amount(&rate, Some(basis), measured).map(|amount| amount.total.min);
        if let (Some(fewer), Some(more)) = (total(a.min(b)), total(a.max(b))) {
            prop_assert!(fewer <= more);
        }
    }
}
