//! Labels of codes: programs use the code, people read the label.

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
    (
        "team-type",
        &["fire_station", "forest_fire_team", "gas_repair_team", "hazchem_brigade", "medical_emergency", "mine_rescue"],
    ),
    ("unit", &["piece", "set", "pair", "kg", "g", "m", "m2", "m3", "L", "box", "roll", "unit", "vehicle", "person"]),
];

/// Units used only by facts or as Chinese measure words.
#[cfg(test)]
const FURTHER_UNITS: &[&str] = &[
    "10k-CNY",
    "arrangement",
    "article",
    "bag",
    "bay",
    "bed",
    "building",
    "chamber",
    "company",
    "compartment",
    "crew",
    "day",
    "diameter",
    "dispenser",
    "drill",
    "floor",
    "ft",
    "gate",
    "group",
    "hour",
    "household",
    "island",
    "kind",
    "km",
    "level",
    "minute",
    "month",
    "piece-cannon",
    "piece-extinguisher",
    "piece-handset",
    "piece-headgear",
    "piece-hose",
    "piece-lamp",
    "piece-machine",
    "piece-ration",
    "piece-rod",
    "piece-section",
    "piece-shield",
    "piece-stretcher",
    "piece-strip",
    "piece-tool",
    "piece-tube",
    "plan",
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
    fn a_code_of_the_data_without_words_stands_for_itself() {
        assert_eq!(unit_label("pair").text(Language::Chinese), "双");
        assert_eq!(unit_label("furlong").text(Language::Chinese), "furlong");
        assert_eq!(sector_label("").text(Language::English), "");
    }
}
