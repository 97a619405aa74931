//! A small made-up world for tests: one region below another, one organization, one depot, four items, one standard.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::acceptance::Acceptance;
use super::assessment::{Assessment, Explanation, assess, explain};
use super::condition::{Comparison, Operator, RuleCondition};
use super::count::{Count, CountKind, CountLine, CountScope, Held, LotCondition, Source};
use super::depot::{Depot, DepotVersion, Holding};
use super::exemption::Exemption;
use super::fact::{FactDefinition, FactKind, FactSheet, FactValue};
use super::interval::Interval;
use super::item::{CatalogueSeen, Item, ItemKind, ItemVersion, Unit};
use super::lot::LotNumber;
use super::organization::{Organization, OrganizationKind, OrganizationVersion};
use super::reference_data::{OrganizationData, ReferenceData};
use super::region::{Region, RegionVersion};
use super::resolution::Resolution;
use super::revision::{Dated, Learnt, Revision};
use super::rule::{Confidence, Rate, Rule, RuleQuantity, RuleRole, Selector, Spare, Strength};
use super::standard::{Adoption, RuleHistory, Standard, StandardDocument, StandardStatus};
use super::target::DeclaredTarget;
use base::id::{AcceptanceId, AccountId, CountId, DepotId, ExemptionId, OrganizationId, RegionId, ResolutionId};
use base::quantity::Quantity;
use text::language::Language;

/// Breathing apparatus, counted.
pub const SCBA: &str = "SCBA";
/// Foam agent, measured in litres.
pub const FOAM: &str = "FOAM";
/// Filter masks, which are perishable.
pub const MASK: &str = "MASK";
/// The region of the organization, and the one above it.
pub const BANNER: u128 = 2;
pub const LEAGUE: u128 = 1;
/// The facts of the dictionary.
pub const NUMBERS: [&str; 2] = ["people", "workplaces"];
pub const TAGS: [&str; 2] = ["toxic", "flammable"];

/// The revision that added the sample's reference data.
pub const FIRST: i64 = 1;

pub fn today() -> NaiveDate {
    day("2026-11-23")
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant of local time in Shanghai.
pub fn shanghai(text: &str) -> DateTime<Utc> {
    format!("{text}+08:00").parse::<DateTime<Utc>>().unwrap()
}

pub fn q(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub fn whole(units: i64) -> Quantity {
    Quantity::from_thousandths(units * 1_000).unwrap()
}

pub fn thousandths(number: i64) -> Quantity {
    Quantity::from_thousandths(number).unwrap()
}

pub fn exactly(units: i64) -> Interval {
    Interval::exactly(whole(units))
}

pub fn between(min: i64, max: impl Into<Option<i64>>) -> Interval {
    Interval { min: whole(min), max: max.into().map(whole) }
}

pub fn learnt(revision: i64) -> Learnt {
    let at = shanghai("2026-01-01T00:00:00") + TimeDelta::hours(revision);
    Learnt { revision: Revision(revision), at }
}

pub fn dated<T>(from: NaiveDate, revision: i64, value: T) -> Dated<T> {
    Dated { valid_from: from, learnt: learnt(revision), value }
}

/// A history of one value that has always been in force.
pub fn always<T>(value: T) -> Vec<Dated<T>> {
    vec![dated(day("2020-01-01"), FIRST, value)]
}

pub fn count_id(n: u128) -> CountId {
    CountId(Uuid::from_u128(n))
}

pub fn depot_id(n: u128) -> DepotId {
    DepotId(Uuid::from_u128(n))
}

pub fn exemption_id(n: u128) -> ExemptionId {
    ExemptionId(Uuid::from_u128(n))
}

pub fn resolution_id(n: u128) -> ResolutionId {
    ResolutionId(Uuid::from_u128(n))
}

pub fn region_id(n: u128) -> RegionId {
    RegionId(Uuid::from_u128(n))
}

pub fn item_version(perishable: bool, retired: bool) -> ItemVersion {
    ItemVersion {
        name_en: "item".to_owned(),
        name_zh: "物资".to_owned(),
        class: "personal_protection".to_owned(),
        kind: ItemKind::Equipment,
        perishable,
        shelf_life_months: None,
        specification: None,
        service_life_months: None,
        packs: Vec::new(),
        barcodes: Vec::new(),
        retired,
    }
}

pub fn item(code: &str, unit: &str, measured: bool, perishable: bool) -> Item {
    let unit = Unit { name: unit.to_owned(), measured };
    Item { code: code.to_owned(), unit, mends: Vec::new(), versions: always(item_version(perishable, false)) }
}

pub fn region_version() -> RegionVersion {
    RegionVersion {
        name_en: String::new(),
        name_zh: String::new(),
        time_zone: None,
        validity_days: None,
        inspection_stands_days: None,
    }
}

pub fn depot(n: u128, holding: Holding) -> Depot {
    Depot {
        id: depot_id(n),
        code: format!("T1-D{n}"),
        organization_id: OrganizationId(Uuid::from_u128(1)),
        mends: Vec::new(),
        versions: always(depot_version(holding, true)),
    }
}

pub fn depot_version(holding: Holding, open: bool) -> DepotVersion {
    DepotVersion {
        name_en: String::new(),
        name_zh: String::new(),
        position: None,
        keeper: None,
        second_keeper: None,
        holding,
        open,
    }
}

pub fn document() -> StandardDocument {
    StandardDocument {
        title_en: "Sample standard".to_owned(),
        title_zh: "示例标准".to_owned(),
        jurisdiction: "CN".to_owned(),
        status: StandardStatus::InForce,
        valid_from: None,
        valid_to: None,
        replaced_by: None,
        note: None,
    }
}

pub fn standard(code: &str) -> Standard {
    Standard { code: code.to_owned(), versions: always(document()), rules: Vec::new() }
}

pub fn adoption(region: u128, standard: &str, strength: Strength) -> Adoption {
    Adoption { region_id: region_id(region), standard: standard.to_owned(), versions: always(Some(strength)) }
}

/// A rate of `n` per unit of a fact, or per organization.
pub fn rate(n: i64, of: Option<&str>) -> Rate {
    Rate { n: whole(n), per: whole(1), of: of.map(ToOwned::to_owned), at_least: None, at_most: None, spare: None }
}

/// A mandatory, verified rule for an item that always applies.
pub fn rule(code: &str, item: &str, quantity: impl Into<RuleQuantity>) -> Rule {
    Rule {
        code: code.to_owned(),
        clause: "4.2".to_owned(),
        role: RuleRole::Requirement,
        applies_when: RuleCondition::All(Vec::new()),
        scope: "team".to_owned(),
        selector: Selector::Item(item.to_owned()),
        quantity: quantity.into(),
        unit: "piece".to_owned(),
        strength: Strength::Mandatory,
        waived_when: None,
        agreement_percent: None,
        shares_with: Vec::new(),
        validity_days: None,
        inspected_within_months: None,
        specification: None,
        text_en: "text".to_owned(),
        text_zh: "条文".to_owned(),
        confidence: Confidence::Verified,
        recall_certainty: None,
        attribution: None,
        source: None,
        note: None,
    }
}

impl From<Rate> for RuleQuantity {
    fn from(rate: Rate) -> Self {
        Self::Rate(rate)
    }
}

pub fn spare(rate: Rate, for_each: u32, reserve: u32) -> Rate {
    Rate { spare: Some(Spare::ratio(for_each, reserve)), ..rate }
}

pub fn compare(fact: &str, op: Operator, value: i64) -> RuleCondition {
    RuleCondition::Compare(Comparison { fact: fact.to_owned(), op, value: whole(value) })
}

pub fn lot(number: &str) -> Option<LotNumber> {
    LotNumber::read(number)
}

pub fn line(item: &str, quantity: i64) -> CountLine {
    CountLine {
        item: item.to_owned(),
        quantity: whole(quantity),
        lot: None,
        expires_on: None,
        made_on: None,
        inspected_on: None,
        condition: LotCondition::Serviceable,
        held: Held::Here,
    }
}

/// A listed count of depot 1 from a new device.
pub fn count(n: u128, effective_at: DateTime<Utc>, lines: Vec<CountLine>) -> Count {
    Count {
        id: count_id(n),
        depot_id: depot_id(1),
        kind: CountKind::Own,
        scope: CountScope::Listed,
        source: Source::Device(format!("phone-{n}")),
        effective_at,
        received_at: effective_at,
        seq: None,
        catalogue: CatalogueSeen::At(Revision(FIRST)),
        counted_by: "Bao".to_owned(),
        resolves: Vec::new(),
        voided: false,
        flags: Vec::new(),
        lines,
    }
}

/// An officer's resolution about SCBA in the first depot.
pub fn resolution(n: u128, counts: &[u128]) -> Resolution {
    Resolution {
        id: resolution_id(n),
        depot_id: depot_id(1),
        item: SCBA.to_owned(),
        counts: counts.iter().map(|n| count_id(*n)).collect(),
        reason: "the shelf was counted twice".to_owned(),
        resolved_by: "Wang".to_owned(),
        resolved_at: shanghai("2026-11-23T12:00:00"),
        voided: false,
    }
}

/// An officer's acceptance of an own count of SCBA in the first depot.
pub fn acceptance(n: u128, inspection: u128, count: u128) -> Acceptance {
    Acceptance {
        id: AcceptanceId(Uuid::from_u128(n)),
        depot_id: depot_id(1),
        item: SCBA.to_owned(),
        inspection: count_id(inspection),
        count: count_id(count),
        reason: "the delivery note was shown".to_owned(),
        accepted_by: "Wang".to_owned(),
        accepted_at: shanghai("2026-11-23T12:00:00"),
    }
}

/// An exemption granted at the second revision.
pub fn exemption(n: u128, rule: &str, valid_from: NaiveDate, ends_on: NaiveDate) -> Exemption {
    Exemption {
        id: exemption_id(n),
        rule: rule.to_owned(),
        valid_from,
        ends_on,
        reason: "the store is being rebuilt".to_owned(),
        granted_by: "Wang".to_owned(),
        learnt: learnt(2),
        ends: Vec::new(),
    }
}

pub fn account(n: u128) -> Source {
    Source::Account(AccountId(Uuid::from_u128(n)))
}

/// An assessment with its proof.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Explained {
    #[serde(flatten)]
    pub assessment: Assessment,
    pub explanation: Explanation,
}

impl std::ops::Deref for Explained {
    type Target = Assessment;

    fn deref(&self) -> &Assessment {
        &self.assessment
    }
}

/// Reference data and the data of organizations together.
#[derive(Clone, Debug)]
pub struct World {
    pub reference_data: ReferenceData,
    pub records: OrganizationData,
}

impl World {
    pub fn new() -> Self {
        let items = [
            item(SCBA, "set", false, false),
            item(FOAM, "L", true, false),
            item(MASK, "piece", false, true),
            item("SPARE", "piece", false, false),
        ];
        let entry = |kind: FactKind| {
            move |key: &&str| FactDefinition {
                key: (*key).to_owned(),
                kind,
                unit: None,
                learnt: learnt(FIRST),
                versions: Vec::new(),
            }
        };
        let region = |n: u128, parent: Option<u128>| Region {
            id: region_id(n),
            code: format!("15000{n}"),
            parent_id: parent.map(region_id),
            versions: always(region_version()),
        };
        let numbers = NUMBERS.iter().map(entry(FactKind::Number));
        Self {
            reference_data: ReferenceData {
                regions: vec![region(LEAGUE, None), region(BANNER, Some(LEAGUE))],
                items: items.into_iter().map(|item| (item.code.clone(), item)).collect(),
                dictionary: numbers.chain(TAGS.iter().map(entry(FactKind::Tag))).collect(),
                standards: vec![standard("S1")],
                adoptions: vec![adoption(BANNER, "S1", Strength::Mandatory)],
            },
            records: OrganizationData {
                organization: Organization {
                    id: OrganizationId(Uuid::from_u128(1)),
                    code: "T1".to_owned(),
                    region_id: region_id(BANNER),
                    kind: OrganizationKind::RescueTeam,
                    mends: Vec::new(),
                    versions: always(OrganizationVersion {
                        name_en: "Team".to_owned(),
                        name_zh: "队".to_owned(),
                        organization_type: Some("fire_station".to_owned()),
                        sector: None,
                        hosted_by: None,
                        credit_code: None,
                        address: None,
                        active: true,
                    }),
                },
                sheet: FactSheet::default(),
                depots: vec![depot(1, Holding::Physical)],
                counts: Vec::new(),
                resolutions: Vec::new(),
                acceptances: Vec::new(),
                targets: Vec::new(),
                exemptions: Vec::new(),
            },
        }
    }

    /// Adds a rule to the first standard.
    pub fn with_rule(self, rule: Rule) -> Self {
        self.with_rule_of(0, rule)
    }

    pub fn with_rule_of(mut self, standard: usize, rule: Rule) -> Self {
        let history = RuleHistory { code: rule.code.clone(), versions: always(Some(rule)) };
        self.reference_data.standards[standard].rules.push(history);
        self
    }

    pub fn with_fact(mut self, key: &str, value: FactValue) -> Self {
        self.records.sheet.facts.push((key.to_owned(), always(value)));
        self
    }

    pub fn with_number(self, key: &str, units: i64) -> Self {
        self.with_fact(key, FactValue::Number(whole(units)))
    }

    pub fn with_target(mut self, rule: &str, units: i64) -> Self {
        let versions = always(Some(whole(units)));
        self.records.targets.push(DeclaredTarget { rule: rule.to_owned(), versions });
        self
    }

    pub fn with_exemption(mut self, rule: &str, valid_from: &str, ends_on: &str) -> Self {
        let n = 1 + self.records.exemptions.len() as u128;
        self.records.exemptions.push(exemption(n, rule, day(valid_from), day(ends_on)));
        self
    }

    pub fn with_count(mut self, count: Count) -> Self {
        self.records.counts.push(count);
        self
    }

    pub fn with_resolution(mut self, resolution: Resolution) -> Self {
        self.records.resolutions.push(resolution);
        self
    }

    pub fn with_acceptance(mut self, acceptance: Acceptance) -> Self {
        self.records.acceptances.push(acceptance);
        self
    }

    /// Adds a count of this morning that lists the given number of units.
    pub fn holding(self, item: &str, units: i64) -> Self {
        let n = 100 + self.records.counts.len() as u128;
        self.with_count(count(n, shanghai("2026-11-23T08:00:00"), vec![line(item, units)]))
    }

    /// Adds counts of this morning, each of one item.
    pub fn holding_all(self, held: &[(&str, i64)]) -> Self {
        held.iter().fold(self, |world, (item, units)| world.holding(item, *units))
    }

    /// Adds a count of this morning in another depot.
    pub fn holding_in(self, depot: u128, item: &str, units: i64) -> Self {
        let n = 100 + self.records.counts.len() as u128;
        let counted = count(n, shanghai("2026-11-23T08:00:00"), vec![line(item, units)]);
        self.with_count(Count { depot_id: depot_id(depot), ..counted })
    }

    /// Adds an item to the catalogue.
    pub fn with_item(mut self, item: Item) -> Self {
        self.reference_data.items.insert(item.code.clone(), item);
        self
    }

    /// All lines, each with its proof.
    pub fn assess(&self) -> Vec<Explained> {
        let explained = |assessment: Assessment| {
            let (again, explanation) =
                explain(&self.reference_data, &self.records, today(), assessment.line, Language::English).unwrap();
            assert_eq!(assessment, again, "a line has one set of figures");
            Explained { assessment, explanation }
        };
        assess(&self.reference_data, &self.records, today()).into_iter().map(explained).collect()
    }

    /// The only line.
    pub fn only_line(&self) -> Explained {
        let mut lines = self.assess();
        assert_eq!(lines.len(), 1, "one line: {lines:?}");
        lines.remove(0)
    }
}
