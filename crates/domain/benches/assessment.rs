//! Benchmark of assessing one organization with many lines, some of which could use the same units: `cargo bench -p domain`.
//! Machines differ: compare figures of one run only.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark that meets the unexpected should stop there"
)]

use std::time::{Duration, Instant};

use base::id::{AccountId, CountId, DepotId, OrganizationId, RegionId};
use base::quantity::Quantity;
use chrono::{DateTime, NaiveDate, Utc};
use domain::assessment::{Assessment, Status, assess};
use domain::condition::RuleCondition;
use domain::count::{Count, CountKind, CountLine, CountScope, Held, LotCondition, Source};
use domain::depot::{Depot, DepotVersion, Holding};
use domain::fact::FactSheet;
use domain::item::{CatalogueSeen, Item, ItemKind, ItemVersion, Unit};
use domain::organization::{Organization, OrganizationKind, OrganizationVersion};
use domain::reason::ReasonCode;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::region::{Region, RegionVersion};
use domain::revision::{Dated, Learnt, Revision};
use domain::rule::{Alternative, Confidence, Rate, Rule, RuleQuantity, RuleRole, Selector, Strength};
use domain::standard::{Adoption, RuleHistory, Standard, StandardDocument, StandardStatus};

/// The lines of an organization: single items, and choices among some of these or of further ones.
struct Shape {
    name: &'static str,
    singles: usize,
    choices: usize,
    /// The number of items that the choices are made from, in turn.
    items: usize,
    /// The number of items in a choice.
    alternatives: usize,
    /// What the items of a choice count for, in thousandths, in turn.
    factors: [i64; 2],
    /// The number of times that it is assessed.
    times: usize,
}

const USUAL: Shape =
    Shape { name: "", singles: 240, choices: 60, items: 240, alternatives: 3, factors: [1_000, 2_500], times: 51 };

/// Choices only, all of the same items: what one standard can ask for at worst.
const WORST: Shape =
    Shape { name: "", singles: 0, choices: 1_000, items: 30, alternatives: 3, factors: [1_000, 2_500], times: 3 };

fn main() {
    for shape in [
        Shape { name: "items only", singles: 300, choices: 0, ..USUAL },
        Shape { name: "choices of items that count alike", factors: [1_000, 1_000], ..USUAL },
        Shape { name: "choices of items that count differently", ..USUAL },
        Shape { name: "choices among 3 of 30 items, alike", factors: [1_000, 1_000], ..WORST },
        Shape { name: "choices among 3 of 30 items, differently", ..WORST },
        Shape { name: "choices among 20 of 30 items, differently", alternatives: 20, ..WORST },
        Shape { name: "choices among 3 of 1,000 items, differently", items: 1_000, ..WORST },
        Shape { name: "choices among 200 of 1,000 items, differently", items: 1_000, alternatives: 200, ..WORST },
    ] {
        measure(&shape);
    }
}

fn measure(shape: &Shape) {
    let day = "2026-11-23".parse().unwrap();
    let (reference_data, records) = organization(shape);
    let expected = shape.singles + shape.choices;
    let mut took: Vec<Duration> = Vec::new();
    let (mut met, mut limited) = (0, 0);
    for _ in 0..shape.times {
        let start = Instant::now();
        let lines = assess(&reference_data, &records, day);
        took.push(start.elapsed());
        assert_eq!(lines.len(), expected);
        met = lines.iter().filter(|line| line.status == Status::Met).count();
        let is_limited = |line: &&Assessment| line.reasons.iter().any(|reason| reason.code == ReasonCode::SearchLimit);
        limited = lines.iter().filter(is_limited).count();
    }
    took.sort();
    let at = |percent: usize| took[(shape.times - 1) * percent / 100];
    println!(
        "{expected} lines, {}: p50 {:.2?}, p99 {:.2?}; {met} met, {limited} not searched to the end",
        shape.name,
        at(50),
        at(99)
    );
}

fn always<T>(value: T) -> Vec<Dated<T>> {
    let learnt = Learnt { revision: Revision(1), at: DateTime::<Utc>::UNIX_EPOCH };
    vec![Dated { valid_from: NaiveDate::from_ymd_opt(2020, 1, 1).unwrap(), learnt, value }]
}

fn code(number: usize) -> String {
    format!("I{number:04}")
}

/// An organization with lines for single items, and choices among neighbouring items.
fn organization(shape: &Shape) -> (ReferenceData, OrganizationData) {
    let Shape { singles, choices, items, alternatives, factors, .. } = *shape;
    let stored = singles.max(items);
    let quantity = |number: usize| i16::try_from(1 + number % 7).unwrap();
    let single = |number: usize| rule(number, Selector::Item(code(number)), quantity(number));
    let choice = |number: usize| {
        let alternative = |beside: usize| {
            // A factor of its own makes each choice a line, also among the items of another.
            let own = if singles == 0 { i64::try_from(number).unwrap() } else { 0 };
            let factor = Quantity::from_thousandths(factors[beside % 2] + own).unwrap();
            Alternative::item(&code((number * 3 + beside) % items), factor)
        };
        rule(singles + number, Selector::AnyOf((0..alternatives).map(alternative).collect()), quantity(number))
    };
    let rules = (0..singles).map(single).chain((0..choices).map(choice));
    let region = Region { id: RegionId::new(), code: "150000".to_owned(), parent_id: None, versions: always(region()) };
    let standard = Standard {
        code: "S".to_owned(),
        versions: always(document()),
        rules: rules.map(|rule| RuleHistory { code: rule.code.clone(), versions: always(Some(rule)) }).collect(),
    };
    let adoption =
        Adoption { region_id: region.id, standard: "S".to_owned(), versions: always(Some(Strength::Mandatory)) };
    let organization = Organization {
        id: OrganizationId::new(),
        code: "T1".to_owned(),
        region_id: region.id,
        kind: OrganizationKind::RescueTeam,
        mends: Vec::new(),
        versions: always(OrganizationVersion {
            name_en: "Team".to_owned(),
            name_zh: "队".to_owned(),
            organization_type: None,
            sector: None,
            hosted_by: None,
            credit_code: None,
            address: None,
            active: true,
        }),
    };
    let depots: Vec<Depot> = (0..3).map(|number| depot(number, organization.id)).collect();
    let counts = depots.iter().map(|depot| count(depot.id, stored)).collect();
    let records = OrganizationData {
        organization,
        sheet: FactSheet::default(),
        depots,
        counts,
        resolutions: Vec::new(),
        acceptances: Vec::new(),
        targets: Vec::new(),
        exemptions: Vec::new(),
    };
    let items = (0..stored).map(|number| (code(number), item(number))).collect();
    let reference_data = ReferenceData {
        regions: vec![region],
        items,
        dictionary: Vec::new(),
        standards: vec![standard],
        adoptions: vec![adoption],
    };
    (reference_data, records)
}

fn region() -> RegionVersion {
    RegionVersion {
        name_en: String::new(),
        name_zh: String::new(),
        time_zone: None,
        validity_days: None,
        inspection_stands_days: None,
    }
}

fn document() -> StandardDocument {
    StandardDocument {
        title_en: "Benchmark".to_owned(),
        title_zh: "基准".to_owned(),
        jurisdiction: "CN".to_owned(),
        status: StandardStatus::InForce,
        valid_from: None,
        valid_to: None,
        replaced_by: None,
        note: None,
    }
}

fn item(number: usize) -> Item {
    let version = ItemVersion {
        name_en: code(number),
        name_zh: code(number),
        class: "rescue".to_owned(),
        kind: ItemKind::Equipment,
        perishable: false,
        shelf_life_months: None,
        specification: None,
        service_life_months: None,
        packs: Vec::new(),
        barcodes: Vec::new(),
        retired: false,
    };
    let unit = Unit { name: "piece".to_owned(), measured: false };
    Item { code: code(number), unit, mends: Vec::new(), versions: always(version) }
}

fn depot(number: usize, organization_id: OrganizationId) -> Depot {
    let version = DepotVersion {
        name_en: String::new(),
        name_zh: String::new(),
        position: None,
        keeper: None,
        second_keeper: None,
        holding: Holding::Physical,
        open: true,
    };
    Depot {
        id: DepotId::new(),
        code: format!("D{number}"),
        organization_id,
        mends: Vec::new(),
        versions: always(version),
    }
}

/// A count of every item, a few of each.
fn count(depot_id: DepotId, items: usize) -> Count {
    let line = |number: usize| CountLine {
        item: code(number),
        quantity: Quantity::whole(i16::try_from(1 + number % 3).unwrap()),
        lot: None,
        expires_on: None,
        made_on: None,
        inspected_on: None,
        condition: LotCondition::Serviceable,
        held: Held::Here,
    };
    let at = "2026-11-20T02:00:00Z".parse().unwrap();
    Count {
        id: CountId::new(),
        depot_id,
        kind: CountKind::Own,
        scope: CountScope::Listed,
        source: Source::Account(AccountId::new()),
        effective_at: at,
        received_at: at,
        seq: None,
        catalogue: CatalogueSeen::At(Revision(1)),
        counted_by: "Bao".to_owned(),
        resolves: Vec::new(),
        voided: false,
        flags: Vec::new(),
        lines: (0..items).map(line).collect(),
    }
}

fn rule(number: usize, selector: Selector, n: i16) -> Rule {
    Rule {
        code: format!("R{number:04}"),
        clause: "1".to_owned(),
        role: RuleRole::Requirement,
        applies_when: RuleCondition::All(Vec::new()),
        scope: "team".to_owned(),
        selector,
        quantity: RuleQuantity::Rate(Rate {
            n: Quantity::whole(n),
            per: Quantity::whole(1),
            of: None,
            at_least: None,
            at_most: None,
            spare: None,
        }),
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
