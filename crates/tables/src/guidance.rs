//! Help for filling in a table: the values that columns may hold, the required columns, and a few explanations.

use super::choices::{Choice, QUANTITIES, SECTORS, TEAM_TYPES};
use super::form::Form;
use domain::count::{Held, LotCondition};
use domain::depot::Holding;
use domain::fact::FactKind;
use domain::item::ItemKind;
use domain::organization::OrganizationKind;
use domain::rule::{Bound, Certainty, Confidence, RuleRole, StepRounding, Strength, TimeUnit};
use domain::standard::StandardStatus;

/// The values that a column may hold, each in English and in Chinese; `None` for a column of free values.
pub(crate) fn choices(form: Form, column: &str) -> Option<Vec<[&'static str; 2]>> {
    Some(match (form, column) {
        (_, "measured" | "perishable" | "retired" | "active" | "open" | "withdrawn") => words::<bool>(),
        (Form::Items, "kind") => words::<ItemKind>(),
        (Form::Dictionary, "kind") => words::<FactKind>(),
        (Form::Organizations, "kind") => words::<OrganizationKind>(),
        (_, "organization_type") => coded(TEAM_TYPES),
        (_, "sector") => coded(SECTORS),
        (_, "holding") => words::<Holding>(),
        (_, "condition") => words::<LotCondition>(),
        (_, "held") => words::<Held>(),
        (_, "status") => words::<StandardStatus>(),
        (Form::Adoptions, "strength") => words::<Option<Strength>>(),
        (_, "strength") => words::<Strength>(),
        (_, "role") => words::<RuleRole>(),
        (_, "confidence" | "attribution") => words::<Confidence>(),
        (_, "recall_certainty") => words::<Certainty>(),
        (Form::Rules, "quantity") => coded(QUANTITIES),
        (Form::Rules, "rounding") => words::<StepRounding>(),
        (Form::Rules, "time_unit") => words::<TimeUnit>(),
        (Form::Rules, "bound") => words::<Bound>(),
        _ => return None,
    })
}

fn words<T: Choice>() -> Vec<[&'static str; 2]> {
    let pair = |words: &&'static [&'static str]| {
        let english = words.first().copied().unwrap_or_default();
        [english, words.get(1).copied().unwrap_or(english)]
    };
    T::WORDS.iter().map(|(_, words)| pair(words)).collect()
}

fn coded(words: &[(&'static str, &'static [&'static str])]) -> Vec<[&'static str; 2]> {
    words.iter().map(|(code, words)| [*code, words.first().copied().unwrap_or(code)]).collect()
}

/// True for a column that every row must fill, or for one of a group of which it must fill at least one.
pub(crate) fn is_required(form: Form, column: &str) -> bool {
    let more: &[&str] = match form {
        Form::Facts => &["fact", "value"],
        // Without a day, a ledger is refused.
        Form::Ledger => &["organization", "depot", "counted_on"],
        Form::Rules => &["clause", "applies_when", "scope", "unit", "strength", "confidence", "text_zh"],
        _ => &[],
    };
    more.contains(&column) || form.layout().needs.iter().any(|group| group.first() == Some(&column))
}

/// The words on the sheet that explains a template.
pub(crate) fn explanation(chinese: bool) -> [&'static str; 4] {
    if chinese {
        [
            "表头带 * 且底色为黄的列必须填写；名称只填中文或英文之一亦可。",
            "有固定取值的列可从下拉列表中选择。",
            "以 # 开头的行、列和工作表不会导入：示例行可保留，也可去掉 # 后改写。",
            "编码和条码请以文本格式填写，以免表格软件去掉前面的 0。",
        ]
    } else {
        [
            "Columns with * and a yellow header must be filled in; of two names one is enough.",
            "Columns with fixed values offer them in a list.",
            "Rows, columns and sheets that begin with # are not imported: keep the example, or overwrite it without its #.",
            "Enter codes and barcodes as text, so that no program drops the zeros before them.",
        ]
    }
}
