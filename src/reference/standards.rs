//! The standards: one file for each edition, with its clauses as rules.

use chrono::NaiveDate;
use serde::Deserialize;

use super::read::{File, ReferenceError, json};
use crate::domain::rule::Rule;
use crate::domain::standard::{StandardCode, StandardDocument, StandardStatus};

/// Names the files of `data/standards/`.
macro_rules! files {
    ($($code:literal),* $(,)?) => {
        &[$((
            concat!("standards/", $code, ".json"),
            include_str!(concat!("../../data/standards/", $code, ".json")),
        )),*]
    };
}

/// Every standard that the binary carries. A test asserts that none of the folder is missing.
pub(super) const STANDARDS: &[File] = files![
    "AMBULANCE",
    "AQ2033-2011",
    "AQ4128-2019",
    "AQT1009",
    "CJJ51-2016",
    "GA621-2013",
    "GB30077-2013",
    "GB50140-2005",
    "GB50156-2021",
    "GB50444-2008",
    "GB6222-2005",
    "GBT29315-2022",
    "GBT40248-2021",
    "GXF301-2015",
    "ILLUS",
    "JB-UNSTATED",
    "JB152-2017",
];

/// An edition of a standard with its rules, in the order of its clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardEntry {
    /// Its code.
    pub code: StandardCode,
    /// What is recorded of it.
    pub document: StandardDocument,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// The document's fields are named again: a flattened struct could not refuse unknown ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StandardFile {
    code: StandardCode,
    title_en: String,
    title_zh: String,
    jurisdiction: String,
    status: StandardStatus,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    replaced_by: Option<StandardCode>,
    note: Option<String>,
    rules: Vec<Rule>,
}

pub(super) fn load() -> Result<Vec<StandardEntry>, ReferenceError> {
    STANDARDS.iter().map(|file| json(*file).map(entry)).collect()
}

fn entry(file: StandardFile) -> StandardEntry {
    StandardEntry {
        code: file.code,
        document: StandardDocument {
            title_en: file.title_en,
            title_zh: file.title_zh,
            jurisdiction: file.jurisdiction,
            status: file.status,
            valid_from: file.valid_from,
            valid_to: file.valid_to,
            replaced_by: file.replaced_by,
            note: file.note,
        },
        rules: file.rules,
    }
}
