//! Consistency of the data.

mod matching;
mod requirements;

use std::collections::{BTreeMap, BTreeSet};

use super::{Banner, Reference, standards};
use domain::condition::RuleCondition;
use domain::fact::{FactKind, FactValue};
use domain::rule::{Rule, RuleQuantity, RuleRole, Selector};

fn kinds(reference: &Reference) -> BTreeMap<&str, FactKind> {
    reference.dictionary.iter().map(|fact| (fact.key.as_str(), fact.kind)).collect()
}

fn assert_unique<'a>(what: &str, codes: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for code in codes {
        assert!(seen.insert(code), "{what} {code} is there twice");
    }
}

fn facts_of<'a>(condition: &'a RuleCondition, found: &mut Vec<(&'a str, FactKind)>) {
    match condition {
        RuleCondition::All(all) | RuleCondition::Any(all) => all.iter().for_each(|part| facts_of(part, found)),
        RuleCondition::Not(part) => facts_of(part, found),
        RuleCondition::Tag(key) => found.push((key, FactKind::Tag)),
        RuleCondition::Compare(comparison) => found.push((&comparison.fact, FactKind::Number)),
        RuleCondition::Kind(_) | RuleCondition::Type(_) | RuleCondition::Sector(_) | RuleCondition::Class(_) => {}
    }
}

#[test]
fn everything_is_read() {
    let (reference, banner) = (Reference::load().unwrap(), Banner::load().unwrap());
    assert_eq!(reference.catalogue.items.len(), 284);
    assert_eq!(reference.catalogue.classes.len(), 24);
    assert_eq!(reference.dictionary.len(), 112);
    assert_eq!(banner.organizations.len(), 54);
    assert_eq!(banner.depots.len(), 79);
    assert_eq!(reference.standards.iter().map(|standard| standard.rules.len()).sum::<usize>(), 525);
    // The raw files, parsed without the types of rules.
    for (file, text) in super::standards::STANDARDS {
        let read = reference.standards.iter().find(|standard| format!("standards/{}.json", standard.code) == *file);
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(read.map(|read| read.rules.len()), value["rules"].as_array().map(Vec::len), "{file}");
    }
}

#[test]
fn no_standard_of_the_folder_is_left_out() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/standards");
    let there: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| format!("standards/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    let carried: BTreeSet<String> = super::standards::STANDARDS.iter().map(|(file, _)| (*file).to_owned()).collect();
    assert_eq!(carried, there);
}

#[test]
fn codes_are_unique() {
    let (reference, banner) = (Reference::load().unwrap(), Banner::load().unwrap());
    assert_unique("item", reference.catalogue.items.iter().map(|item| item.code.as_str()));
    assert_unique("class", reference.catalogue.classes.iter().map(|(code, _)| code.as_str()));
    assert_unique("fact", reference.dictionary.iter().map(|fact| fact.key.as_str()));
    assert_unique("standard", reference.standards.iter().map(|standard| standard.code.as_str()));
    let rules = reference.standards.iter().flat_map(|standard| &standard.rules);
    assert_unique("rule", rules.map(|rule| rule.code.as_str()));
    assert_unique("region", banner.regions.iter().map(|region| region.code.as_str()));
    assert_unique("organization", banner.organizations.iter().map(|organization| organization.code.as_str()));
    assert_unique("depot", banner.depots.iter().map(|depot| depot.code.as_str()));
}

#[test]
fn items_belong_to_classes_and_counted_ones_come_in_whole_packs() {
    let reference = Reference::load().unwrap();
    let classes: BTreeSet<&str> = reference.catalogue.classes.iter().map(|(code, _)| code.as_str()).collect();
    for item in &reference.catalogue.items {
        assert!(classes.contains(item.version.class.as_str()), "{}: class {}", item.code, item.version.class);
        assert!(item.measured || item.version.packs.iter().all(|pack| pack.size.is_whole()), "{}", item.code);
        assert_eq!(item.measured, matches!(item.unit.as_str(), "kg" | "g" | "L" | "m" | "m2" | "m3"), "{}", item.code);
    }
}

/// The codes of the items of a selector whose units its rule counts.
fn counted_items(selector: &Selector) -> Vec<&str> {
    match selector {
        Selector::Item(item) => vec![item],
        Selector::AnyOf(alternatives) => alternatives.iter().filter_map(|one| one.item.as_deref()).collect(),
        Selector::EachOf(kinds) => kinds.iter().flat_map(|kind| &kind.items).map(String::as_str).collect(),
        Selector::Capability(_) | Selector::Kit(_) | Selector::Fact(_) | Selector::Other(_) => Vec::new(),
    }
}

/// The facts that a rule asks for, each with its kind.
fn asked_of(rule: &Rule) -> Vec<(&str, FactKind)> {
    let mut asked = Vec::new();
    facts_of(&rule.applies_when, &mut asked);
    rule.waived_when.iter().for_each(|condition| facts_of(condition, &mut asked));
    if let RuleQuantity::Classes(table) = &rule.quantity {
        table.rows.iter().for_each(|row| facts_of(&row.when, &mut asked));
    }
    if let Selector::Fact(fact) = &rule.selector {
        asked.push((&fact.key, FactKind::Number));
    }
    asked.extend(rule.quantity.facts().into_iter().map(|key| (key.as_str(), FactKind::Number)));
    asked
}

#[test]
fn rules_ask_for_items_in_their_units_and_for_facts_of_the_dictionary() {
    let reference = Reference::load().unwrap();
    let units: BTreeMap<&str, &str> =
        reference.catalogue.items.iter().map(|item| (item.code.as_str(), item.unit.as_str())).collect();
    let kinds = kinds(&reference);
    for rule in reference.standards.iter().flat_map(|standard| &standard.rules) {
        for item in rule.selector.items() {
            assert!(units.contains_key(item.as_str()), "{}: item {item}", rule.code);
        }
        for item in counted_items(&rule.selector) {
            assert_eq!(units.get(item), Some(&rule.unit.as_str()), "{}: item {item}", rule.code);
        }
        for (key, kind) in asked_of(rule) {
            assert_eq!(kinds.get(key), Some(&kind), "{}: fact {key}", rule.code);
        }
    }
}

/// A requirement asks for items, in a form that is evaluated; a fact check, a parameter and a class table have their own
/// forms.
#[test]
fn every_rule_has_a_form_of_its_role() {
    let reference = Reference::load().unwrap();
    for rule in reference.standards.iter().flat_map(|standard| &standard.rules) {
        let of_role = match rule.role {
            RuleRole::Requirement => rule.is_evaluated() && !rule.selector.items().is_empty(),
            RuleRole::FactCheck => matches!(rule.selector, Selector::Fact(_)),
            RuleRole::ClassTable => matches!(rule.quantity, RuleQuantity::Classes(_)),
            RuleRole::Parameter => matches!(
                rule.quantity,
                RuleQuantity::Stated(_) | RuleQuantity::AwayAtMost(_) | RuleQuantity::ServiceLife(_)
            ),
        };
        assert!(of_role, "{}: {:?} with the form {}", rule.code, rule.role, rule.quantity.form());
    }
}

/// Each scope that a rule shares units with is the scope of some rule.
#[test]
fn shared_scopes_are_scopes_of_rules() {
    let reference = Reference::load().unwrap();
    let rules = || reference.standards.iter().flat_map(|standard| &standard.rules);
    let scopes: BTreeSet<&str> = rules().map(|rule| rule.scope.as_str()).collect();
    for rule in rules() {
        for shared in &rule.shares_with {
            assert!(scopes.contains(shared.as_str()) && *shared != rule.scope, "{}: {shared}", rule.code);
        }
    }
}

#[test]
fn adoptions_name_standards_and_regions_that_are_there() {
    let (reference, banner) = (Reference::load().unwrap(), Banner::load().unwrap());
    let standards: BTreeSet<&str> = reference.standards.iter().map(|standard| standard.code.as_str()).collect();
    let regions: BTreeSet<&str> = banner.regions.iter().map(|region| region.code.as_str()).collect();
    for adoption in &banner.adoptions {
        assert!(standards.contains(adoption.standard.as_str()), "{}", adoption.standard);
        assert!(regions.contains(adoption.region.as_str()), "{}", adoption.region);
    }
}

#[test]
fn facts_of_organizations_are_in_the_dictionary_with_the_right_kind() {
    let (reference, banner) = (Reference::load().unwrap(), Banner::load().unwrap());
    let kinds = kinds(&reference);
    for organization in &banner.organizations {
        for (key, value) in &organization.facts {
            let kind = match value {
                FactValue::Number(_) => FactKind::Number,
                FactValue::Tag(_) => FactKind::Tag,
                FactValue::Withdrawn => panic!("{}: {key}", organization.code),
            };
            assert_eq!(kinds.get(key.as_str()), Some(&kind), "{}: fact {key}", organization.code);
        }
    }
}

#[test]
fn the_banner_names_only_what_is_there() {
    let (reference, banner) = (Reference::load().unwrap(), Banner::load().unwrap());
    let organizations: BTreeSet<&str> = banner.organizations.iter().map(|one| one.code.as_str()).collect();
    let as_needed: BTreeSet<&str> = reference
        .standards
        .iter()
        .flat_map(|standard| &standard.rules)
        .filter(|rule| rule.quantity == RuleQuantity::AS_NEEDED)
        .map(|rule| rule.code.as_str())
        .collect();
    for depot in &banner.depots {
        assert!(organizations.contains(depot.organization.as_str()), "{}", depot.code);
    }
    for organization in &banner.organizations {
        assert!(banner.depots.iter().any(|depot| depot.organization == organization.code), "{}", organization.code);
        assert!(organization.hosted_by.iter().all(|host| organizations.contains(host.as_str())));
    }
    for target in &banner.targets {
        assert!(organizations.contains(target.organization.as_str()), "{}", target.organization);
        assert!(as_needed.contains(target.rule.as_str()), "{} is not as needed", target.rule);
    }
}

#[test]
fn an_error_names_the_file_and_the_place() {
    let broken = ("standards/X.json", r#"[{"key": "a", "size": 1.2345}]"#);
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Sized {
        key: String,
        size: base::quantity::Quantity,
    }
    let error = super::read::json::<Vec<Sized>>(broken).unwrap_err();
    assert_eq!(error.place, "[0].size");
    assert!(error.to_string().starts_with("data/standards/X.json, [0].size: 1.2345 has more than three decimals"));
    let error = super::read::csv::<(String, u32)>(("x.csv", "code,size\na,1\nb,many\n")).unwrap_err();
    assert_eq!(error.place, "line 3");
}

/// Every embedded standard can be published unchanged, beside all others.
#[test]
fn the_rule_check_finds_no_fault_in_the_standards() {
    use domain::draft::{Severity, StandardText, check_standards, with_texts};

    let texts: Vec<StandardText> =
        standards::STANDARDS.iter().map(|(_, content)| serde_json::from_str(content).unwrap()).collect();
    let day = "2026-11-23".parse().unwrap();
    let reference_data = with_texts(&Reference::load().unwrap().reference_data(), &texts, day);
    let findings = check_standards(&reference_data, &texts, &[], day);
    let faults: Vec<_> = findings.iter().filter(|found| found.finding.severity == Severity::Fault).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}
