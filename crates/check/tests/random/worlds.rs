//! Random worlds, crowded around boundaries, and the explanations of their lines by the engine.

use std::collections::{BTreeMap, VecDeque};

use base::id::{
    AcceptanceId, AccountId, CountId, DepotId, ExemptionId, LineId, OrganizationId, RegionId, ResolutionId,
};
use base::quantity::Quantity;
use domain::acceptance::Acceptance;
use domain::assessment::{assess, explain};
use domain::condition::{ClassRow, ClassTable, ClassTest, Comparison, Operator, RuleCondition};
use domain::count::{Count, CountFlag, CountKind, CountLine, CountScope, Held, LotCondition, Source};
use domain::depot::{Depot, DepotVersion, Holding};
use domain::exemption::Exemption;
use domain::explanation::{CountProof, ExplainedLine};
use domain::fact::{FactDefinition, FactKind, FactSheet, FactValue};
use domain::item::{CatalogueSeen, Item, ItemKind, ItemVersion, Unit};
use domain::lot::LotNumber;
use domain::organization::{Organization, OrganizationKind, OrganizationVersion};
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::region::{Region, RegionVersion};
use domain::resolution::Resolution;
use domain::revision::{Dated, Learnt, Revision};
use domain::rule::*;
use domain::standard::{Adoption, RuleHistory, Standard, StandardDocument, StandardStatus};
use domain::target::DeclaredTarget;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use text::language::Language;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

const ITEMS: [&str; 5] = ["BLANKET", "FOAM", "MASK", "ROPE", "SCBA"];
const NUMBERS: [&str; 3] = ["people", "area", "squads"];
const TAGS: [&str; 2] = ["toxic", "flammable"];
const SCOPES: [&str; 3] = ["team", "vehicle", "workplace"];
const STANDARDS: [&str; 4] = ["S1", "S2", "S3", "S4"];

/// Explanations without end: every line of one world after another.
pub struct Worlds {
    random: StdRng,
    waiting: VecDeque<String>,
}

impl Worlds {
    pub fn new(seed: u64) -> Self {
        Self { random: StdRng::seed_from_u64(seed), waiting: VecDeque::new() }
    }
}

impl Iterator for Worlds {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        while self.waiting.is_empty() {
            let world = World(&mut self.random).make();
            self.waiting.extend(explanations(&world));
        }
        self.waiting.pop_front()
    }
}

/// The explanation of every line, sealed.
fn explanations((reference_data, records): &(ReferenceData, OrganizationData)) -> Vec<String> {
    let lines: Vec<LineId> = assess(reference_data, records, today()).into_iter().map(|line| line.line).collect();
    lines.into_iter().filter_map(|line| explained(reference_data, records, line)).collect()
}

fn explained(reference_data: &ReferenceData, records: &OrganizationData, line: LineId) -> Option<String> {
    let (figures, explanation) = explain(reference_data, records, today(), line, Language::English)?;
    let mut explained = ExplainedLine::new(figures, explanation, Revision(7), instant(0, 0));
    let proof = |id: CountId| (id, CountProof { sha256: id.0.simple().to_string().repeat(2), receipt: None });
    let proofs: BTreeMap<CountId, CountProof> = explained.counts().into_iter().map(proof).collect();
    explained.attach(proofs);
    explained.seal().unwrap();
    Some(serde_json::to_string(&explained).unwrap())
}

fn today() -> NaiveDate {
    day("2026-11-23")
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant some days and minutes from the midnight before today in Shanghai.
fn instant(days: i64, minutes: i64) -> DateTime<Utc> {
    let midnight: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
    midnight + TimeDelta::days(days) + TimeDelta::minutes(minutes)
}

fn uuid(kind: u128, number: usize) -> uuid::Uuid {
    uuid::Uuid::from_u128(kind << 64 | number as u128)
}

fn learnt(revision: i64) -> Learnt {
    Learnt { revision: Revision(revision), at: instant(-300, revision) }
}

fn dated<T>(from: NaiveDate, revision: i64, value: T) -> Dated<T> {
    Dated { valid_from: from, learnt: learnt(revision), value }
}

fn always<T>(value: T) -> Vec<Dated<T>> {
    vec![dated(day("2020-01-01"), 1, value)]
}

fn whole(units: i16) -> Quantity {
    Quantity::whole(units)
}

/// A maker of one world.
struct World<'r>(&'r mut StdRng);

impl World<'_> {
    fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn among<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    fn some<T>(&mut self, percent: usize, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(percent).then(|| make(self))
    }

    fn list<T>(&mut self, from: usize, to: usize, mut make: impl FnMut(&mut Self, usize) -> T) -> Vec<T> {
        let number = from + self.below(to - from + 1);
        (0..number).map(|place| make(self, place)).collect()
    }

    /// A small number, now and then a part of one or a very large one.
    fn quantity(&mut self, end: usize) -> Quantity {
        match self.below(40) {
            0 => Quantity::from_thousandths(999_999_999_000_i64 + self.below(1_000) as i64).unwrap(),
            1..4 => Quantity::from_thousandths(self.below(end * 1_000 + 1) as i64).unwrap(),
            _ => whole(self.below(end) as i16),
        }
    }

    fn small(&mut self, end: usize) -> Quantity {
        whole(1 + self.below(end) as i16)
    }

    fn day_near(&mut self) -> NaiveDate {
        let days = self.among(&[-183_i64, -182, -31, -1, 0, 1, 30, 400]);
        today() + TimeDelta::days(days)
    }

    fn make(&mut self) -> (ReferenceData, OrganizationData) {
        let reference_data = self.reference_data();
        let records = self.records(&reference_data);
        (reference_data, records)
    }

    fn reference_data(&mut self) -> ReferenceData {
        let zone = self.among(&[None, None, None, Some(chrono_tz::Asia::Shanghai), Some(chrono_tz::America::Santiago)]);
        let regions = [None, Some(0)].iter().enumerate().map(|(place, parent): (usize, &Option<usize>)| Region {
            id: RegionId(uuid(1, place)),
            code: format!("15000{place}"),
            parent_id: parent.map(|parent| RegionId(uuid(1, parent))),
            versions: always(RegionVersion {
                name_en: "Region".to_owned(),
                name_zh: "旗".to_owned(),
                time_zone: zone.filter(|_| place == 0),
                validity_days: self.some(30, |world| world.among(&[0, 1, 2, 90])),
                inspection_stands_days: self.some(30, |world| world.among(&[0, 1, 30])),
            }),
        });
        let regions = regions.collect();
        let items = ITEMS.into_iter().map(|code| {
            let shelf_life = self.some(40, |world| world.among(&[1_u32, 6, 12]));
            let version = |retired: bool, shelf_life_months| ItemVersion {
                name_en: format!("item {code}"),
                name_zh: format!("物资{code}"),
                class: "class".to_owned(),
                kind: ItemKind::Equipment,
                perishable: code == "MASK" || code == "FOAM",
                shelf_life_months,
                specification: None,
                service_life_months: None,
                packs: Vec::new(),
                barcodes: Vec::new(),
                retired,
            };
            let mut versions = always(version(false, shelf_life));
            if self.chance(20) {
                versions.push(dated(self.day_near(), 3, version(self.chance(50), Some(3))));
            }
            let unit = Unit { name: if code == "FOAM" { "L" } else { "set" }.to_owned(), measured: code == "FOAM" };
            (code.to_owned(), Item { code: code.to_owned(), unit, mends: Vec::new(), versions })
        });
        let items = items.collect();
        let entry = |kind: FactKind| {
            move |key: &&str| FactDefinition {
                key: (*key).to_owned(),
                kind,
                unit: None,
                learnt: learnt(1),
                versions: Vec::new(),
            }
        };
        let dictionary =
            NUMBERS.iter().map(entry(FactKind::Number)).chain(TAGS.iter().map(entry(FactKind::Tag))).collect();
        let selectors = self.list(1, 4, |world, _| world.selector());
        let mut code = 0;
        let standards = STANDARDS.into_iter().map(|standard| {
            let document = StandardDocument {
                title_en: "Standard".to_owned(),
                title_zh: "标准".to_owned(),
                jurisdiction: "CN".to_owned(),
                status: self.among(&[
                    StandardStatus::InForce,
                    StandardStatus::InForce,
                    StandardStatus::InForce,
                    StandardStatus::Draft,
                ]),
                valid_from: self.some(15, Self::day_near),
                valid_to: self.some(10, Self::day_near),
                replaced_by: self.some(20, |world| world.among(&STANDARDS).to_owned()),
                note: None,
            };
            let rules = self.list(0, 3, |world, _| {
                code += 1;
                let rule = world.rule(&format!("R{code:02}"), &selectors);
                RuleHistory { code: rule.code.clone(), versions: vec![dated(day("2026-01-01"), 1, Some(rule))] }
            });
            Standard { code: standard.to_owned(), versions: always(document), rules }
        });
        let standards = standards.collect();
        let adoptions = STANDARDS.into_iter().flat_map(|standard| [0, 1].map(|region| (standard, region)));
        let adoptions = adoptions.filter_map(|(standard, region)| {
            let versions = self.list(1, 2, |world, place| {
                let from = world.among(&[day("2026-01-01"), day("2026-01-01"), today(), today() + Days::new(1)]);
                dated(from, place as i64 + 1, world.some(90, Self::strength))
            });
            self.chance(60).then(|| Adoption {
                region_id: RegionId(uuid(1, region)),
                standard: standard.to_owned(),
                versions,
            })
        });
        ReferenceData { regions, items, dictionary, standards, adoptions: adoptions.collect() }
    }

    fn strength(&mut self) -> Strength {
        self.among(&[
            Strength::Mandatory,
            Strength::Mandatory,
            Strength::Mandatory,
            Strength::Recommended,
            Strength::Optional,
        ])
    }

    fn item(&mut self) -> String {
        self.among(&ITEMS).to_owned()
    }

    fn alternative(&mut self) -> Alternative {
        let factor = self.among(&[whole(1), whole(1), whole(2), Quantity::from_thousandths(500).unwrap()]);
        if self.chance(75) {
            return Alternative::item(&self.item(), factor);
        }
        let bundle = self.list(1, 2, |world, _| Component { item: world.item(), quantity: world.small(2) });
        Alternative { item: None, bundle, factor }
    }

    fn kinds(&mut self) -> Vec<Kind> {
        self.list(1, 3, |world, place| Kind {
            name_en: format!("kind {place}"),
            name_zh: format!("种类{place}"),
            items: world.list(1, 2, |world, _| world.item()),
        })
    }

    fn selector(&mut self) -> Selector {
        match self.below(20) {
            0..10 => Selector::Item(self.item()),
            10..13 => Selector::AnyOf(self.list(1, 3, |world, _| world.alternative())),
            13..15 => Selector::Capability(Capability {
                name_en: "reach".to_owned(),
                name_zh: "长度".to_owned(),
                items: self.list(1, 3, |world, _| world.alternative()),
                kinds: if self.chance(40) { self.kinds() } else { Vec::new() },
            }),
            15..17 => Selector::EachOf(self.kinds()),
            17..19 => {
                Selector::Kit(self.list(1, 3, |world, _| Component { item: world.item(), quantity: world.small(3) }))
            }
            _ => Selector::Other("ladders \"high\"".to_owned()),
        }
    }

    fn rule(&mut self, code: &str, selectors: &[Selector]) -> Rule {
        let quantity = self.rule_quantity(selectors);
        Rule {
            code: code.to_owned(),
            clause: "4.2".to_owned(),
            role: if matches!(quantity, RuleQuantity::Classes(_)) {
                RuleRole::ClassTable
            } else {
                RuleRole::Requirement
            },
            applies_when: if self.chance(50) { RuleCondition::All(Vec::new()) } else { self.condition(2, true) },
            scope: self.among(&SCOPES).to_owned(),
            selector: self.among(selectors),
            quantity,
            unit: "piece".to_owned(),
            strength: self.strength(),
            waived_when: self.some(15, |world| world.condition(1, true)),
            agreement_percent: self.some(25, |world| world.among(&[1, 25, 50, 100])),
            shares_with: if self.chance(15) { vec![self.among(&SCOPES).to_owned()] } else { Vec::new() },
            validity_days: self.some(25, |world| world.among(&[1, 2, 5, 90])),
            inspected_within_months: self.some(20, |world| world.among(&[1, 6, 12])),
            specification: None,
            text_en: "text".to_owned(),
            text_zh: "条文".to_owned(),
            confidence: self.among(&[Confidence::Verified, Confidence::Verified, Confidence::Recalled]),
            recall_certainty: None,
            attribution: self.some(20, |world| world.among(&[Confidence::Verified, Confidence::Recalled])),
            source: None,
            note: None,
        }
    }

    fn condition(&mut self, depth: usize, with_classes: bool) -> RuleCondition {
        match self.below(if depth > 0 { 12 } else { 8 }) {
            0 | 1 => RuleCondition::Tag(self.among(&TAGS).to_owned()),
            2..5 => RuleCondition::Compare(Comparison {
                fact: self.among(&NUMBERS).to_owned(),
                op: self.among(&[Operator::Less, Operator::AtMost, Operator::Equal, Operator::AtLeast, Operator::More]),
                value: self.quantity(8),
            }),
            5 => RuleCondition::Kind(self.among(&[OrganizationKind::RescueTeam, OrganizationKind::Enterprise])),
            6 => RuleCondition::Type(self.among(&["fire_station", "mine_rescue"]).to_owned()),
            7 if with_classes => RuleCondition::Class(ClassTest {
                table: self.among(&["size", "hazard"]).to_owned(),
                is: self.among(&["large", "small"]).to_owned(),
            }),
            7 => RuleCondition::Sector("hazchem".to_owned()),
            8 | 9 => RuleCondition::All(self.list(0, 3, |world, _| world.condition(depth - 1, with_classes))),
            10 => RuleCondition::Any(self.list(0, 3, |world, _| world.condition(depth - 1, with_classes))),
            _ => RuleCondition::Not(Box::new(self.condition(depth - 1, with_classes))),
        }
    }

    fn spare(&mut self) -> Option<Spare> {
        self.some(30, |world| {
            if world.chance(70) {
                Spare::ratio(world.below(6) as u32, world.below(3) as u32)
            } else {
                Spare::Percent(world.below(50) as u32)
            }
        })
    }

    fn number(&mut self) -> String {
        self.among(&NUMBERS).to_owned()
    }

    fn rule_quantity(&mut self, selectors: &[Selector]) -> RuleQuantity {
        let n = self.quantity(6);
        let per = if self.chance(97) { self.small(4) } else { Quantity::ZERO };
        let at_least = self.some(25, |world| world.quantity(6));
        let at_most = self.some(25, |world| world.quantity(12));
        let spare = self.spare();
        match self.below(24) {
            0..7 => RuleQuantity::Rate(Rate { n, per, of: self.some(70, Self::number), at_least, at_most, spare }),
            7 | 8 => RuleQuantity::Coverage(Coverage {
                of: self.number(),
                factor: self.quantity(3),
                factor_of: self.some(40, Self::number),
                capacity: per,
                unit_capacity: self.small(3),
                at_least,
                at_most,
                spare,
            }),
            9..11 => RuleQuantity::Band(self.band(spare)),
            11 | 12 => RuleQuantity::Step(Step {
                of: self.number(),
                from: self.quantity(4),
                n,
                more: self.quantity(3),
                per,
                rounding: self.among(&[StepRounding::Floor, StepRounding::Ceil]),
                at_most,
                spare,
            }),
            13 | 14 => RuleQuantity::PerCapita(PerCapita {
                n,
                per,
                of: self.number(),
                time: self.small(4),
                per_time: self.small(3),
                time_unit: TimeUnit::Day,
                at_least,
                at_most,
                spare,
            }),
            15..18 => RuleQuantity::Ratio(Ratio { n, per, to: self.among(selectors), at_least, at_most, spare }),
            18 => RuleQuantity::Present(Unquantified {}),
            19 => RuleQuantity::Range(Range { from: n, to: self.quantity(20), per, of: self.some(50, Self::number) }),
            20 => RuleQuantity::AS_NEEDED,
            21 => self.among(&[RuleQuantity::Optional(Unquantified {}), RuleQuantity::NotEvaluated("odd".to_owned())]),
            _ => RuleQuantity::Classes(ClassTable {
                name: self.among(&["size", "hazard"]).to_owned(),
                rows: self.list(1, 3, |world, _| ClassRow {
                    when: world.condition(1, true),
                    class: world.among(&["large", "small", "tiny"]).to_owned(),
                }),
            }),
        }
    }

    fn band(&mut self, spare: Option<Spare>) -> Band {
        let and = self.some(40, Self::number);
        let two = and.is_some();
        let rows = self.list(1, 4, |world, _| BandRow {
            from: world.some(70, |world| world.quantity(6)),
            below: world.some(60, |world| world.quantity(9)),
            and_from: if two { world.some(50, |world| world.quantity(6)) } else { None },
            and_below: if two { world.some(50, |world| world.quantity(9)) } else { None },
            n: world.quantity(9),
            to: None,
        });
        Band { of: self.number(), and, rows, spare }
    }

    fn records(&mut self, reference_data: &ReferenceData) -> OrganizationData {
        let organization = OrganizationId(uuid(2, 1));
        let codes: Vec<String> = reference_data
            .standards
            .iter()
            .flat_map(|standard| &standard.rules)
            .map(|rule| rule.code.clone())
            .collect();
        let open = self.among(&[0_usize, 1, 1, 1, 2, 2, 3]);
        let depots = (0..open).map(|place| {
            let holding = self.among(&[
                Holding::Physical,
                Holding::Physical,
                Holding::Physical,
                Holding::Agreement,
                Holding::Capacity,
            ]);
            let version = |open: bool| DepotVersion {
                name_en: "Store".to_owned(),
                name_zh: "库".to_owned(),
                position: None,
                keeper: None,
                second_keeper: None,
                holding,
                open,
            };
            let mut versions = always(version(true));
            if self.chance(12) {
                versions.push(dated(self.among(&[today(), today() + Days::new(1)]), 2, version(false)));
            }
            Depot {
                id: DepotId(uuid(3, place)),
                code: format!("T1-D{place}"),
                organization_id: organization,
                mends: Vec::new(),
                versions,
            }
        });
        let depots = depots.collect();
        let counts = self.list(0, 14, |world, place| world.count(place));
        let codes_of = |world: &mut Self, percent: usize| {
            codes.iter().filter(|_| world.chance(percent)).cloned().collect::<Vec<_>>()
        };
        let targets = codes_of(self, 40).into_iter().map(|rule| DeclaredTarget {
            rule,
            versions: vec![dated(
                self.among(&[day("2026-01-01"), today() + Days::new(1)]),
                1,
                self.some(80, |world| world.quantity(9)),
            )],
        });
        let targets = targets.collect();
        let exemptions = codes_of(self, 8).into_iter().enumerate().map(|(place, rule)| Exemption {
            id: ExemptionId(uuid(4, place)),
            rule,
            valid_from: self.day_near(),
            ends_on: self.day_near(),
            reason: "rebuilt".to_owned(),
            granted_by: "Wang".to_owned(),
            learnt: learnt(2),
            ends: Vec::new(),
        });
        let exemptions = exemptions.collect();
        let ids = |world: &mut Self, to: usize| world.list(1, to, |world, _| CountId(uuid(5, world.below(14))));
        let resolutions = self.list(0, 3, |world, place| Resolution {
            id: ResolutionId(uuid(6, place)),
            depot_id: DepotId(uuid(3, world.below(2))),
            item: world.item(),
            counts: ids(world, 3),
            reason: "counted twice".to_owned(),
            resolved_by: "Wang".to_owned(),
            resolved_at: instant(0, world.below(3) as i64),
            voided: world.chance(15),
        });
        let acceptances = self.list(0, 6, |world, place| Acceptance {
            id: AcceptanceId(uuid(7, place)),
            depot_id: DepotId(uuid(3, world.below(2))),
            item: world.item(),
            inspection: CountId(uuid(5, world.below(14))),
            count: CountId(uuid(5, world.below(14))),
            reason: "note shown".to_owned(),
            accepted_by: "Wang".to_owned(),
            accepted_at: instant(0, world.below(3) as i64),
        });
        OrganizationData {
            organization: Organization {
                id: organization,
                code: "T1".to_owned(),
                region_id: RegionId(uuid(1, 1)),
                kind: OrganizationKind::RescueTeam,
                mends: Vec::new(),
                versions: always(OrganizationVersion {
                    name_en: "Team".to_owned(),
                    name_zh: "队".to_owned(),
                    organization_type: self.among(&[None, Some("fire_station".to_owned())]),
                    sector: self.among(&[None, Some("hazchem".to_owned())]),
                    hosted_by: None,
                    credit_code: None,
                    address: None,
                    active: true,
                }),
            },
            sheet: self.sheet(),
            depots,
            counts,
            resolutions,
            acceptances,
            targets,
            exemptions,
        }
    }

    fn sheet(&mut self) -> FactSheet {
        let mut facts: Vec<(String, Vec<Dated<FactValue>>)> = Vec::new();
        for key in NUMBERS.into_iter().filter(|_| true) {
            if self.chance(75) {
                let value = if self.chance(93) { FactValue::Number(self.quantity(9)) } else { FactValue::Withdrawn };
                facts.push((key.to_owned(), vec![dated(day("2026-01-01"), 2, value)]));
            }
        }
        for key in TAGS {
            if self.chance(60) {
                facts.push((key.to_owned(), vec![dated(day("2026-01-01"), 2, FactValue::Tag(self.chance(50)))]));
            }
        }
        let complete = self.some(40, |world| dated(day("2026-02-01"), world.among(&[1, 3]), true));
        FactSheet { facts, complete: complete.into_iter().collect() }
    }

    fn count(&mut self, place: usize) -> Count {
        let officer = self.chance(25);
        let days = self.among(&[-91_i64, -90, -3, -2, -1, -1, 0, 0, 0, 0, 1]);
        let minutes = self.among(&[0_i64, 0, 5, 10, 15, 16, 20, 1_430, 1_439]);
        let effective_at = instant(days, minutes) + TimeDelta::microseconds(self.below(2) as i64);
        let phone = self.below(3);
        Count {
            id: CountId(uuid(5, place)),
            depot_id: DepotId(uuid(3, self.among(&[0, 0, 0, 1, 1, 2]))),
            kind: if officer { CountKind::Inspection } else { CountKind::Own },
            scope: self.among(&[CountScope::Full, CountScope::Listed]),
            source: match phone {
                0 => Source::Account(AccountId(uuid(8, usize::from(officer)))),
                phone => Source::Device(format!("phone-{phone}")),
            },
            effective_at,
            received_at: effective_at + TimeDelta::minutes(self.below(3) as i64),
            seq: self.some(60, |world| world.below(3) as i64),
            catalogue: CatalogueSeen::At(Revision(self.among(&[0, 1, 1, 3]))),
            counted_by: "Bao".to_owned(),
            resolves: if self.chance(25) { vec![CountId(uuid(5, self.below(14)))] } else { Vec::new() },
            voided: self.chance(10),
            flags: if self.chance(20) {
                vec![self.among(&[CountFlag::ClockCorrected, CountFlag::SeqJumped])]
            } else {
                Vec::new()
            },
            lines: self.list(1, 5, |world, _| world.line()),
        }
    }

    fn line(&mut self) -> CountLine {
        let item = self.item();
        let quantity = match self.below(60) {
            0 => Quantity::from_thousandths(999_999_999_000_i64).unwrap(),
            _ if item == "FOAM" && self.chance(40) => Quantity::from_thousandths(self.below(9_000) as i64).unwrap(),
            _ => whole(self.below(8) as i16),
        };
        CountLine {
            item,
            quantity,
            lot: self.some(40, |world| world.among(&["A1", "a1", "Ａ 1", "B2", "straße"])).and_then(LotNumber::read),
            expires_on: self.some(30, Self::day_near),
            made_on: self.some(30, Self::day_near),
            inspected_on: self.some(50, Self::day_near),
            condition: self.among(&[
                LotCondition::Serviceable,
                LotCondition::Serviceable,
                LotCondition::Serviceable,
                LotCondition::Serviceable,
                LotCondition::InRepair,
                LotCondition::Unserviceable,
            ]),
            held: self.among(&[Held::Here, Held::Here, Held::Here, Held::Here, Held::Lent]),
        }
    }
}
