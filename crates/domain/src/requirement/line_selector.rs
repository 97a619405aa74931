//! What a requirement line is about, borrowed from the rules that ask for it.

use crate::item::ItemCode;
use crate::rule::{Alternative, Capability, Component, Kind, Rule, Selector};
use base::quantity::Quantity;

/// What a requirement line is about. A kit has none: its components do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineSelector<'a> {
    /// One item.
    Item(&'a ItemCode),
    /// Any of several items or bundles.
    AnyOf(&'a [Alternative]),
    /// A capability summed over items.
    Capability(&'a Capability),
    /// One of each kind.
    EachOf(&'a [Kind]),
    /// Something in words.
    Other(&'a str),
}

/// One of the lines that a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RulePart<'a> {
    /// What it is about.
    pub selector: LineSelector<'a>,
    /// How its number follows from the rule's.
    pub number: PartNumber,
}

/// How the number of a part follows from the number of its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartNumber {
    /// It is the rule's.
    Same,
    /// So many times the rule's: a component of a kit, or the kinds of which each is required.
    Times(Quantity),
    /// So many if the rule asks for anything: the kinds of a capability.
    Once(Quantity),
}

impl<'a> LineSelector<'a> {
    /// The items that can meet it, without repeats.
    pub fn items(self) -> Vec<&'a ItemCode> {
        let of_alternatives = |alternatives: &'a [Alternative]| -> Vec<&'a ItemCode> {
            alternatives.iter().flat_map(Alternative::parts).map(|(item, _)| item).collect()
        };
        let mut items = match self {
            Self::Item(item) => vec![item],
            Self::AnyOf(alternatives) => of_alternatives(alternatives),
            Self::Capability(capability) => of_alternatives(&capability.items),
            Self::EachOf(kinds) => kinds.iter().flat_map(|kind| &kind.items).collect(),
            Self::Other(_) => Vec::new(),
        };
        items.sort_unstable();
        items.dedup();
        items
    }

    /// The same, owned.
    pub fn to_selector(self) -> Selector {
        match self {
            Self::Item(item) => Selector::Item(item.clone()),
            Self::AnyOf(alternatives) => Selector::AnyOf(alternatives.to_vec()),
            Self::Capability(capability) => Selector::Capability(capability.clone()),
            Self::EachOf(kinds) => Selector::EachOf(kinds.to_vec()),
            Self::Other(words) => Selector::Other(words.to_owned()),
        }
    }
}

impl<'a> RulePart<'a> {
    /// The parts of a selector; none for a fact, which is not stock.
    pub fn of(selector: &'a Selector) -> Vec<Self> {
        let same = |selector| Self { selector, number: PartNumber::Same };
        match selector {
            Selector::Item(item) => vec![same(LineSelector::Item(item))],
            Selector::AnyOf(alternatives) => vec![same(LineSelector::AnyOf(alternatives))],
            Selector::Capability(capability) => {
                let kinds = (!capability.kinds.is_empty()).then(|| Self {
                    selector: LineSelector::EachOf(&capability.kinds),
                    number: PartNumber::Once(number_of(&capability.kinds)),
                });
                [same(LineSelector::Capability(capability))].into_iter().chain(kinds).collect()
            }
            Selector::EachOf(kinds) => {
                vec![Self { selector: LineSelector::EachOf(kinds), number: PartNumber::Times(number_of(kinds)) }]
            }
            Selector::Kit(components) => components.iter().map(Self::of_component).collect(),
            Selector::Fact(_) => Vec::new(),
            Selector::Other(words) => vec![same(LineSelector::Other(words))],
        }
    }

    /// A rule as a whole: one that checks something has no line.
    pub(super) fn whole(rule: &'a Rule) -> Self {
        Self { selector: LineSelector::Other(&rule.code), number: PartNumber::Same }
    }

    fn of_component(component: &'a Component) -> Self {
        Self { selector: LineSelector::Item(&component.item), number: PartNumber::Times(component.quantity) }
    }
}

/// The number of kinds; the rule check allows few.
fn number_of(kinds: &[Kind]) -> Quantity {
    i16::try_from(kinds.len()).map_or(Quantity::whole(i16::MAX), Quantity::whole)
}
