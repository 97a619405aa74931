//! An independent program that recomputes the figures of an assessment from its JSON alone.
//!
//! It reads text and uses none of the engine's types; numbers are whole thousandths.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::random::worlds;
use crate::assessment::{Assessment, Explanation};
use crate::sample::{SCBA, World, rate, rule, spare};
use base::quantity::Quantity;

type Range = (i64, Option<i64>);

const OPEN: Range = (0, None);

fn number(value: &Value) -> i64 {
    value.to_string().parse::<Quantity>().unwrap().thousandths()
}

fn optional(value: &Value) -> Option<i64> {
    (!value.is_null()).then(|| number(value))
}

fn range(value: &Value) -> Range {
    (number(&value["min"]), optional(&value["max"]))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn day(value: &Value) -> Option<NaiveDate> {
    value.as_str().map(|text| text.parse().unwrap())
}

fn count_of(value: &Value) -> Option<u32> {
    value.as_u64().map(|number| number.try_into().unwrap())
}

fn both(a: Range, b: Range, of: fn(i64, i64) -> i64) -> Range {
    (of(a.0, b.0), a.1.zip(b.1).map(|(a, b)| of(a, b)))
}

fn plus(a: Range, b: Range) -> Range {
    both(a, b, |a, b| a + b)
}

/// Evaluates a condition from the values found at its leaves: 0 no, 1 unknown, 2 yes.
fn truth(condition: &Value) -> u8 {
    let known = |holds: bool| if holds { 2 } else { 0 };
    let parts = |parts: &Value| list(parts).iter().map(truth).collect::<Vec<_>>();
    let object = condition.as_object().unwrap();
    let (test, asked) = object.iter().find(|(key, _)| *key != "holds").unwrap();
    let holds = match test.as_str() {
        "all" => parts(asked).into_iter().min().unwrap_or(2),
        "any" => parts(asked).into_iter().max().unwrap_or(0),
        "not" => 2 - truth(asked),
        "kind" | "type" | "sector" => known(asked["asked"] == asked["found"]),
        "tag" => asked["tag"].as_bool().map_or(1, known),
        "compare" => optional(&asked["found"]["number"]).map_or(1, |found| {
            let value = number(&asked["value"]);
            known(match text(&asked["op"]) {
                "less_than" => found < value,
                "at_most" => found <= value,
                "equal_to" => found == value,
                "at_least" => found >= value,
                "more_than" => found > value,
                op => panic!("an operator {op}"),
            })
        }),
        test => panic!("a condition {test}"),
    };
    assert_eq!(text(&condition["holds"]), ["no", "unknown", "yes"][usize::from(holds)]);
    holds
}

fn up(value: i64, step: i64) -> i64 {
    value.div_euclid(step) * step + if value.rem_euclid(step) > 0 { step } else { 0 }
}

fn rate_asks(rule: &Value, rate: &Value) -> Range {
    let step = if rule["measured"] == json!(true) { 1 } else { 1000 };
    let bound = |name: &str| optional(&rate[name]);
    let least = bound("at_least").unwrap_or(0);
    let most = bound("at_most").map(|most| most.max(least));
    let basis = if rate["of"].is_null() { Some(1000) } else { optional(&rule["counted"][0]["number"]) };
    let per = optional(&rate["per"]).unwrap_or(1000);
    let in_use = match basis {
        None => (0, most),
        Some(basis) => {
            let asked = if step == 1 {
                (number(&rate["n"]) * basis + per - 1) / per
            } else {
                number(&rate["n"]) * ((basis + per - 1) / per)
            };
            let bounded = most.map_or(asked, |most| asked.min(most)).max(if basis > 0 { least } else { 0 });
            (bounded, Some(bounded))
        }
    };
    assert_eq!(range(&rule["in_use"]), in_use);
    let with_spare = |in_use: i64| {
        let (reserve, for_each) = if let Some(ratio) = rate["spare"]["ratio"].as_object() {
            (ratio["reserve"].as_i64().unwrap(), ratio["for_each"].as_i64().unwrap())
        } else {
            (rate["spare"]["percent"].as_i64().unwrap_or(0), 100)
        };
        up(in_use + up((in_use * reserve + for_each - 1) / for_each, step), step)
    };
    (with_spare(in_use.0), in_use.1.map(with_spare))
}

/// The requirement of a rule; `None` is "as needed" without a target.
fn asks(rule: &Value) -> Option<Range> {
    let quantity = &rule["quantity"];
    if quantity["as_needed"].is_object() {
        return optional(&rule["target"]["quantity"]).map(|target| (target, Some(target)));
    }
    Some(if quantity["rate"].is_object() { rate_asks(rule, &quantity["rate"]) } else { OPEN })
}

/// The requirement of a line, the same without undeclared targets, and true if a target is certainly missing.
fn required(explanation: &Value) -> (Range, Range, bool) {
    let (mut required, mut settled, mut lacks) = ((0, Some(0)), (0, Some(0)), false);
    for scope in list(&explanation["scopes"]) {
        let (mut number, mut beside, mut open, mut surely) = ((0, Some(0)), false, false, false);
        for rule in list(&scope["rules"]) {
            let applies = truth(&rule["condition"]);
            assert_eq!(text(&rule["applies"]), ["no", "unknown", "yes"][usize::from(applies)]);
            if !rule["exemption"].is_null() {
                assert_eq!(range(&rule["result"]), (0, Some(0)));
                continue;
            }
            match asks(rule) {
                Some((low, high)) => {
                    let result = if applies == 2 { (low, high) } else { (0, high) };
                    assert_eq!(range(&rule["result"]), result);
                    number = both(number, result, i64::max);
                    beside |= applies == 2;
                }
                None => {
                    open = true;
                    surely |= applies == 2;
                }
            }
        }
        settled = plus(settled, number);
        if open && !beside {
            number.1 = None;
            lacks |= surely;
        }
        assert_eq!(range(&scope["required"]), number);
        required = plus(required, number);
    }
    (required, settled, lacks)
}

/// The usable part of a lot as counted, and the reason if none is.
fn lot_usable(lot: &Value, assessment: &Value, holding: &str) -> (Range, Option<&'static str>) {
    let as_of = day(&assessment["as_of"]).unwrap();
    let explanation = &assessment["explanation"];
    let quantity = number(&lot["quantity"]);
    let inspected = |asked: &str| match count_of(&explanation["inspection"][asked]) {
        None => Some(true),
        Some(months) => day(&lot["inspected_on"]).map(|on| as_of <= on + Months::new(months)),
    };
    let (sure, perhaps) = (inspected("surely_within_months"), inspected("perhaps_within_months"));
    let left_out = match text(&lot["condition"]) {
        _ if day(&lot["expires_on"]).is_some_and(|last| last < as_of) => Some("expired"),
        "unserviceable" => Some("unserviceable"),
        "in_repair" => Some("in_repair"),
        _ if lot["held"] == "lent" => Some("lent"),
        _ if sure == Some(false) => Some("inspection_overdue"),
        _ if holding == "agreement" => Some("agreement"),
        _ if holding == "capacity" => Some("capacity"),
        _ => None,
    };
    let doubtful = explanation["items"][0]["perishable"] == json!(true) && lot["expires_on"].is_null()
        || sure != Some(true)
        || perhaps != Some(true);
    match left_out {
        Some(_) => ((0, Some(0)), left_out),
        None if doubtful => ((0, Some(quantity)), None),
        None => ((quantity, Some(quantity)), None),
    }
}

/// The usable stock of a depot; adds what is left out there, and returns whether its sources conflict.
fn depot_usable(depot: &Value, assessment: &Value, left_out: &mut BTreeMap<String, i64>) -> (Range, bool) {
    let holding = text(&depot["holding"]);
    let nothing_said = if holding == "physical" { OPEN } else { (0, Some(0)) };
    let counts = list(&depot["counts"]);
    let Some(latest) = counts.first() else {
        assert_eq!(depot["state"], "never_counted");
        return (nothing_said, false);
    };
    let instant = |count: &Value| text(&count["effective_at"]).parse::<DateTime<Utc>>().unwrap();
    let zone: chrono_tz::Tz = text(&assessment["explanation"]["zone"]).parse().unwrap();
    let validity = assessment["explanation"]["validity"]["days"].as_u64().unwrap();
    let through = instant(latest).with_timezone(&zone).date_naive() + Days::new(validity);
    assert_eq!(day(&depot["valid_through"]), Some(through));
    if day(&assessment["as_of"]).unwrap() > through {
        assert_eq!(depot["state"], "stale");
        return (nothing_said, false);
    }
    let mut usable: Option<Range> = None;
    for count in counts {
        assert!(instant(latest) - instant(count) <= TimeDelta::minutes(15));
        let of_lots = list(&count["lots"]).iter().map(|lot| lot_usable(lot, assessment, holding).0);
        let by_count = of_lots.fold((0, Some(0)), plus);
        assert_eq!(range(&count["usable"]), by_count);
        usable =
            Some(usable.map_or(by_count, |so_far| {
                (so_far.0.min(by_count.0), so_far.1.zip(by_count.1).map(|(a, b)| a.max(b)))
            }));
    }
    for lot in list(&latest["lots"]) {
        if let (_, Some(reason)) = lot_usable(lot, assessment, holding) {
            *left_out.entry(reason.to_owned()).or_default() += number(&lot["quantity"]);
        }
    }
    let asked = assessment["explanation"]["inspection"].as_object().unwrap().values().any(|months| !months.is_null());
    let conflict = counts.iter().any(|count| compared(count, asked) != compared(latest, asked));
    let mut usable = usable.unwrap();
    let inspection = &depot["inspection"];
    let contested = inspection.is_object() && inspection["acceptance"].is_null();
    if inspection.is_object() {
        let count = &inspection["count"];
        let of_lots = list(&count["lots"]).iter().map(|lot| lot_usable(lot, assessment, holding).0);
        let inspected = of_lots.fold((0, Some(0)), plus);
        assert_eq!(range(&count["usable"]), inspected);
        assert!(inspected.1 < usable.1 && instant(latest) - instant(count) > TimeDelta::minutes(15));
        let last_day = day(&inspection["stands_through"]).unwrap();
        assert!(instant(latest).with_timezone(&zone).date_naive() <= last_day);
        if contested {
            usable.0 = usable.0.min(inspected.0);
        }
    }
    let state = if contested {
        "contested"
    } else if conflict {
        "conflict"
    } else {
        "counted"
    };
    assert_eq!(depot["state"], state);
    (usable, conflict)
}

/// The lots of a count that are compared with another count, each with its quantity.
fn compared(count: &Value, inspection_asked: bool) -> BTreeMap<String, i64> {
    let mut lots = BTreeMap::new();
    for lot in list(&count["lots"]) {
        let written =
            lot["lot"].as_str().map(|number| number.replace('Ｂ', "b").replace('\u{200B}', "").to_uppercase());
        let inspected = if inspection_asked { &lot["inspected_on"] } else { &Value::Null };
        let key = format!("{written:?} {} {} {} {inspected}", lot["expires_on"], lot["condition"], lot["held"]);
        *lots.entry(key).or_default() += number(&lot["quantity"]);
    }
    lots
}

fn recompute(json: &str) {
    let assessment: Value = serde_json::from_str(json).unwrap();
    let explanation = &assessment["explanation"];
    let (required, settled, lacks_target) = required(explanation);
    let (mut left_out, mut conflict) = (BTreeMap::new(), false);
    let mut usable = (0, Some(0));
    for depot in list(&explanation["depots"]) {
        let (here, conflicts) = depot_usable(depot, &assessment, &mut left_out);
        assert_eq!(range(&depot["usable"]), here);
        usable = plus(usable, here);
        conflict |= conflicts;
    }
    let no_depot = list(&assessment["reasons"]).iter().any(|reason| reason["code"] == "no_depot");
    if no_depot || assessment["selector"]["other"].is_string() {
        usable = OPEN;
    }
    // What a line has of units that others count by other terms is for the checkers of explanations.
    let turns = explanation["shared"]["turns"].as_array().into_iter().flatten();
    for turn in turns.filter(|turn| turn["line"] == assessment["line"]) {
        usable = range(&turn["usable"]);
    }
    let shortage = |(low, high): Range| -> Range {
        (usable.1.map_or(0, |most| (low - most).max(0)), high.map(|high| (high - usable.0).max(0)))
    };
    let status = match shortage(required) {
        _ if required.1 == Some(0) => "not_required",
        (_, Some(0)) => "met",
        (1.., _) => "short",
        _ if lacks_target && shortage(settled).1 == Some(0) => "not_set",
        _ => "unknown",
    };
    let status = match status {
        "met" if assessment["strength"] != "mandatory" => "at",
        "short" if assessment["strength"] != "mandatory" => "below",
        status => status,
    };
    assert_eq!(range(&assessment["required"]), required);
    assert_eq!(range(&assessment["usable"]), usable);
    assert_eq!(range(&assessment["shortage"]), shortage(required));
    assert_eq!(assessment["status"], status);
    assert_eq!(assessment["conflict"], conflict);
    let totals = assessment["left_out"].as_object().unwrap();
    let totals: BTreeMap<String, i64> = totals.iter().map(|(reason, units)| (reason.clone(), number(units))).collect();
    assert_eq!(totals, left_out);
    let rules: Vec<&Value> = list(&explanation["scopes"]).iter().flat_map(|scope| list(&scope["rules"])).collect();
    let none_asks = rules.iter().all(|rule| !rule["exemption"].is_null());
    let mut asking = rules.iter().filter(|rule| none_asks || rule["exemption"].is_null());
    let established = asking.all(|rule| rule["verified"] == json!(true));
    assert_eq!(assessment["basis"], if established { "established" } else { "indicative" });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_json_of_an_assessment_is_enough_to_recompute_it(world in worlds()) {
        for assessment in world.assess() {
            recompute(&serde_json::to_string(&assessment).unwrap());
        }
    }
}

#[test]
fn an_assessment_reads_as_documented() {
    let world = World::new()
        .with_rule(rule("R1", SCBA, spare(rate(1, Some("people")), 5, 1)))
        .with_number("people", 24)
        .holding(SCBA, 20);
    let assessment: Value = serde_json::from_str(&serde_json::to_string(&world.only_line()).unwrap()).unwrap();
    let row = json!({
        "selector": {"item": "SCBA"}, "strength": "mandatory", "unit": "set", "as_of": "2026-11-23",
        "required": {"min": 29, "max": 29}, "usable": {"min": 20, "max": 20}, "shortage": {"min": 9, "max": 9},
        "status": "short", "basis": "established", "last_counted_at": "2026-11-23T00:00:00.000000Z",
        "left_out": {}, "conflict": false, "reasons": [],
    });
    for (field, value) in row.as_object().unwrap() {
        assert_eq!(assessment[field], *value, "{field}");
    }
    let rule = &assessment["explanation"]["scopes"][0]["rules"][0];
    let cited = json!({
        "rule": "R1", "clause": "4.2", "strength": "mandatory", "confidence": "verified", "applies": "yes",
        "condition": {"holds": "yes", "all": []},
        "counted": [{"fact": "people", "state": "recorded", "number": 24, "valid_from": "2020-01-01"}],
        "in_use": {"min": 24, "max": 24}, "spare": {"min": 5, "max": 5}, "result": {"min": 29, "max": 29},
        "words": {"working": "1 piece per people × 24 people (people) = 24 pieces; spare 5:1, 5 pieces; 29 pieces required"},
    });
    for (field, value) in cited.as_object().unwrap() {
        assert_eq!(rule[field], *value, "{field}");
    }
    assert_eq!(rule["adoption"]["region_code"], "150002");
    let count = &assessment["explanation"]["depots"][0]["counts"][0];
    assert_eq!(count["counted_by"], "Bao");
    let lot = json!({
        "lot": null, "expires_on": null, "inspected_on": null, "condition": "serviceable", "held": "here",
        "quantity": 20, "usable": {"min": 20, "max": 20},
    });
    assert_eq!(count["lots"][0], lot);
}

#[test]
fn its_schema_ends_though_conditions_hold_conditions() {
    let mut schemas = Vec::new();
    <Assessment as utoipa::ToSchema>::schemas(&mut schemas);
    <Explanation as utoipa::ToSchema>::schemas(&mut schemas);
    let mut by_name: BTreeMap<String, String> = BTreeMap::new();
    for (name, schema) in schemas {
        let schema = serde_json::to_string(&schema).unwrap();
        let known = by_name.entry(name.clone()).or_insert_with(|| schema.clone());
        assert_eq!(*known, schema, "two schemas are called {name}");
    }
    assert!(by_name.contains_key("EvaluatedCondition") && by_name.contains_key("LotSeen"), "{:?}", by_name.keys());
}
