use super::{ClassTables, Operator, RuleCondition, Subject, Truth};
use crate::fact::{FactDefinition, FactKind, FactSheet, FactValue, Known};
use crate::organization::OrganizationKind;
use crate::sample::{always, compare, dated, day, learnt, today};
use base::quantity::Quantity;

/// A sheet on which `yes` and `no` are recorded and `open` is not.
fn sheet() -> FactSheet {
    let row = |key: &str, value| (key.to_owned(), always(value));
    FactSheet {
        facts: vec![
            row("yes", FactValue::Tag(true)),
            row("no", FactValue::Tag(false)),
            row("five", FactValue::Number(Quantity::whole(5))),
        ],
        complete: Vec::new(),
    }
}

fn truth(condition: &RuleCondition) -> Truth {
    truth_by(condition, Some("fire_station"))
}

fn truth_by(condition: &RuleCondition, organization_type: Option<&str>) -> Truth {
    let sheet = sheet();
    let facts = sheet.on(today(), &[]);
    let subject = Subject {
        kind: OrganizationKind::RescueTeam,
        organization_type,
        sector: None,
        facts: &facts,
        classes: &ClassTables::new(),
    };
    let truth = condition.truth(subject);
    assert_eq!(condition.evaluate(subject).holds, truth);
    truth
}

fn tag(key: &str) -> RuleCondition {
    RuleCondition::Tag(key.to_owned())
}

#[test]
fn all_any_and_not_follow_kleenes_tables() {
    use Truth::{No, Unknown, Yes};
    let of = |truth: Truth| match truth {
        No => tag("no"),
        Unknown => tag("open"),
        Yes => tag("yes"),
    };
    let table = [
        // a, b, both, either
        (No, No, No, No),
        (No, Unknown, No, Unknown),
        (No, Yes, No, Yes),
        (Unknown, Unknown, Unknown, Unknown),
        (Unknown, Yes, Unknown, Yes),
        (Yes, Yes, Yes, Yes),
    ];
    for (a, b, both, either) in table {
        for (a, b) in [(a, b), (b, a)] {
            assert_eq!(truth(&RuleCondition::All(vec![of(a), of(b)])), both, "{a:?} and {b:?}");
            assert_eq!(truth(&RuleCondition::Any(vec![of(a), of(b)])), either, "{a:?} or {b:?}");
        }
    }
    for (a, not) in [(No, Yes), (Unknown, Unknown), (Yes, No)] {
        assert_eq!(truth(&RuleCondition::Not(Box::new(of(a)))), not);
    }
    assert_eq!(truth(&RuleCondition::All(Vec::new())), Yes);
    assert_eq!(truth(&RuleCondition::Any(Vec::new())), No);
}

#[test]
fn each_operator_compares_as_it_is_written() {
    use Operator::{AtLeast, AtMost, Equal, Less, More};
    for (op, four, five, six) in [
        (Less, false, false, true),
        (AtMost, false, true, true),
        (Equal, false, true, false),
        (AtLeast, true, true, false),
        (More, true, false, false),
    ] {
        for (value, holds) in [(4, four), (5, five), (6, six)] {
            assert_eq!(truth(&compare("five", op, value)), holds.into(), "5 {op:?} {value}");
        }
        assert_eq!(truth(&compare("open", op, 0)), Truth::Unknown);
    }
}

#[test]
fn kind_type_and_sector_are_always_known() {
    assert_eq!(truth(&RuleCondition::Kind(OrganizationKind::RescueTeam)), Truth::Yes);
    assert_eq!(truth(&RuleCondition::Kind(OrganizationKind::Enterprise)), Truth::No);
    assert_eq!(truth(&RuleCondition::Type("fire_station".to_owned())), Truth::Yes);
    assert_eq!(truth_by(&RuleCondition::Type("fire_station".to_owned()), None), Truth::No);
    assert_eq!(truth(&RuleCondition::Sector("hazchem".to_owned())), Truth::No);
}

#[test]
fn only_the_facts_that_leave_it_open_are_missing() {
    let sheet = sheet();
    let facts = sheet.on(today(), &[]);
    let subject = Subject {
        kind: OrganizationKind::RescueTeam,
        organization_type: None,
        sector: None,
        facts: &facts,
        classes: &ClassTables::new(),
    };
    let settled = RuleCondition::Any(vec![tag("yes"), tag("a")]);
    let condition =
        RuleCondition::All(vec![settled, RuleCondition::Not(Box::new(tag("b"))), compare("c", Operator::Less, 1)]);
    assert_eq!(condition.evaluate(subject).missing_facts(), ["b", "c"]);
}

/// The value of `toxic` on a sheet with these rows; its dictionary entry is of revision 5.
fn reading(rows: Vec<(i64, FactValue)>, complete: Vec<(i64, bool)>) -> Known<bool> {
    let sheet = FactSheet {
        facts: vec![(
            "toxic".to_owned(),
            rows.into_iter().map(|(revision, value)| dated(day("2026-02-01"), revision, value)).collect(),
        )],
        complete: complete.into_iter().map(|(revision, value)| dated(day("2026-03-01"), revision, value)).collect(),
    };
    let entry = FactDefinition {
        key: "toxic".to_owned(),
        kind: FactKind::Tag,
        unit: None,
        learnt: learnt(5),
        versions: Vec::new(),
    };
    sheet.on(today(), &[entry]).tag("toxic")
}

#[test]
fn a_complete_sheet_speaks_only_of_the_dictionary_it_was_completed_with() {
    let absent = Known::Absent(false, day("2026-03-01"));
    assert_eq!(reading(vec![], vec![]), Known::Unknown);
    assert_eq!(reading(vec![], vec![(4, true)]), Known::Unknown, "the entry came later");
    assert_eq!(reading(vec![], vec![(5, true)]), absent);
    assert_eq!(reading(vec![], vec![(5, true), (6, false)]), Known::Unknown, "the mark was taken back");
    assert_eq!(reading(vec![(3, FactValue::Tag(true))], vec![]), Known::Recorded(true, day("2026-02-01")));
    assert_eq!(reading(vec![(9, FactValue::Number(Quantity::ZERO))], vec![(9, true)]), Known::Unknown, "another kind");
}

#[test]
fn a_withdrawn_fact_is_absent_only_if_the_sheet_was_completed_after_it() {
    let withdrawn = vec![(3, FactValue::Tag(true)), (6, FactValue::Withdrawn)];
    assert_eq!(reading(withdrawn.clone(), vec![]), Known::Unknown);
    assert_eq!(reading(withdrawn.clone(), vec![(5, true)]), Known::Unknown);
    assert_eq!(reading(withdrawn.clone(), vec![(6, true)]), Known::Absent(false, day("2026-03-01")));
    assert_eq!(reading(withdrawn, vec![(7, true)]), Known::Absent(false, day("2026-03-01")));
}
