//! The words for codes: programs decide by the code, people read the words.

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

/// Codes that have words: the message of each is named by the family and the code, such as `status-short`.
pub trait Labelled: Into<&'static str> {
    /// What the codes are of.
    const FAMILY: &'static str;

    /// The words for the code.
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

/// Families whose codes come with the data, with those that have words.
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

/// The words for a unit of quantities; the unit itself where it has none.
pub fn unit_label(unit: &str) -> Message {
    label_or_code("unit", unit)
}

/// The words for a sector; the sector itself where it has none.
pub fn sector_label(sector: &str) -> Message {
    label_or_code("sector", sector)
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
                assert!(english.is_some() && chinese.is_some(), "no words for {family}-{code}");
                assert_ne!(english, chinese, "{family}-{code}");
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
