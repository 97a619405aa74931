//! Tables to be filled in, with an example of each form.
//!
//! The examples fit together: without the mark before them, they could be imported into an empty database.

use domain::count::LotCondition;
use domain::labels::Labelled as _;
use text::language::Language;

use super::form::Form;
use super::sheet::Sheet;
use super::value::Output;

/// The words for the condition of units that a table to fill in offers.
pub fn conditions(chinese: bool) -> Vec<String> {
    let language = if chinese { Language::Chinese } else { Language::English };
    let all = [LotCondition::Serviceable, LotCondition::InRepair, LotCondition::Unserviceable];
    all.iter().map(|condition| condition.label().text(language)).collect()
}

/// The template of a form: its columns, and an example that is not imported.
pub fn template(form: Form, chinese: bool) -> Sheet {
    let first = form.layout().columns.first().map_or("", |column| column.key);
    let row = |cells: &[(&'static str, &'static str)]| {
        let marked = cells.iter().map(|(column, value)| {
            let mark = if *column == first { "# " } else { "" };
            (*column, Output::Text(format!("{mark}{value}")))
        });
        marked.collect()
    };
    let more: &[&[(&str, &str)]] = match (form, chinese) {
        (Form::Rules, false) => &[AS_NEEDED, BAND],
        (Form::Rules, true) => &[AS_NEEDED_ZH, BAND_ZH],
        _ => &[],
    };
    let rows = std::iter::once(row(example(form, chinese))).chain(more.iter().map(|cells| row(cells))).collect();
    Sheet { form, chinese, is_template: true, rows }
}

/// The example of a rule that says "as needed"; the example of a target refers to it.
const AS_NEEDED: &[(&str, &str)] = &[
    ("code", "EXAMPLE-1-R2"),
    ("standard", "EXAMPLE-1"),
    ("clause", "4.2"),
    ("applies_when", "kind = enterprise"),
    ("scope", "enterprise"),
    ("item", "MASK"),
    ("quantity", "as_needed"),
    ("unit", "个"),
    ("strength", "mandatory"),
    ("text_en", "Masks for visitors, as needed."),
    ("text_zh", "来访人员用，按需配备。"),
    ("confidence", "illustrative"),
];

/// The same in Chinese.
const AS_NEEDED_ZH: &[(&str, &str)] = &[
    ("code", "EXAMPLE-1-R2"),
    ("standard", "EXAMPLE-1"),
    ("clause", "4.2"),
    ("applies_when", "性质 = 企业"),
    ("scope", "enterprise"),
    ("item", "MASK"),
    ("quantity", "按需"),
    ("unit", "个"),
    ("strength", "应配"),
    ("text_zh", "来访人员用，按需配备。"),
    ("confidence", "示例"),
];

/// The example of a rule with a choice of items and bands.
const BAND: &[(&str, &str)] = &[
    ("code", "EXAMPLE-1-R3"),
    ("standard", "EXAMPLE-1"),
    ("clause", "4.3"),
    ("applies_when", "kind = enterprise"),
    ("scope", "gate"),
    ("any_of", "MASK"),
    ("quantity", "band"),
    ("of", "people_on_shift"),
    ("rows", "-30: 2; 30-100: 4; 100-: 6"),
    ("unit", "个"),
    ("strength", "recommended"),
    ("text_en", "Masks at the gate: 2 below 30 persons, 4 from 30, 6 from 100."),
    ("text_zh", "门卫处：不足30人2个，30人起4个，100人起6个。"),
    ("confidence", "illustrative"),
];

/// The same in Chinese.
const BAND_ZH: &[(&str, &str)] = &[
    ("code", "EXAMPLE-1-R3"),
    ("standard", "EXAMPLE-1"),
    ("clause", "4.3"),
    ("applies_when", "性质 = 企业"),
    ("scope", "gate"),
    ("any_of", "MASK"),
    ("quantity", "分档"),
    ("of", "people_on_shift"),
    ("rows", "-30：2；30-100：4；100-：6"),
    ("unit", "个"),
    ("strength", "宜配"),
    ("text_zh", "门卫处：不足30人2个，30人起4个，100人起6个。"),
    ("confidence", "示例"),
];

/// The cells of an example.
fn example(form: Form, chinese: bool) -> &'static [(&'static str, &'static str)] {
    match (form, chinese) {
        (Form::Regions, false) => {
            &[("code", "159900"), ("name_en", "Example Banner"), ("name_zh", "示例旗"), ("validity_days", "90")]
        }
        (Form::Regions, true) => &[("code", "159900"), ("name_zh", "示例旗"), ("validity_days", "90")],
        (Form::ItemClasses, false) => {
            &[("code", "personal_protection"), ("name_en", "Personal protection"), ("name_zh", "个体防护")]
        }
        (Form::ItemClasses, true) => &[("code", "personal_protection"), ("name_zh", "个体防护")],
        (Form::Items, false) => &[
            ("code", "MASK"),
            ("name_en", "Gas mask"),
            ("name_zh", "防毒面具"),
            ("class", "personal_protection"),
            ("unit", "个"),
            ("measured", "no"),
            ("kind", "material"),
            ("perishable", "yes"),
            ("shelf_life_months", "60"),
            ("specification", "MF-1"),
            ("service_life", "96"),
            ("packs", "box=12; carton=144"),
            ("barcodes", "6901234567892"),
            ("retired", "no"),
        ],
        (Form::Items, true) => &[
            ("code", "MASK"),
            ("name_zh", "防毒面具"),
            ("class", "personal_protection"),
            ("unit", "个"),
            ("measured", "否"),
            ("kind", "物资"),
            ("perishable", "是"),
            ("shelf_life_months", "60"),
            ("specification", "MF-1"),
            ("service_life", "96"),
            ("packs", "盒=12；箱=144"),
            ("barcodes", "6901234567892"),
            ("retired", "否"),
        ],
        (Form::Dictionary, false) => &[
            ("key", "people_on_shift"),
            ("kind", "number"),
            ("unit", "人"),
            ("name_en", "People on shift"),
            ("name_zh", "当班人数"),
            ("definition_en", "The most people at work at the same time."),
            ("definition_zh", "同时在岗的最多人数。"),
        ],
        (Form::Dictionary, true) => &[
            ("key", "people_on_shift"),
            ("kind", "数值"),
            ("unit", "人"),
            ("name_zh", "当班人数"),
            ("definition_zh", "同时在岗的最多人数。"),
        ],
        (Form::Organizations, false) => &[
            ("code", "E1"),
            ("region", "159900"),
            ("kind", "enterprise"),
            ("name_en", "Example plant"),
            ("name_zh", "示例厂"),
            ("sector", "hazchem"),
            ("active", "yes"),
        ],
        (Form::Organizations, true) => &[
            ("code", "E1"),
            ("region", "159900"),
            ("kind", "企业"),
            ("name_zh", "示例厂"),
            ("sector", "危险化学品"),
            ("active", "是"),
        ],
        (Form::Facts, _) => &[("organization", "E1"), ("fact", "people_on_shift"), ("value", "24")],
        (Form::Depots, false) => &[
            ("code", "E1-D1"),
            ("organization", "E1"),
            ("name_en", "Store 1"),
            ("name_zh", "一号库"),
            ("latitude", "40.41"),
            ("longitude", "110.03"),
            ("datum", "cgcs2000"),
            ("keeper", "Liu"),
            ("keeper_phone", "0477-8120001"),
            ("holding", "physical"),
            ("open", "yes"),
        ],
        (Form::Depots, true) => &[
            ("code", "E1-D1"),
            ("organization", "E1"),
            ("name_zh", "一号库"),
            ("latitude", "40.41"),
            ("longitude", "110.03"),
            ("datum", "CGCS2000"),
            ("keeper", "刘"),
            ("keeper_phone", "0477-8120001"),
            ("holding", "实物"),
            ("open", "是"),
        ],
        (Form::Standards, false) => &[
            ("code", "EXAMPLE-1"),
            ("title_en", "Example standard"),
            ("title_zh", "示例标准"),
            ("jurisdiction", "CN-15"),
            ("status", "in_force"),
        ],
        (Form::Standards, true) => {
            &[("code", "EXAMPLE-1"), ("title_zh", "示例标准"), ("jurisdiction", "CN-15"), ("status", "现行")]
        }
        (Form::Rules, false) => &[
            ("code", "EXAMPLE-1-R1"),
            ("standard", "EXAMPLE-1"),
            ("clause", "4.1"),
            ("applies_when", "kind = enterprise and sector = hazchem"),
            ("scope", "enterprise"),
            ("item", "MASK"),
            ("quantity", "rate"),
            ("n", "1"),
            ("per", "1"),
            ("of", "people_on_shift"),
            ("at_least", "4"),
            ("spare", "4:1"),
            ("unit", "个"),
            ("strength", "mandatory"),
            ("text_en", "One mask for each person on shift."),
            ("text_zh", "当班人员每人一个。"),
            ("confidence", "illustrative"),
        ],
        (Form::Rules, true) => &[
            ("code", "EXAMPLE-1-R1"),
            ("standard", "EXAMPLE-1"),
            ("clause", "4.1"),
            ("applies_when", "性质 = 企业 且 行业 = 危险化学品"),
            ("scope", "enterprise"),
            ("item", "MASK"),
            ("quantity", "定额"),
            ("n", "1"),
            ("per", "1"),
            ("of", "people_on_shift"),
            ("at_least", "4"),
            ("spare", "4:1"),
            ("unit", "个"),
            ("strength", "应配"),
            ("text_zh", "当班人员每人一个。"),
            ("confidence", "示例"),
        ],
        (Form::Adoptions, false) => &[("region", "159900"), ("standard", "EXAMPLE-1"), ("strength", "mandatory")],
        (Form::Adoptions, true) => &[("region", "159900"), ("standard", "EXAMPLE-1"), ("strength", "应配")],
        (Form::ItemAnswers, _) => &[
            ("region", "159900"),
            ("ledger_name", "防毒面罩"),
            ("ledger_specification", "MF1"),
            ("ledger_unit", "个"),
            ("item", "MASK"),
        ],
        (Form::Ledger, _) => &[
            ("organization", "E1"),
            ("depot", "E1-D1"),
            ("place", "A-3"),
            ("name", "防毒面具"),
            ("specification", "MF1"),
            ("unit", "个"),
            ("quantity", "12"),
            ("made_on", "2025-03-01"),
            ("expires_on", "2030-02-28"),
            ("condition", "完好"),
            ("keeper", "刘"),
            ("counted_on", "2026-10-31"),
        ],
        (Form::Counts, false) => &[
            ("depot", "E1-D1"),
            ("item", "MASK"),
            ("quantity", "12"),
            ("counted_on", "2026-10-31"),
            ("expires_on", "2030-02-28"),
            ("condition", "serviceable"),
            ("held", "here"),
        ],
        (Form::Counts, true) => &[
            ("depot", "E1-D1"),
            ("item", "MASK"),
            ("quantity", "12"),
            ("counted_on", "2026-10-31"),
            ("expires_on", "2030-02-28"),
            ("condition", "完好"),
            ("held", "在库"),
        ],
        (Form::Targets, _) => &[("organization", "E1"), ("rule", "EXAMPLE-1-R2"), ("quantity", "30")],
    }
}
