//! The demo's requirements, read as an inspector of the trade would: follies seen before must not come back.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate};

use crate::{Banner, OrganizationEntry, Reference, standards};
use base::id::{OrganizationId, RegionId};
use base::quantity::Quantity;
use domain::checks::{CheckStatus, checks};
use domain::draft::{StandardText, with_texts};
use domain::fact::FactSheet;
use domain::interval::Interval;
use domain::labels::unit_words;
use domain::organization::{Organization, OrganizationVersion};
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::region::Region;
use domain::requirement::{LineSelector, RuleContext, lines};
use domain::revision::{Dated, Learnt, Revision};
use domain::rule::{Rule, Strength};
use domain::standard::Adoption;
use text::language::Language;

/// A 4 kg powder extinguisher, the commonest.
const POWDER: &str = "L2040101";
/// An extinguisher for burning metals, and the agent for them.
const METAL_EXTINGUISHER: &str = "L2040112";
const METAL_AGENT: &str = "L2040303";
/// Water and foam extinguishers.
const WATER_AND_FOAM: [&str; 3] = ["L2040106", "L2040107", "L2040114"];
const NOZZLE: &str = "L2040203";
const SMOKE_EXTRACTOR: &str = "L2090201";
const EXPLOSION_PROOF_VENTILATOR: &str = "L2090202";

/// A line of one organization, owned.
#[derive(Clone, Debug)]
struct Asked {
    items: Vec<String>,
    name: String,
    /// What one unit of each item counts for; empty for a line of one item.
    factors: Vec<Quantity>,
    strength: Strength,
    unit: String,
    required: Interval,
}

impl Asked {
    fn names(&self, item: &str) -> bool {
        self.items.iter().any(|one| one == item)
    }

    fn is_mandatory(&self) -> bool {
        self.strength == Strength::Mandatory
    }
}

/// The banner with its standards adopted, without any stock.
struct World {
    reference_data: ReferenceData,
    banner: Banner,
}

fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn always<T>(value: T) -> Vec<Dated<T>> {
    let learnt = Learnt { revision: Revision(0), at: DateTime::UNIX_EPOCH };
    vec![Dated { valid_from: "2020-01-01".parse().unwrap(), learnt, value }]
}

impl World {
    fn load() -> Self {
        let (reference, banner) = (Reference::load().unwrap(), Banner::load().unwrap());
        let texts: Vec<StandardText> =
            standards::STANDARDS.iter().map(|(_, content)| serde_json::from_str(content).unwrap()).collect();
        let mut reference_data = with_texts(&reference.reference_data(), &texts, "2020-01-01".parse().unwrap());
        let region = RegionId::new();
        let version = banner.regions.last().unwrap().version.clone();
        reference_data.regions =
            vec![Region { id: region, code: "159900".into(), parent_id: None, versions: always(version) }];
        let adoption = |entry: &crate::AdoptionEntry| Adoption {
            region_id: region,
            standard: entry.standard.clone(),
            versions: always(Some(entry.strength)),
        };
        reference_data.adoptions = banner.adoptions.iter().map(adoption).collect();
        Self { reference_data, banner }
    }

    fn entry(&self, code: &str) -> &OrganizationEntry {
        self.banner.organizations.iter().find(|one| one.code == code).unwrap()
    }

    fn records(&self, code: &str) -> OrganizationData {
        let entry = self.entry(code);
        let version = OrganizationVersion {
            name_en: entry.name_en.clone(),
            name_zh: entry.name_zh.clone(),
            organization_type: entry.organization_type.clone(),
            sector: entry.sector.clone(),
            hosted_by: None,
            credit_code: None,
            address: None,
            active: true,
        };
        let facts = entry.facts.iter().map(|(key, value)| (key.clone(), always(*value))).collect();
        OrganizationData {
            organization: Organization {
                id: OrganizationId::new(),
                code: entry.code.clone(),
                region_id: self.reference_data.regions.first().unwrap().id,
                kind: entry.kind,
                mends: Vec::new(),
                versions: always(version),
            },
            sheet: FactSheet { facts, complete: always(entry.sheet_complete) },
            depots: Vec::new(),
            counts: Vec::new(),
            resolutions: Vec::new(),
            acceptances: Vec::new(),
            targets: Vec::new(),
            exemptions: Vec::new(),
        }
    }

    fn lines(&self, code: &str) -> Vec<Asked> {
        let records = self.records(code);
        let context = RuleContext::new(&self.reference_data, &records, today()).unwrap();
        lines(&context)
            .iter()
            .map(|line| Asked {
                items: line.selector.items().into_iter().cloned().collect(),
                name: line.selector.to_selector().name(),
                factors: match line.selector {
                    LineSelector::Capability(capability) => capability.items.iter().map(|one| one.factor).collect(),
                    _ => Vec::new(),
                },
                strength: line.strength,
                unit: line.unit.to_owned(),
                required: line.required,
            })
            .collect()
    }

    fn codes(&self) -> Vec<&str> {
        self.banner.organizations.iter().map(|one| one.code.as_str()).collect()
    }

    fn adopted_rules(&self) -> Vec<&Rule> {
        let adopted: BTreeSet<&str> = self.banner.adoptions.iter().map(|one| one.standard.as_str()).collect();
        let standards = self.reference_data.standards.iter();
        let adopted = standards.filter(|standard| adopted.contains(standard.code.as_str()));
        adopted.flat_map(|standard| &standard.rules).filter_map(|history| history.on(today())).collect()
    }
}

/// The extinguishers of an organization that are counted by number, not by rating.
fn extinguishers(lines: &[Asked]) -> Vec<&Asked> {
    lines.iter().filter(|line| line.is_mandatory() && line.names(POWDER) && line.unit == "piece").collect()
}

/// The extinguishing ratings asked for.
fn ratings<'a>(lines: &'a [Asked], class: &str) -> Vec<&'a Asked> {
    lines.iter().filter(|line| line.name.starts_with(&format!("class {class} "))).collect()
}

#[test]
fn a_hospital_of_420_beds_is_not_met_with_one_extinguisher() {
    let lines = World::load().lines("CP-02");
    let [line] = extinguishers(&lines)[..] else { panic!("{lines:?}") };
    // Two in each of 48 calculation units, those of the micro fire station among them.
    assert_eq!(line.required, Interval::exactly(Quantity::whole(96)));
    assert_eq!(ratings(&lines, "A").len(), 2, "severe and medium hazard");
    let hoods = lines.iter().find(|line| line.names("L2010105") && line.strength == Strength::Recommended).unwrap();
    assert!(hoods.required.min >= Quantity::whole(420), "{hoods:?}");
}

#[test]
fn a_magnesium_smelter_has_class_d_and_no_water() {
    let world = World::load();
    let lines = world.lines("ME-03");
    for item in [METAL_EXTINGUISHER, METAL_AGENT] {
        assert!(lines.iter().any(|line| line.is_mandatory() && line.items == [item]), "{item}");
    }
    assert!(lines.iter().any(|line| line.items == [METAL_EXTINGUISHER] && line.required.min >= Quantity::whole(8)));
    for line in ["A", "B", "C"].iter().flat_map(|class| ratings(&lines, class)) {
        assert!(!line.names(METAL_EXTINGUISHER), "{line:?}");
    }
    // Water is a danger where metals burn or are molten, and at a calcium carbide plant.
    for code in ["ME-01", "ME-02", "ME-03", "HC-03"] {
        let of_presence = |line: &&Asked| line.name == "means of diluting hazardous matter" || line.items == [NOZZLE];
        assert!(!world.lines(code).iter().any(|line| of_presence(&line)), "{code}");
    }
}

#[test]
fn gas_sites_are_rated_for_gas() {
    let world = World::load();
    for code in ["TG-01", "TG-02", "TG-03", "TG-04", "PL-01", "PL-04", "HC-05", "HC-06"] {
        let lines = world.lines(code);
        assert!(ratings(&lines, "B").is_empty(), "{code}");
        let [rating] = ratings(&lines, "C")[..] else { panic!("{code}") };
        assert!(rating.required.min > Quantity::ZERO && rating.unit == "B", "{code}");
        assert!(WATER_AND_FOAM.iter().all(|item| !rating.names(item)), "{code}");
    }
}

#[test]
fn vehicles_are_counted_as_vehicles() {
    let world = World::load();
    let vehicles: BTreeSet<&str> = world
        .reference_data
        .items
        .values()
        .filter(|item| item.versions.iter().any(|row| row.value.name_zh.ends_with('车')))
        .map(|item| item.code.as_str())
        .collect();
    assert!(vehicles.len() > 10 && vehicles.contains("L2130201"));
    for code in &vehicles {
        assert_eq!(
            world.reference_data.items.get(*code).map(|item| item.unit.name.as_str()),
            Some("vehicle"),
            "{code}"
        );
    }
    for rule in world.adopted_rules() {
        let items = rule.selector.items();
        if items.iter().any(|item| vehicles.contains(item.as_str())) {
            // Vehicles among other equipment are counted in 件（套）.
            assert!(matches!(rule.unit.as_str(), "vehicle" | "article"), "{}", rule.code);
        }
    }
}

#[test]
fn nothing_is_short_by_a_part_of_a_reel() {
    let world = World::load();
    for code in world.codes() {
        for line in world.lines(code).iter().filter(|line| line.unit == "m") {
            let Some(reel) = line.factors.first() else { panic!("{code}: {} is cut to length", line.name) };
            assert!(reel.is_whole() && *reel >= Quantity::whole(10), "{code}: {}", line.name);
            assert_eq!(line.required.min.thousandths() % reel.thousandths(), 0, "{code}: {}", line.name);
        }
    }
}

#[test]
fn an_extinguisher_is_asked_for_once() {
    let world = World::load();
    for code in world.codes() {
        let lines = world.lines(code);
        assert!(extinguishers(&lines).len() <= 1, "{code}: {:?}", extinguishers(&lines));
        let mut names = BTreeSet::new();
        for line in &lines {
            assert!(names.insert((line.name.clone(), line.strength)), "{code}: two lines of {}", line.name);
        }
    }
    // The law's "necessary" and the two of each unit are met by the same ones.
    let shop = world.lines("FW-03");
    assert_eq!(extinguishers(&shop)[0].required, Interval::exactly(Quantity::whole(2)));
}

#[test]
fn a_refuge_of_50_for_86_underground_is_against_the_rule() {
    let world = World::load();
    let checks = checks(&world.reference_data, &world.records("NM-02"), today(), Language::Chinese);
    let check = checks.iter().find(|check| check.rule == "N120").unwrap();
    assert_eq!(check.required, Interval::exactly(Quantity::whole(86)));
    assert_eq!(check.found, Interval::exactly(Quantity::whole(50)));
    assert_eq!((check.status, check.strength), (CheckStatus::Short, Strength::Mandatory));
}

#[test]
fn ventilators_fit_the_place() {
    let world = World::load();
    let ventilators = |code: &str| -> Vec<Asked> {
        let fits = |line: &Asked| line.names(SMOKE_EXTRACTOR) || line.names(EXPLOSION_PROOF_VENTILATOR);
        world.lines(code).into_iter().filter(|line| line.is_mandatory() && fits(line)).collect()
    };
    // Open pits, a tailings pond, fireworks, filling stations, and a village kindergarten.
    for code in ["NM-01", "NM-04", "NM-05", "FW-01", "FW-03", "OS-02", "OS-05", "TG-02", "CP-07"] {
        assert!(ventilators(code).is_empty(), "{code}: {:?}", ventilators(code));
    }
    for code in ["HC-01", "HC-13", "TG-01", "PL-01", "OS-01"] {
        let asked = ventilators(code);
        assert!(asked.iter().any(|line| line.items == [EXPLOSION_PROOF_VENTILATOR]), "{code}");
        assert!(asked.iter().all(|line| line.items.len() == 1), "{code}: {asked:?}");
    }
}

#[test]
fn a_filter_mask_is_asked_only_where_there_is_something_to_filter() {
    let world = World::load();
    let asked = |code: &str| world.lines(code).iter().any(|line| line.items == ["L2010103"]);
    for (code, expected) in [("HC-01", true), ("HC-08", true), ("HC-13", true), ("HC-05", false), ("HC-09", false)] {
        assert_eq!(asked(code), expected, "{code}");
    }
}

#[test]
fn every_unit_has_words_in_chinese() {
    let world = World::load();
    let rules = world.adopted_rules();
    let of_rules = rules.iter().map(|rule| rule.unit.as_str());
    let of_facts = world.reference_data.dictionary.iter().filter_map(|fact| fact.unit.as_deref());
    for unit in of_rules.chain(of_facts) {
        // Ratings are written 3A and 55B, and a factor is a plain number.
        if !matches!(unit, "A" | "B" | "factor") {
            assert_ne!(unit_words(unit, false).text(Language::Chinese), unit);
        }
    }
}

#[test]
fn choices_have_names_of_the_trade() {
    for rule in World::load().adopted_rules() {
        if let domain::rule::Selector::AnyOf(alternatives) = &rule.selector
            && rule.role == domain::rule::RuleRole::Requirement
        {
            assert!(alternatives.len() <= 3, "{} is named by the first of many items", rule.code);
        }
    }
}
