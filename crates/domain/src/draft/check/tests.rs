//! One fault of each kind, planted in a sound standard, is found and named in both languages.

use serde_json::{Value, json};
use text::language::Language;

use super::*;
use crate::fact::FactValue;
use crate::rule::Rule;
use crate::sample::{World, always, item_version, rate, rule, standard, today};
use crate::standard::{StandardDocument, StandardStatus};

/// A sound rule of a number of masks.
fn sound(code: &str) -> Value {
    json!({
        "code": code, "clause": "1", "applies_when": {"kind": "rescue_team"}, "scope": "team",
        "selector": {"item": "MASK"}, "quantity": {"rate": {"n": 2, "of": "people"}}, "unit": "piece",
        "strength": "mandatory", "text_en": "text", "text_zh": "条文", "confidence": "verified"
    })
}

/// The sound rule with other members.
fn with(code: &str, changes: Value) -> Value {
    let mut rule = sound(code);
    for (key, value) in changes.as_object().unwrap() {
        rule[key] = value.clone();
    }
    rule
}

fn read(rules: &[Value]) -> Vec<Rule> {
    rules.iter().map(|rule| serde_json::from_value(rule.clone()).unwrap()).collect()
}

fn text(code: &str, rules: &[Value]) -> StandardText {
    let document = StandardDocument { status: StandardStatus::InForce, ..crate::sample::document() };
    StandardText::of(code, &document, read(rules))
}

/// The findings as pointer and code. Each must be a sentence in both languages.
fn told(findings: &[Finding]) -> Vec<(Severity, String, &'static str)> {
    let tell = |finding: &Finding| {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| finding.fault.detail.find(language));
        let (english, chinese) = (english.unwrap(), chinese.unwrap());
        assert!(english.ends_with('.') && chinese.ends_with('。'), "{english} {chinese}");
        assert!(!english.contains('$') && !chinese.contains('$'), "{english} {chinese}");
        (finding.severity, finding.fault.pointer.clone(), finding.fault.code)
    };
    findings.iter().map(tell).collect()
}

fn findings(rules: &[Value]) -> Vec<(Severity, String, &'static str)> {
    let mut world = World::new();
    let mut old = crate::sample::item("OLD", "piece", false, false);
    old.versions = always(item_version(false, true));
    world.reference_data.items.insert("OLD".to_owned(), old);
    told(&check(&world.reference_data, &text("NEW", rules), today()))
}

/// Asserts that exactly one finding is made about a rule beside a sound one.
#[track_caller]
fn finds(changes: Value, severity: Severity, pointer: &str, code: &str) {
    let found = findings(&[with("R1", changes.clone())]);
    assert_eq!(found, [(severity, format!("/rules/0/{pointer}"), code)].map(|(a, b, c)| (a, b, leak(c))), "{changes}");
}

fn leak(code: &str) -> &'static str {
    Box::leak(code.to_owned().into_boxed_str())
}

#[track_caller]
fn faults(changes: Value, pointer: &str, code: &str) {
    finds(changes, Severity::Fault, pointer, code);
}

#[track_caller]
fn warns(changes: Value, pointer: &str, code: &str) {
    finds(changes, Severity::Warning, pointer, code);
}

#[test]
fn a_sound_rule_of_every_form_has_no_finding() {
    let item = json!({"any_of": [
        {"item": "MASK"}, {"item": "SCBA", "factor": 2}, {"bundle": [{"item": "MASK"}, {"item": "SPARE"}]}
    ]});
    let kinds = json!([{"name_en": "masks", "name_zh": "面具", "items": ["MASK"]}]);
    let capability = json!({"capability": {
        "name_en": "air", "name_zh": "空气", "items": [{"item": "MASK", "factor": 0.5}], "kinds": kinds
    }});
    for changes in [
        json!({}),
        json!({"selector": item}),
        json!({"selector": {"each_of": kinds}}),
        json!({"selector": {"kit": [{"item": "MASK"}, {"item": "FOAM", "quantity": 0.5}]}, "unit": "set"}),
        json!({"selector": capability, "unit": "L"}),
        json!({"role": "fact_check", "selector": {"fact": {"key": "people"}}, "unit": "person"}),
        json!({"quantity": {"coverage": {"of": "people", "factor_of": "workplaces", "capacity": 50}}}),
        json!({"quantity": {"band": {"of": "people", "rows": [
            {"below": 30, "n": 2}, {"from": 30, "below": 50, "n": 15, "to": 20}, {"from": 50, "n": 20}
        ]}}}),
        json!({"quantity": {"step": {"of": "people", "from": 10, "n": 1, "more": 1, "per": 5, "rounding": "ceil"}}}),
        json!({"quantity": {"per_capita": {"n": 1, "of": "people", "time": 3, "time_unit": "day"}}}),
        json!({"quantity": {"present": {}}}),
        json!({"quantity": {"range": {"from": 2, "to": 4}}}),
        json!({"quantity": {"as_needed": {}}}),
        json!({"quantity": {"optional": {}}}),
        json!({"role": "parameter", "quantity": {"away_at_most": {"n": 1, "per": 10}}}),
        json!({"role": "parameter", "quantity": {"service_life": {"months": 60}}}),
        json!({"role": "parameter", "quantity": {"stated": {}}}),
        json!({"waived_when": {"tag": "toxic"}, "agreement_percent": 50}),
    ] {
        assert_eq!(findings(&[with("R1", changes.clone())]), [], "{changes}");
    }
}

#[test]
fn faults_of_selectors_are_found() {
    let any_of = |parts: Value| json!({"selector": {"any_of": parts}});
    faults(json!({"selector": {"item": "NOTHING"}}), "selector/item", "item_unknown");
    warns(json!({"selector": {"item": "OLD"}}), "selector/item", "item_retired");
    faults(json!({"unit": "set"}), "unit", "unit_differs");
    warns(json!({"selector": {"other": "masks"}}), "selector/other", "selector_in_words");
    faults(any_of(json!([{"item": "MASK"}, {"item": "NOTHING"}])), "selector/any_of/1/item", "item_unknown");
    warns(any_of(json!([{"item": "MASK"}, {"item": "OLD"}])), "selector/any_of/1/item", "item_retired");
    warns(any_of(json!([{"item": "MASK"}, {"item": "MASK"}])), "selector/any_of/1/item", "item_twice");
    faults(any_of(json!([{"item": "MASK"}, {"item": "SCBA"}])), "selector/any_of/1/factor", "units_mixed");
    faults(any_of(json!([{"item": "SCBA"}])), "unit", "unit_differs");
    faults(any_of(json!([])), "selector/any_of", "list_empty");
    let many: Vec<Value> = (0..201).map(|_| json!({"bundle": [{"item": "MASK"}]})).collect();
    faults(any_of(json!(many)), "selector/any_of", "list_too_long");
    faults(any_of(json!([{"item": "MASK"}, {}])), "selector/any_of/1", "item_or_bundle");
    faults(
        any_of(json!([{"item": "MASK"}, {"item": "SPARE", "factor": 0}])),
        "selector/any_of/1/factor",
        "out_of_range",
    );
    warns(any_of(json!([{"item": "MASK", "factor": 2}])), "selector/any_of", "no_factor_of_one");
    let bundle = |part: Value| any_of(json!([{"item": "MASK"}, {"bundle": [{"item": "SPARE"}, part]}]));
    faults(bundle(json!({"item": "NOTHING"})), "selector/any_of/1/bundle/1/item", "item_unknown");
    faults(bundle(json!({"item": "MASK", "quantity": 0})), "selector/any_of/1/bundle/1/quantity", "out_of_range");
    warns(bundle(json!({"item": "MASK", "quantity": 1.5})), "selector/any_of/1/bundle/1/quantity", "not_whole");
    let kinds = |kinds: Value| json!({"selector": {"each_of": kinds}});
    faults(kinds(json!([])), "selector/each_of", "list_empty");
    faults(kinds(json!([{"name_en": "a", "name_zh": "甲", "items": []}])), "selector/each_of/0/items", "list_empty");
    let scba = json!([{"name_en": "a", "name_zh": "甲", "items": ["SCBA"]}]);
    faults(kinds(scba), "selector/each_of/0/items/0", "unit_differs");
    let unnamed = json!([{"name_en": " ", "name_zh": "甲", "items": ["MASK"]}]);
    faults(kinds(unnamed), "selector/each_of/0/name_en", "length_out_of_bounds");
    let kit = |part: Value| json!({"selector": {"kit": [{"item": "SPARE"}, part]}});
    faults(json!({"selector": {"kit": []}}), "selector/kit", "list_empty");
    faults(kit(json!({"item": "MASK", "quantity": -1})), "selector/kit/1/quantity", "out_of_range");
    warns(kit(json!({"item": "SPARE"})), "selector/kit/1/item", "item_twice");
    let capability = |items: Value, kinds: Value| json!({"selector": {"capability": {"name_en": "air", "name_zh": "空气", "items": items, "kinds": kinds}}});
    faults(capability(json!([]), json!([])), "selector/capability/items", "list_empty");
    let empty = json!([{"name_en": "a", "name_zh": "甲", "items": []}]);
    faults(capability(json!([{"item": "MASK"}]), empty), "selector/capability/kinds/0/items", "list_empty");
    let fact = |key: &str| json!({"role": "fact_check", "selector": {"fact": {"key": key}}});
    faults(fact("nothing"), "selector/fact/key", "fact_unknown");
    faults(fact("toxic"), "selector/fact/key", "fact_of_other_kind");
}

#[test]
fn faults_of_quantities_are_found() {
    let quantity = |quantity: Value| json!({"quantity": quantity});
    let rate = |changes: Value| {
        let mut rate = json!({"n": 1, "of": "people"});
        for (key, value) in changes.as_object().unwrap() {
            rate[key] = value.clone();
        }
        quantity(json!({"rate": rate}))
    };
    faults(rate(json!({"of": "nothing"})), "quantity/rate/of", "fact_unknown");
    faults(rate(json!({"of": "toxic"})), "quantity/rate/of", "fact_of_other_kind");
    faults(rate(json!({"n": -1})), "quantity/rate/n", "negative");
    faults(rate(json!({"per": 0})), "quantity/rate/per", "out_of_range");
    faults(rate(json!({"at_least": 3, "at_most": 2})), "quantity/rate/at_most", "bounds_crossed");
    let spare = json!({"spare": {"ratio": {"for_each": 0, "reserve": 1}}});
    faults(rate(spare), "quantity/rate/spare/ratio/for_each", "out_of_range");
    warns(quantity(json!({"rate": {"n": 1, "per": 5}})), "quantity/rate/per", "counts_nothing");
    warns(quantity(json!({"rate": {"n": 1.5}})), "quantity/rate/n", "not_whole");
    let coverage = |changes: Value| {
        let mut coverage = json!({"of": "people", "capacity": 50});
        for (key, value) in changes.as_object().unwrap() {
            coverage[key] = value.clone();
        }
        quantity(json!({"coverage": coverage}))
    };
    for member in ["factor", "capacity", "unit_capacity"] {
        faults(coverage(json!({member: 0})), &format!("quantity/coverage/{member}"), "out_of_range");
    }
    faults(coverage(json!({"factor_of": "nothing"})), "quantity/coverage/factor_of", "fact_unknown");
    let per_capita = |changes: Value| {
        let mut per_capita = json!({"n": 1, "of": "people", "time": 1, "time_unit": "hour"});
        for (key, value) in changes.as_object().unwrap() {
            per_capita[key] = value.clone();
        }
        quantity(json!({"per_capita": per_capita}))
    };
    for member in ["per", "time", "per_time"] {
        faults(per_capita(json!({member: 0})), &format!("quantity/per_capita/{member}"), "out_of_range");
    }
    let step = |changes: Value| {
        let mut step = json!({"of": "people", "n": 2, "more": 1, "per": 10, "rounding": "floor"});
        for (key, value) in changes.as_object().unwrap() {
            step[key] = value.clone();
        }
        quantity(json!({"step": step}))
    };
    faults(step(json!({"per": 0})), "quantity/step/per", "out_of_range");
    faults(step(json!({"more": -1})), "quantity/step/more", "negative");
    faults(step(json!({"at_most": 1})), "quantity/step/at_most", "bounds_crossed");
    faults(quantity(json!({"range": {"from": 4, "to": 2}})), "quantity/range/to", "bounds_crossed");
    warns(quantity(json!({"range": {"from": 2, "to": 4, "per": 3}})), "quantity/range/per", "counts_nothing");
    warns(quantity(json!({"not_evaluated": "kit"})), "quantity", "not_evaluated");
}

#[test]
fn faults_of_bands_are_found() {
    let band = |rows: Value| json!({"quantity": {"band": {"of": "people", "rows": rows}}});
    let at = |rest: &str| format!("quantity/band/rows{rest}");
    faults(band(json!([])), &at(""), "list_empty");
    faults(band(json!([{"from": 30, "below": 30, "n": 1}])), &at("/0/below"), "row_crossed");
    faults(band(json!([{"n": 1}, {"from": 5, "n": 2}])), &at("/1"), "row_unreached");
    faults(band(json!([{"and_from": 5, "n": 2}])), &at("/0/and_from"), "no_second_fact");
    faults(band(json!([{"n": 3, "to": 2}])), &at("/0/to"), "bounds_crossed");
    // Nothing is required in a gap, so that the number falls there.
    let gap = findings(&[with("R1", band(json!([{"below": 10, "n": 1}, {"from": 20, "n": 2}])))]);
    assert_eq!(gap.iter().map(|(.., code)| *code).collect::<Vec<_>>(), ["band_gap", "falls_as_it_rises"]);
    warns(band(json!([{"below": 10, "n": 1}, {"from": 5, "n": 2}])), &at("/1"), "rows_overlap");
    warns(band(json!([{"below": 10, "n": 2}, {"from": 10, "n": 1}])), "quantity", "falls_as_it_rises");
    let two = |rows: Value| json!({"quantity": {"band": {"of": "people", "and": "workplaces", "rows": rows}}});
    let gap = two(json!([
        {"below": 10, "and_below": 5, "n": 1}, {"below": 10, "and_from": 8, "n": 2}, {"from": 10, "n": 3}
    ]));
    let gap = findings(&[with("R1", gap)]);
    assert_eq!(gap.iter().map(|(.., code)| *code).collect::<Vec<_>>(), ["band_gap", "falls_as_it_rises"]);
    warns(two(json!([{"and_below": 5, "n": 3}, {"and_from": 5, "n": 1}])), "quantity", "falls_as_it_rises");
}

#[test]
fn forms_that_do_not_fit_the_role_are_found() {
    faults(json!({"quantity": {"service_life": {"months": 60}}}), "quantity", "form_of_other_role");
    faults(json!({"quantity": {"stated": {}}}), "quantity", "form_of_other_role");
    faults(json!({"role": "parameter"}), "quantity", "form_of_other_role");
    faults(json!({"role": "class_table"}), "quantity", "form_of_other_role");
    faults(json!({"selector": {"fact": {"key": "people"}}}), "selector/fact", "fact_is_no_stock");
    faults(json!({"role": "fact_check"}), "selector", "stock_is_no_fact");
    let life = json!({"role": "parameter", "quantity": {"service_life": {"months": 0}}});
    faults(life, "quantity/service_life/months", "out_of_range");
    let away = json!({"role": "parameter", "quantity": {"away_at_most": {"n": 1, "per": 0}}});
    assert_eq!(findings(&[with("R1", away)]).len(), 2);
}

#[test]
fn faults_of_conditions_are_found() {
    let when = |condition: Value| json!({"applies_when": condition});
    warns(when(json!({"type": "fire_statoin"})), "applies_when/type", "type_unknown");
    warns(when(json!({"sector": "hazchm"})), "applies_when/sector", "sector_unknown");
    faults(when(json!({"sector": ""})), "applies_when/sector", "length_out_of_bounds");
    faults(when(json!({"all": [{"tag": "nothing"}]})), "applies_when/all/0/tag", "fact_unknown");
    faults(when(json!({"tag": "people"})), "applies_when/tag", "fact_of_other_kind");
    let below = |n: i64| json!({"compare": {"fact": "people", "op": "less_than", "value": n}});
    let from = |n: i64| json!({"compare": {"fact": "people", "op": "at_least", "value": n}});
    faults(when(json!({"all": [from(10), below(10)]})), "applies_when", "never_applies");
    warns(json!({"waived_when": {"kind": "rescue_team"}}), "waived_when", "always_waived");
    faults(json!({"waived_when": {"tag": "nothing"}}), "waived_when/tag", "fact_unknown");
    let deep = (0..33).fold(json!({"kind": "rescue_team"}), |inside, _| json!({"not": {"not": inside}}));
    assert!(findings(&[with("R1", when(deep))]).iter().any(|(.., code)| *code == "condition_too_deep"));
    let many: Vec<Value> = (0..101).map(|_| json!({"kind": "rescue_team"})).collect();
    faults(when(json!({"all": many})), "applies_when/all", "list_too_long");
    // A waiver that rises with the number makes the requirement fall.
    warns(json!({"quantity": {"rate": {"n": 2}}, "waived_when": from(100)}), "quantity", "falls_as_it_rises");
}

#[test]
fn faults_of_class_tables_are_found() {
    let table = |code: &str, name: &str, rows: Value| {
        with(
            code,
            json!({
                "role": "class_table", "selector": {"other": "the class"},
                "quantity": {"classes": {"name": name, "rows": rows}}
            }),
        )
    };
    let rows = || json!([{"when": {"tag": "toxic"}, "class": "1"}, {"when": {"all": []}, "class": "2"}]);
    let asks = |table: &str, class: &str| with("R2", json!({"applies_when": {"class": {"table": table, "is": class}}}));
    let found = |rules: &[Value]| -> Vec<(String, &'static str)> {
        findings(rules).into_iter().map(|(_, pointer, code)| (pointer, code)).collect()
    };
    let at = |pointer: &str, code: &'static str| vec![(format!("/rules/{pointer}"), code)];
    assert_eq!(found(&[table("R1", "T", rows()), asks("T", "1")]), []);
    assert_eq!(found(&[asks("T", "1")]), at("0/applies_when/class/table", "class_table_unknown"));
    assert_eq!(found(&[table("R1", "T", rows()), asks("T", "3")]), at("1/applies_when/class/is", "class_unknown"));
    assert_eq!(
        found(&[table("R1", "T", rows()), table("R2", "T", rows())]),
        at("1/quantity/classes/name", "class_table_twice")
    );
    let unreached = json!([{"when": {"all": []}, "class": "1"}, {"when": {"tag": "toxic"}, "class": "2"}]);
    assert_eq!(found(&[table("R1", "T", unreached)]), at("0/quantity/classes/rows/1", "row_unreached"));
    let asking = json!([{"when": {"class": {"table": "T", "is": "1"}}, "class": "1"}]);
    assert_eq!(found(&[table("R1", "T", asking)]), at("0/quantity/classes/rows/0/when/class", "class_in_table"));
    assert_eq!(found(&[table("R1", "T", json!([]))]), at("0/quantity/classes/rows", "list_empty"));
}

#[test]
fn faults_of_ratios_are_found() {
    let ratio = |code: &str, item: &str, to: Value, more: Value| {
        let mut rule =
            with(code, json!({"selector": {"item": item}, "quantity": {"ratio": {"n": 1, "per": 2, "to": to}}}));
        for (key, value) in more.as_object().unwrap() {
            rule[key] = value.clone();
        }
        rule
    };
    let found = |rules: &[Value]| -> Vec<(String, &'static str)> {
        findings(rules).into_iter().map(|(_, pointer, code)| (pointer, code)).collect()
    };
    let at = |number: usize, code: &'static str| (format!("/rules/{number}/quantity/ratio/to"), code);
    let mask = || json!({"item": "MASK"});
    let none = || json!({});
    assert_eq!(found(&[sound("R1"), ratio("R2", "SPARE", mask(), none())]), []);
    assert_eq!(found(&[ratio("R1", "SPARE", mask(), none())]), [at(0, "ratio_to_nothing")]);
    let elsewhere = with("R1", json!({"scope": "station"}));
    assert_eq!(found(&[elsewhere, ratio("R2", "SPARE", mask(), none())]), [at(1, "ratio_to_nothing")]);
    let kit = json!({"kit": [{"item": "MASK"}]});
    assert_eq!(found(&[ratio("R1", "SPARE", kit, none())]), [at(0, "ratio_to_no_line")]);
    let circle = [ratio("R1", "SPARE", mask(), none()), ratio("R2", "MASK", json!({"item": "SPARE"}), none())];
    assert_eq!(found(&circle), [at(0, "ratio_circle"), at(1, "ratio_circle")]);
    // Rules that never apply together make no circle.
    let apart = |team: bool| if team { json!({"tag": "toxic"}) } else { json!({"not": {"tag": "toxic"}}) };
    let apart = [
        ratio("R1", "SPARE", mask(), json!({"applies_when": apart(true)})),
        ratio("R2", "MASK", json!({"item": "SPARE"}), json!({"applies_when": apart(false)})),
    ];
    assert_eq!(found(&apart), []);
}

#[test]
fn slips_in_scopes_are_found() {
    let world = World::new()
        .with_rule(Rule { scope: "organization".to_owned(), ..rule("S1", "SPARE", rate(1, None)) })
        .with_rule(Rule { scope: "building".to_owned(), ..rule("S2", "SPARE", rate(1, None)) });
    let found = |changes: Value| told(&check(&world.reference_data, &text("NEW", &[with("R1", changes)]), today()));
    let warning = |pointer: &str, code: &'static str| vec![(Severity::Warning, format!("/rules/0/{pointer}"), code)];
    assert_eq!(found(json!({"scope": "org"})), warning("scope", "scope_like_another"));
    assert_eq!(found(json!({"scope": "buildings"})), warning("scope", "scope_like_another"));
    assert_eq!(found(json!({"scope": "organization"})), []);
    assert_eq!(found(json!({"shares_with": ["bulding"]})), warning("shares_with/0", "shared_scope_unused"));
    assert_eq!(found(json!({"shares_with": ["team"]})), warning("shares_with/0", "shares_with_itself"));
    assert_eq!(found(json!({"shares_with": ["building"]})), []);
}

#[test]
fn two_standards_that_ask_for_one_stock_are_found() {
    let building = Rule { scope: "building".to_owned(), ..rule("S1", "MASK", rate(1, None)) };
    let world = World::new().with_rule(building.clone());
    let found = |world: &World, changes: Value| {
        told(&check(&world.reference_data, &text("NEW", &[with("R1", changes)]), today()))
    };
    let twice = |pointer: &str, code: &'static str| vec![(Severity::Warning, format!("/rules/0/{pointer}"), code)];
    assert_eq!(found(&world, json!({"scope": "dispenser"})), twice("scope", "asked_twice"));
    assert_eq!(found(&world, json!({"scope": "dispenser", "shares_with": ["building"]})), []);
    assert_eq!(found(&world, json!({"scope": "building"})), []);
    assert_eq!(found(&world, json!({"scope": "dispenser", "selector": {"item": "SPARE"}})), []);
    // Where neither binds beside the other, nothing adds up.
    let mut other_place = world.clone();
    other_place.reference_data.standards[0].versions[0].value.jurisdiction = "CN-4403".to_owned();
    let mut here = text("NEW", &[with("R1", json!({"scope": "dispenser"}))]);
    here.jurisdiction = "CN-1501".to_owned();
    assert_eq!(check(&other_place.reference_data, &here, today()), []);
    here.jurisdiction = "CN".to_owned();
    here.replaced_by = Some("S1".to_owned());
    assert_eq!(check(&world.reference_data, &here, today()), []);
    // A limit below what the other requires.
    let limit = json!({"scope": "building", "quantity": {"rate": {"n": 1, "of": "people", "at_most": 3}}});
    let most = World::new().with_rule(Rule { quantity: rate(5, None).into(), ..building.clone() });
    assert_eq!(found(&most, limit), twice("quantity", "rules_contradict"));
    let same = Rule { quantity: rate(2, None).into(), ..building };
    let repeat = json!({"scope": "building", "applies_when": {"all": []}, "quantity": {"rate": {"n": 2}}});
    assert_eq!(
        found(&World::new().with_rule(same), repeat),
        [(Severity::Warning, "/rules/0".to_owned(), "rule_repeated")]
    );
}

#[test]
fn the_document_of_a_standard_is_checked() {
    let world = World::new();
    let found = |change: &dyn Fn(&mut StandardText)| {
        let mut text = text("NEW", &[sound("R1")]);
        change(&mut text);
        let findings = told(&check(&world.reference_data, &text, today()));
        findings.into_iter().map(|(_, pointer, code)| (pointer, code)).collect::<Vec<_>>()
    };
    let one = |pointer: &str, code: &'static str| vec![(pointer.to_owned(), code)];
    let day = |text: &str| Some(crate::sample::day(text));
    assert_eq!(
        found(&|text| (text.valid_from, text.valid_to) = (day("2026-12-01"), day("2026-11-01"))),
        one("/valid_to", "days_crossed")
    );
    assert_eq!(found(&|text| text.replaced_by = Some("NEW".into())), one("/replaced_by", "replaces_itself"));
    assert_eq!(found(&|text| text.replaced_by = Some("NOWHERE".into())), one("/replaced_by", "successor_unknown"));
    assert_eq!(found(&|text| text.replaced_by = Some("S1".into())), []);
    assert_eq!(found(&|text| text.status = StandardStatus::Draft), one("/status", "binds_nobody"));
    assert_eq!(found(&|text| text.status = StandardStatus::Superseded), one("/status", "superseded_by_none"));
    assert_eq!(found(&|text| text.rules.clear()), one("/rules", "no_rules"));
    let mut back = World::new();
    back.reference_data.standards[0].versions[0].value.replaced_by = Some("NEW".to_owned());
    let mut circle = text("NEW", &[sound("R1")]);
    circle.replaced_by = Some("S1".to_owned());
    let found = told(&check(&back.reference_data, &circle, today()));
    assert_eq!(found, [(Severity::Warning, "/replaced_by".to_owned(), "replaced_in_circle")]);
}

#[test]
fn whom_the_rules_reach_is_checked() {
    let world = World::new()
        .with_rule(rule("S1", "MASK", rate(1, None)))
        .with_rule(Rule {
            applies_when: serde_json::from_value(json!({"type": "mine_rescue"})).unwrap(),
            ..rule("S2", "SPARE", rate(1, None))
        })
        .with_fact("people", FactValue::Withdrawn);
    let texts = adopted_texts(&world.reference_data, today());
    let organizations = [world.records.clone()];
    let found = check_standards(&world.reference_data, &texts, &organizations, today());
    let rules: Vec<_> = found.iter().map(|one| (one.rule.as_deref(), one.finding.fault.code)).collect();
    assert_eq!(rules, [(Some("S2"), "applies_to_none")]);
    assert_eq!(check_standards(&world.reference_data, &texts, &[], today()), []);
    // Only what may apply covers an organization.
    let mut other = world;
    other.reference_data.standards[0].rules.remove(0);
    let texts = adopted_texts(&other.reference_data, today());
    let found = check_standards(&other.reference_data, &texts, &organizations, today());
    let last = found.last().unwrap();
    assert_eq!((last.organization.as_deref(), last.finding.fault.code), (Some("T1"), "organization_uncovered"));
    told(&found.into_iter().map(|one| one.finding).collect::<Vec<_>>());
}

#[test]
fn texts_are_checked_beside_each_other_once() {
    let one = text("A", &[with("A1", json!({"scope": "building"}))]);
    let other = text("B", &[with("B1", json!({"scope": "dispenser"}))]);
    let mut world = World::new();
    world.reference_data.standards.push(standard("S2"));
    let texts = [one, other];
    let reference_data = with_texts(&world.reference_data, &texts, today());
    let found = check_standards(&reference_data, &texts, &[], today());
    let told: Vec<_> =
        found.iter().map(|one| (one.standard.as_deref(), one.rule.as_deref(), one.finding.fault.code)).collect();
    assert_eq!(told, [(Some("B"), Some("B1"), "asked_twice")]);
}

#[test]
fn a_check_that_ends_at_its_limit_says_so() {
    let world = World::new();
    let rules: Vec<Value> =
        (0..20).map(|number| with(&format!("R{number}"), json!({"quantity": {"rate": {"n": 2}}}))).collect();
    let text = text("NEW", &rules);
    let (together, names) = (BTreeSet::from(["NEW"]), OrganizationNames::default());
    let around =
        Surroundings { reference_data: &world.reference_data, day: today(), together: &together, names: &names };
    let codes = |steps: usize| -> Vec<&'static str> {
        told(&check_within(&text, &around, Steps::of(steps)).0).into_iter().map(|(.., code)| code).collect()
    };
    let all = codes(MOST_STEPS);
    assert!(all.iter().all(|code| *code == "rule_repeated") && all.len() == 190, "{all:?}");
    let some = codes(300);
    assert_eq!(some.first(), Some(&"not_fully_checked"));
    assert!((2..190).contains(&some.len()), "{some:?}");
}
