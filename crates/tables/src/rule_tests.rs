//! Random rules are written in columns and read back the same.

use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use super::forms::RuleRow;
use super::{Encoding, Input, Options, Sheet, read, write_csv, write_xlsx};
use crate::form::Form;
use base::quantity::Quantity;
use domain::condition::{ClassRow, ClassTable, ClassTest, Comparison, Operator, RuleCondition};
use domain::rule::*;

fn code() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["A", "L2040102", "a b", "A|B", "x\"y", "甲；乙", "B*2", "（丙）", "a/b", "30-50"])
        .prop_map(str::to_owned)
}

fn plain() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["A", "L2040102", "people_on_shift", "甲"]).prop_map(str::to_owned)
}

fn quantity() -> impl Strategy<Value = Quantity> {
    (0_i64..5_000_000).prop_map(|number| Quantity::from_thousandths(number).unwrap())
}

fn positive() -> impl Strategy<Value = Quantity> {
    prop_oneof![Just(Quantity::whole(1)), (1_i64..5_000_000).prop_map(|n| Quantity::from_thousandths(n).unwrap())]
}

fn maybe<T: std::fmt::Debug + Clone>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(of)
}

fn spare() -> impl Strategy<Value = Option<Spare>> {
    maybe(prop_oneof![
        (1_u32..50, 0_u32..9).prop_map(|(each, reserve)| Spare::ratio(each, reserve)),
        (0_u32..200).prop_map(Spare::Percent)
    ])
}

fn components() -> impl Strategy<Value = Vec<Component>> {
    let one = (code(), positive()).prop_map(|(item, quantity)| Component { item, quantity });
    prop::collection::vec(one, 1..4)
}

fn alternatives() -> impl Strategy<Value = Vec<Alternative>> {
    let one = prop_oneof![
        (code(), positive()).prop_map(|(item, factor)| Alternative { item: Some(item), bundle: Vec::new(), factor }),
        (components(), positive()).prop_map(|(bundle, factor)| Alternative { item: None, bundle, factor }),
    ];
    prop::collection::vec(one, 1..4)
}

fn kinds() -> impl Strategy<Value = Vec<Kind>> {
    let one = (code(), code(), prop::collection::vec(code(), 1..4));
    prop::collection::vec(one.prop_map(|(name_en, name_zh, items)| Kind { name_en, name_zh, items }), 1..4)
}

fn selector() -> impl Strategy<Value = Selector> {
    prop_oneof![
        plain().prop_map(Selector::Item),
        alternatives().prop_map(Selector::AnyOf),
        kinds().prop_map(Selector::EachOf),
        components().prop_map(Selector::Kit),
        (code(), code(), alternatives(), prop_oneof![Just(Vec::new()), kinds()]).prop_map(
            |(name_en, name_zh, items, kinds)| Selector::Capability(Capability { name_en, name_zh, items, kinds })
        ),
        (plain(), prop::sample::select(vec![Bound::AtLeast, Bound::AtMost]))
            .prop_map(|(key, bound)| Selector::Fact(FactSelector { key, bound })),
        plain().prop_map(Selector::Other),
    ]
}

fn condition() -> impl Strategy<Value = RuleCondition> {
    let one = prop_oneof![
        Just(RuleCondition::All(Vec::new())),
        Just(RuleCondition::Any(Vec::new())),
        code().prop_map(RuleCondition::Sector),
        plain().prop_map(RuleCondition::Tag),
        (code(), code()).prop_map(|(table, is)| RuleCondition::Class(ClassTest { table, is })),
        (plain(), quantity()).prop_map(|(fact, value)| RuleCondition::Compare(Comparison {
            fact,
            op: Operator::AtLeast,
            value
        })),
    ];
    one.prop_recursive(3, 12, 3, |inside| {
        prop_oneof![
            prop::collection::vec(inside.clone(), 0..4).prop_map(RuleCondition::All),
            prop::collection::vec(inside.clone(), 0..4).prop_map(RuleCondition::Any),
            inside.prop_map(|part| RuleCondition::Not(Box::new(part))),
        ]
    })
}

fn band_rows() -> impl Strategy<Value = Vec<BandRow>> {
    let ends = || maybe(quantity());
    let one = (ends(), ends(), ends(), ends(), quantity(), ends());
    let row =
        one.prop_map(|(from, below, and_from, and_below, n, to)| BandRow { from, below, and_from, and_below, n, to });
    prop::collection::vec(row, 1..5)
}

fn rule_quantity() -> impl Strategy<Value = RuleQuantity> {
    let limits = || (maybe(quantity()), maybe(quantity()), spare());
    prop_oneof![
        (quantity(), positive(), maybe(plain()), limits()).prop_map(|(n, per, of, (at_least, at_most, spare))| {
            RuleQuantity::Rate(Rate { n, per, of, at_least, at_most, spare })
        }),
        (plain(), positive(), maybe(plain()), quantity(), positive(), limits()).prop_map(
            |(of, factor, factor_of, capacity, unit_capacity, (at_least, at_most, spare))| {
                RuleQuantity::Coverage(Coverage {
                    of,
                    factor,
                    factor_of,
                    capacity,
                    unit_capacity,
                    at_least,
                    at_most,
                    spare,
                })
            }
        ),
        (plain(), maybe(plain()), band_rows(), spare()).prop_map(|(of, and, rows, spare)| RuleQuantity::Band(Band {
            of,
            and,
            rows,
            spare
        })),
        (plain(), quantity(), quantity(), quantity(), quantity(), maybe(quantity()), spare()).prop_map(
            |(of, from, n, more, per, at_most, spare)| {
                let rounding = StepRounding::Floor;
                RuleQuantity::Step(Step { of, from, n, more, per, rounding, at_most, spare })
            }
        ),
        (quantity(), positive(), plain(), quantity(), positive(), limits()).prop_map(
            |(n, per, of, time, per_time, (at_least, at_most, spare))| {
                let time_unit = TimeUnit::Hour;
                RuleQuantity::PerCapita(PerCapita { n, per, of, time, per_time, time_unit, at_least, at_most, spare })
            }
        ),
        (quantity(), positive(), selector(), limits()).prop_map(|(n, per, to, (at_least, at_most, spare))| {
            RuleQuantity::Ratio(Ratio { n, per, to, at_least, at_most, spare })
        }),
        (quantity(), quantity(), positive(), maybe(plain()))
            .prop_map(|(from, to, per, of)| RuleQuantity::Range(Range { from, to, per, of })),
        Just(RuleQuantity::Present(Unquantified {})),
        Just(RuleQuantity::AS_NEEDED),
        Just(RuleQuantity::Optional(Unquantified {})),
        Just(RuleQuantity::Stated(Unquantified {})),
        (0_u32..9, 1_u32..99).prop_map(|(n, per)| RuleQuantity::AwayAtMost(Share { n, per })),
        (1_u32..1200).prop_map(|months| RuleQuantity::ServiceLife(ServiceLife { months })),
        (plain(), prop::collection::vec((condition(), code()), 1..4)).prop_map(|(name, rows)| {
            let rows = rows.into_iter().map(|(when, class)| ClassRow { when, class }).collect();
            RuleQuantity::Classes(ClassTable { name, rows })
        }),
        plain().prop_map(RuleQuantity::NotEvaluated),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    let qualifiers = (maybe(condition()), maybe(1_u32..=100), prop::collection::vec(code(), 0..4));
    (condition(), selector(), rule_quantity(), qualifiers).prop_map(
        |(applies_when, selector, quantity, (waived_when, agreement_percent, shares_with))| Rule {
            code: "R1".to_owned(),
            clause: "1".to_owned(),
            role: RuleRole::Requirement,
            applies_when,
            scope: "team".to_owned(),
            selector,
            quantity,
            unit: "piece".to_owned(),
            strength: Strength::Mandatory,
            waived_when,
            agreement_percent,
            shares_with,
            validity_days: None,
            inspected_within_months: None,
            specification: None,
            text_en: "text".to_owned(),
            text_zh: "条文".to_owned(),
            confidence: Confidence::Verified,
            recall_certainty: None,
            attribution: Some(Confidence::Recalled),
            source: None,
            note: None,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_rule_is_written_and_read_back_the_same(rule in rule(), chinese: bool, workbook: bool) {
        let row = RuleRow {
            code: rule.code.clone(),
            standard: "S".to_owned(),
            rule: Some(rule.clone()),
            reason: None,
            is_document: false,
        };
        let sheet = Sheet { form: Form::Rules, chinese, is_template: false, rows: vec![row.cells()] };
        let bytes = if workbook {
            write_xlsx(std::slice::from_ref(&sheet)).unwrap()
        } else {
            write_csv(&sheet, Encoding::Utf8).unwrap()
        };
        let name = if workbook { "rules.xlsx" } else { "rules.csv" };
        let input = Input { name: name.to_owned(), bytes, charset: None };
        let (tables, findings) = read(vec![input], Options::default(), CancellationToken::new());
        prop_assert_eq!(findings.faults(), []);
        prop_assert_eq!(tables.rules[0].value.rule.as_ref(), Some(&rule));
    }
}
