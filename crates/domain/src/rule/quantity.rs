//! Quantities: how much a rule requires.
//!
//! The order is: in use, `at_least` / `at_most`, spare, rounding. A basis of 0 asks for 0, whatever `at_least` says.
//! Counted units are rounded up to whole numbers, measured units (kg, L, m) at the third decimal.

use serde::{Deserialize, Serialize};

use super::selector::{Selector, is_one, one};
use crate::condition::ClassTable;
use crate::fact::FactKey;
use crate::one_member::one_member;
use base::quantity::Quantity;

one_member! {
    /// How much a rule requires: exactly one of the members.
    #[derive(Clone, Debug, PartialEq)]
    pub enum RuleQuantity as RuleQuantityMembers {
        /// A number per number of something.
        Rate("rate" rate: Rate),
        /// The units that cover a size: ⌈factor × size / capacity⌉.
        Coverage("coverage" coverage: Coverage),
        /// A number by bands of one or two facts.
        Band("band" band: Band),
        /// A number from a size on, and more for each further part of it.
        Step("step" step: Step),
        /// A number per person and time.
        PerCapita("per_capita" per_capita: PerCapita),
        /// A number for what is required of something else in the same scope.
        Ratio("ratio" ratio: Ratio),
        /// At least one.
        Present("present" present: Unquantified),
        /// From one number to another: the lower one is required, more than the upper one is only noted.
        Range("range" range: Range),
        /// The number that the organization declares itself.
        AsNeeded("as_needed" as_needed: Unquantified),
        /// It may be held; nothing is required.
        Optional("optional" optional: Unquantified),
        /// For a parameter: the share of the units held that may be away (lent or in repair) at a time.
        AwayAtMost("away_at_most" away_at_most: Share),
        /// For a parameter: the service life of the items named.
        ServiceLife("service_life" service_life: ServiceLife),
        /// For a class table: the classes of organizations, by facts.
        Classes("classes" classes: ClassTable),
        /// For a parameter that says how other rules are calculated, and has no number of its own.
        Stated("stated" stated: Unquantified),
        /// A form that this version does not evaluate, by its name; its requirement is `[0, unbounded]`.
        #[schema(max_length = 64)]
        NotEvaluated("not_evaluated" not_evaluated: String),
    }
}

one_member! {
    /// The spare on top of the number in use: exactly one of the members.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Spare as SpareMembers {
        /// So many spare for every so many in use (备份比).
        Ratio("ratio" ratio: SpareRatio),
        /// A percentage of the number in use.
        #[schema(maximum = 100_000)]
        Percent("percent" percent: u32),
    }
}

/// ⌈in_use × reserve / for_each⌉ spare (GA 621: 备份比); for measured units rounded up at the third decimal only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpareRatio {
    /// The number in use.
    #[schema(minimum = 1, maximum = 4_294_967_295_u32)]
    pub for_each: u32,
    /// The spare for that number.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    pub reserve: u32,
}

impl Spare {
    /// `reserve` spare for every `for_each` in use.
    pub fn ratio(for_each: u32, reserve: u32) -> Self {
        Self::Ratio(SpareRatio { for_each, reserve })
    }
}

/// The limits of a number in use, and the spare on top of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The lower limit.
    pub at_least: Option<Quantity>,
    /// The upper limit.
    pub at_most: Option<Quantity>,
    /// The spare.
    pub spare: Option<Spare>,
}

/// A quantity without a number of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unquantified {}

/// *n per k of a basis*, within limits, with a spare on top.
///
/// Counted units: n for each started k. Measured units: n × basis / k.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// n, in the rule's unit.
    pub n: Quantity,
    /// k; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub per: Quantity,
    /// The number on the fact sheet that is counted; the organization itself if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub of: Option<FactKey>,
    /// The lower limit of the number in use, if the clause says "at least".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_least: Option<Quantity>,
    /// The upper limit of the number in use, if the clause says "at most".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_most: Option<Quantity>,
    /// The spare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spare: Option<Spare>,
}

/// ⌈factor × size / capacity⌉, always whole (GB 50140 7.3.1: Q = K × S / U), and where `unit_capacity` is given the
/// number of units of that capacity: ⌈that / unit_capacity⌉.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// The size that is to be covered, a number on the fact sheet.
    #[schema(value_type = String, max_length = 64)]
    pub of: FactKey,
    /// The factor; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub factor: Quantity,
    /// A number on the fact sheet that is a further factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub factor_of: Option<FactKey>,
    /// The size that one unit of the capability covers.
    pub capacity: Quantity,
    /// The capability of one unit required; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub unit_capacity: Quantity,
    /// The lower limit of the number in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_least: Option<Quantity>,
    /// The upper limit of the number in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_most: Option<Quantity>,
    /// The spare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spare: Option<Spare>,
}

/// A number by bands of one or two facts. The first row that fits gives the number; if none fits, nothing is required.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The number on the fact sheet that the bands divide.
    #[schema(value_type = String, max_length = 64)]
    pub of: FactKey,
    /// The second number that they divide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub and: Option<FactKey>,
    /// The rows, in order.
    #[schema(min_items = 1, max_items = 100)]
    pub rows: Vec<BandRow>,
    /// The spare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spare: Option<Spare>,
}

/// One band: half-open, from a number up to but not including another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BandRow {
    /// The least value of the first fact; 0 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<Quantity>,
    /// The value of the first fact at which the band has ended; unbounded if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub below: Option<Quantity>,
    /// The least value of the second fact; 0 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub and_from: Option<Quantity>,
    /// The value of the second fact at which the band has ended; unbounded if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub and_below: Option<Quantity>,
    /// The number required, in the rule's unit.
    pub n: Quantity,
    /// The upper end where the clause gives a range; more is only noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<Quantity>,
}

/// A number from a size on, and more for each further part of it.
///
/// Below `from` nothing is required. From there on it is n + more × ⌊(size − from) / per⌋, or ⌈…⌉.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The number on the fact sheet.
    #[schema(value_type = String, max_length = 64)]
    pub of: FactKey,
    /// The size from which it holds; 0 if absent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub from: Quantity,
    /// The number required at that size.
    pub n: Quantity,
    /// The number required for each further part.
    pub more: Quantity,
    /// The further part.
    pub per: Quantity,
    /// Whether a part that is not complete counts.
    pub rounding: StepRounding,
    /// The upper limit of the number in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_most: Option<Quantity>,
    /// The spare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spare: Option<Spare>,
}

/// Whether a further part that is not complete counts.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StepRounding {
    /// Only complete parts count.
    Floor,
    /// A part that has begun counts.
    Ceil,
}

/// n per k persons and time: n × persons / per × time / per_time, rounded up once at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PerCapita {
    /// n, in the rule's unit.
    pub n: Quantity,
    /// k; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub per: Quantity,
    /// The number on the fact sheet that is counted.
    #[schema(value_type = String, max_length = 64)]
    pub of: FactKey,
    /// The time for which it must last.
    pub time: Quantity,
    /// The time for which n lasts; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub per_time: Quantity,
    /// The unit of both times.
    pub time_unit: TimeUnit,
    /// The lower limit of the number in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_least: Option<Quantity>,
    /// The upper limit of the number in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_most: Option<Quantity>,
    /// The spare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spare: Option<Spare>,
}

/// A unit of time.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TimeUnit {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A month.
    Month,
}

/// *n per k* of what is required of something else in the same scope, spare included and before alternatives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// n, in the rule's unit.
    pub n: Quantity,
    /// k; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub per: Quantity,
    /// What is counted.
    pub to: Selector,
    /// The lower limit of the number in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_least: Option<Quantity>,
    /// The upper limit of the number in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_most: Option<Quantity>,
    /// The spare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spare: Option<Spare>,
}

/// From one number to another, per number of something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The number required, in the rule's unit.
    pub from: Quantity,
    /// The upper end; more is only noted.
    pub to: Quantity,
    /// k; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub per: Quantity,
    /// The number on the fact sheet that is counted; the organization itself if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub of: Option<FactKey>,
}

/// A share: n of every k.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// n.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    pub n: u32,
    /// k.
    #[schema(minimum = 1, maximum = 4_294_967_295_u32)]
    pub per: u32,
}

/// A service life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceLife {
    /// The number of months from the day of make.
    #[schema(minimum = 1, maximum = 1200)]
    pub months: u32,
}

impl RuleQuantity {
    /// "As needed".
    pub const AS_NEEDED: Self = Self::AsNeeded(Unquantified {});

    /// "May be held".
    pub const OPTIONAL: Self = Self::Optional(Unquantified {});

    /// The name of the form, as its member is called.
    pub fn form(&self) -> &str {
        match self {
            Self::Rate(_) => "rate",
            Self::Coverage(_) => "coverage",
            Self::Band(_) => "band",
            Self::Step(_) => "step",
            Self::PerCapita(_) => "per_capita",
            Self::Ratio(_) => "ratio",
            Self::Present(_) => "present",
            Self::Range(_) => "range",
            Self::AsNeeded(_) => "as_needed",
            Self::Optional(_) => "optional",
            Self::AwayAtMost(_) => "away_at_most",
            Self::ServiceLife(_) => "service_life",
            Self::Classes(_) => "classes",
            Self::Stated(_) => "stated",
            Self::NotEvaluated(form) => form,
        }
    }

    /// The limits of the number in use and the spare on top of it.
    pub fn limits(&self) -> Limits {
        match self {
            Self::Rate(Rate { at_least, at_most, spare, .. })
            | Self::Coverage(Coverage { at_least, at_most, spare, .. })
            | Self::PerCapita(PerCapita { at_least, at_most, spare, .. })
            | Self::Ratio(Ratio { at_least, at_most, spare, .. }) => {
                Limits { at_least: *at_least, at_most: *at_most, spare: *spare }
            }
            Self::Step(Step { at_most, spare, .. }) => Limits { at_least: None, at_most: *at_most, spare: *spare },
            Self::Band(Band { spare, .. }) => Limits { spare: *spare, ..Limits::default() },
            Self::Present(_)
            | Self::Range(_)
            | Self::AsNeeded(_)
            | Self::Optional(_)
            | Self::AwayAtMost(_)
            | Self::ServiceLife(_)
            | Self::Classes(_)
            | Self::Stated(_)
            | Self::NotEvaluated(_) => Limits::default(),
        }
    }

    /// The facts that it counts, in a fixed order. Those of a class table are in its conditions.
    pub fn facts(&self) -> Vec<&FactKey> {
        match self {
            Self::Rate(Rate { of, .. }) | Self::Range(Range { of, .. }) => of.iter().collect(),
            Self::Coverage(Coverage { of, factor_of, .. }) => [of].into_iter().chain(factor_of).collect(),
            Self::Band(Band { of, and, .. }) => [of].into_iter().chain(and).collect(),
            Self::Step(Step { of, .. }) | Self::PerCapita(PerCapita { of, .. }) => vec![of],
            Self::Ratio(_)
            | Self::Present(_)
            | Self::AsNeeded(_)
            | Self::Optional(_)
            | Self::AwayAtMost(_)
            | Self::ServiceLife(_)
            | Self::Classes(_)
            | Self::Stated(_)
            | Self::NotEvaluated(_) => Vec::new(),
        }
    }
}

fn is_zero(quantity: &Quantity) -> bool {
    *quantity == Quantity::ZERO
}
