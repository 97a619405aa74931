//! The standards: one file for each edition, with its clauses as rules.

use super::read::{File, ReferenceError, json};
use domain::draft::StandardText;
use domain::rule::Rule;
use domain::standard::{StandardCode, StandardDocument};

/// Names the files of `data/standards/`.
macro_rules! files {
    ($($code:literal),* $(,)?) => {
        &[$((
            concat!("standards/", $code, ".json"),
            include_str!(concat!("../../../data/standards/", $code, ".json")),
        )),*]
    };
}

/// Every standard embedded in the binary. A test asserts that no file of the folder is missing.
pub(super) const STANDARDS: &[File] = files![
    "AMBULANCE",
    "AQ2033-2011",
    "AQ4128-2019",
    "AQT1009",
    "CARE-NFI",
    "CJJ51-2016",
    "COALREFUGE",
    "ERL-2024",
    "FS-UNSTATED",
    "GA621-2013",
    "GB30077-2013",
    "GB30077-DRAFT",
    "GB50140-2005",
    "GB50156-2021",
    "GB50444-2008",
    "GB6222-2005",
    "GBT29315-2022",
    "GBT40248-2021",
    "GXF301-2015",
    "HB-SCHOOL",
    "HN-RELIEF",
    "HOUSEHOLD-BASIC",
    "IEHK-2017",
    "ILLUS",
    "JB-UNSTATED",
    "JB152-2017",
    "KM-RELIEF",
    "MICRO-LOCAL",
    "NFPA1901-1999",
    "NFPA1901-2009",
    "SC708-2019",
    "SHRC-2021",
    "SNX-SCHOOL-2010",
    "SPHERE-2011",
    "SZ-FOREST",
    "UNHCR-NUM",
    "YD-FOREST",
];

/// An edition of a standard with its rules, in the order of its clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardEntry {
    /// Its code.
    pub code: StandardCode,
    /// Its document.
    pub document: StandardDocument,
    /// Its rules.
    pub rules: Vec<Rule>,
}

pub(super) fn load() -> Result<Vec<StandardEntry>, ReferenceError> {
    STANDARDS.iter().map(|file| json(*file).map(entry)).collect()
}

fn entry(text: StandardText) -> StandardEntry {
    StandardEntry { document: text.document(), code: text.code, rules: text.rules }
}
