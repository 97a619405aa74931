//! Selectors: what a rule requires.

use serde::{Deserialize, Serialize};

use crate::fact::FactKey;
use crate::item::ItemCode;
use crate::one_member::one_member;
use base::quantity::Quantity;

/// The most alternatives, kinds or components of a selector.
pub const MOST_PARTS: usize = 200;

one_member! {
    /// What a rule requires: exactly one of the members.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Selector as SelectorMembers {
        /// One item of the catalogue.
        #[schema(value_type = Option<String>, max_length = 32)]
        Item("item" item: ItemCode),
        /// Any of several items or bundles of items; quantities are in units of an alternative with the factor 1.
        #[schema(min_items = 1, max_items = 200)]
        AnyOf("any_of" any_of: Vec<Alternative>),
        /// A capability summed over the items that have it; quantities are in units of the capability.
        Capability("capability" capability: Capability),
        /// One of each kind: the quantity is required of every kind, and a surplus of one kind replaces no other.
        #[schema(min_items = 1, max_items = 200)]
        EachOf("each_of" each_of: Vec<Kind>),
        /// A kit, exploded: each component is required on its own, the quantity times its number in one kit.
        #[schema(min_items = 1, max_items = 200)]
        Kit("kit" kit: Vec<Component>),
        /// A number on the fact sheet, such as guards or rated places. It is checked and reported, but is no stock.
        Fact("fact" fact: FactSelector),
        /// Something that no figure can be given for, in words.
        #[schema(max_length = 1000)]
        Other("other" other: String),
    }
}

/// One way to meet a requirement: units of an item, or bundles.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// The item; absent for a bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, max_length = 32)]
    pub item: Option<ItemCode>,
    /// The items that count together; empty for a single item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 20)]
    pub bundle: Vec<Component>,
    /// The number that one unit of the item, or one bundle, counts for; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub factor: Quantity,
}

impl Alternative {
    /// One unit of an item that counts for a number.
    pub fn item(code: &str, factor: Quantity) -> Self {
        Self { item: Some(code.to_owned()), bundle: Vec::new(), factor }
    }

    /// The items that one use of the alternative takes, each with its number.
    pub fn parts(&self) -> Vec<(&ItemCode, Quantity)> {
        match &self.item {
            Some(item) => vec![(item, one())],
            None => self.bundle.iter().map(|part| (&part.item, part.quantity)).collect(),
        }
    }
}

/// Units of an item within a bundle or a kit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The item.
    #[schema(value_type = String, max_length = 32)]
    pub item: ItemCode,
    /// Its number in one bundle or kit, in its own unit; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub quantity: Quantity,
}

/// A capability, such as an extinguishing rating or a length of ladder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Its name in English.
    #[schema(max_length = 200)]
    pub name_en: String,
    /// Its name in Chinese.
    #[schema(max_length = 200)]
    pub name_zh: String,
    /// The items that have it, each with what one unit of it counts for.
    #[schema(min_items = 1, max_items = 200)]
    pub items: Vec<Alternative>,
    /// The kinds of which one unit each is required besides, on the same units; that is a line of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 200)]
    pub kinds: Vec<Kind>,
}

/// Items of which any one counts as the kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name in English.
    #[schema(max_length = 200)]
    pub name_en: String,
    /// Its name in Chinese.
    #[schema(max_length = 200)]
    pub name_zh: String,
    /// The items.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 200)]
    pub items: Vec<ItemCode>,
}

/// A number on the fact sheet that a rule checks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactSelector {
    /// The fact.
    #[schema(value_type = String, max_length = 64)]
    pub key: FactKey,
    /// The side on which the quantity bounds it; `at_least` if absent.
    #[serde(default)]
    pub bound: Bound,
}

/// The side on which a quantity bounds a fact.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Bound {
    /// The fact is to be at least the quantity.
    #[default]
    AtLeast,
    /// The fact is to be at most the quantity.
    AtMost,
}

impl Selector {
    /// A name that programs can show without a catalogue: the code of an item, the codes of several with `|` between
    /// them, or words.
    pub fn name(&self) -> String {
        let codes = || self.items().into_iter().map(String::as_str).collect::<Vec<_>>().join("|");
        match self {
            Self::Item(_) | Self::AnyOf(_) | Self::Kit(_) => codes(),
            Self::Capability(capability) => capability.name_en.clone(),
            Self::EachOf(kinds) => kinds.iter().map(|kind| kind.name_en.as_str()).collect::<Vec<_>>().join(" + "),
            Self::Fact(fact) => fact.key.clone(),
            Self::Other(words) => words.clone(),
        }
    }

    /// The item codes that it names.
    pub fn items(&self) -> Vec<&ItemCode> {
        match self {
            Self::Item(item) => vec![item],
            Self::AnyOf(alternatives) => items_of(alternatives),
            Self::Capability(capability) => {
                let kinds = capability.kinds.iter().flat_map(|kind| &kind.items);
                items_of(&capability.items).into_iter().chain(kinds).collect()
            }
            Self::EachOf(kinds) => kinds.iter().flat_map(|kind| &kind.items).collect(),
            Self::Kit(components) => components.iter().map(|component| &component.item).collect(),
            Self::Fact(_) | Self::Other(_) => Vec::new(),
        }
    }
}

fn items_of(alternatives: &[Alternative]) -> Vec<&ItemCode> {
    alternatives.iter().flat_map(Alternative::parts).map(|(item, _)| item).collect()
}

pub(super) fn one() -> Quantity {
    Quantity::whole(1)
}

pub(super) fn is_one(quantity: &Quantity) -> bool {
    *quantity == one()
}
