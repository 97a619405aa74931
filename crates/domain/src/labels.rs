//! Labels of codes: programs use the code, people read the label.

use crate::account::Role;
use crate::actor::SubjectKind;
use crate::assessment::Status;
use crate::condition::{FactState, Truth};
use crate::count::{CountFlag, CountKind, CountScope, Held, LotCondition};
use crate::depot::Holding;
use crate::fact::FactKind;
use crate::item::ItemKind;
use crate::organization::OrganizationKind;
use crate::requirement::Basis;
use crate::rule::{Certainty, Confidence, RuleRole, Strength};
use crate::standard::StandardStatus;
use crate::stock::{Doubt, LeftOut, SourceKind, StockState};
use text::language::Language;
use text::messages::Message;

/// Codes with labels: the message key is the family and the code, such as `status-short`.
pub trait Labelled: Into<&'static str> {
    /// The family of the codes.
    const FAMILY: &'static str;

    /// The label of the code.
    fn label(self) -> Message {
        let code: &'static str = self.into();
        Message::new(format!("{}-{code}", Self::FAMILY))
    }
}

macro_rules! families {
    ($($family:literal => $codes:ty,)*) => {
        $(impl Labelled for $codes {
            const FAMILY: &'static str = $family;
        })*

        /// Every family with its codes.
        pub const FAMILIES: &[(&str, &[&str])] =
            &[$(($family, <$codes as strum::VariantNames>::VARIANTS)),*];
    };
}

families! {
    "role" => Role,
    "status" => Status,
    "strength" => Strength,
    "basis" => Basis,
    "left-out" => LeftOut,
    "doubt" => Doubt,
    "stock-state" => StockState,
    "condition" => LotCondition,
    "held" => Held,
    "holding" => Holding,
    "count-kind" => CountKind,
    "count-scope" => CountScope,
    "count-flag" => CountFlag,
    "source" => SourceKind,
    "organization-kind" => OrganizationKind,
    "item-kind" => ItemKind,
    "fact-kind" => FactKind,
    "fact-state" => FactState,
    "standard-status" => StandardStatus,
    "confidence" => Confidence,
    "certainty" => Certainty,
    "rule-role" => RuleRole,
    "truth" => Truth,
    "subject" => SubjectKind,
}

/// Families whose codes come with the data, with the codes that have labels.
pub const OPEN_FAMILIES: &[(&str, &[&str])] = &[
    (
        "sector",
        &[
            "crowded",
            "fireworks",
            "hazchem",
            "metallurgy",
            "noncoal_mine",
            "oil_storage_transport",
            "pipeline",
            "town_gas",
        ],
    ),
    ("unit", &["piece", "set", "pair", "kg", "g", "m", "m2", "m3", "L", "box", "roll", "unit", "vehicle", "person"]),
];

/// Units used only by facts or as Chinese measure words.
#[cfg(test)]
const FURTHER_UNITS: &[&str] = &[
    "bed",
    "building",
    "chamber",
    "company",
    "crew",
    "dispenser",
    "floor",
    "gate",
    "group",
    "household",
    "island",
    "km",
    "level",
    "piece-extinguisher",
    "piece-headgear",
    "piece-machine",
    "piece-stretcher",
    "point",
    "pond",
    "squad",
    "station",
    "tank",
    "workplace",
];

/// The label of a unit; the unit itself if it has none.
pub fn unit_label(unit: &str) -> Message {
    label_or_code("unit", unit)
}

/// The label of a sector; the sector itself if it has none.
pub fn sector_label(sector: &str) -> Message {
    label_or_code("sector", sector)
}

/// The word for a unit after a number, singular or plural; the unit itself if it has none.
pub fn unit_words(unit: &str, one: bool) -> Message {
    label_or_code(if one { "unit" } else { "units" }, unit)
}

/// The label of a form of rule that is not evaluated; the form itself if it has none.
pub fn form_label(form: &str) -> Message {
    label_or_code("form", form)
}

fn label_or_code(family: &str, code: &str) -> Message {
    let label = Message::new(format!("{family}-{code}"));
    if label.find(Language::English).is_some() { label } else { Message::new("code").with("code", code) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_in_both_languages() {
        for (family, codes) in FAMILIES.iter().chain(OPEN_FAMILIES) {
            assert!(!codes.is_empty(), "{family}");
            for code in *codes {
                let label = Message::new(format!("{family}-{code}"));
                let [english, chinese] = [Language::English, Language::Chinese].map(|language| label.find(language));
                assert!(
                    english.is_some() && chinese.is_some(),
                    "write {family}-{code} in labels.ftl of both folders of messages"
                );
                assert_ne!(english, chinese, "{family}-{code}");
            }
        }
    }

    #[test]
    fn every_unit_has_words_beside_a_number() {
        let units = OPEN_FAMILIES.iter().filter(|(family, _)| *family == "unit").flat_map(|(_, units)| *units);
        for unit in units.chain(FURTHER_UNITS) {
            for one in [true, false] {
                let text = unit_words(unit, one).text(Language::Chinese);
                assert!(!text.is_empty() && text != *unit, "no words for {unit}");
            }
        }
    }

    #[test]
    fn the_code_is_named_as_json_has_it() {
        assert_eq!(Status::NotRequired.label().text(Language::Chinese), "无需配备");
        assert_eq!(LeftOut::InRepair.label().text(Language::English), "in repair");
    }

    #[test]
    fn a_code_of_the_data_without_words_stands_for_itself() {
        assert_eq!(unit_label("pair").text(Language::Chinese), "双");
        assert_eq!(unit_label("furlong").text(Language::Chinese), "furlong");
        assert_eq!(sector_label("").text(Language::English), "");
    }
}
