//! Labels around the table of a ledger: `单位：…　存放地点：…　盘点日期：…`, several in one cell or one beside the other.

use chrono::NaiveDate;

use super::cells::{Cell, compact};
use super::day::{self, days_in};
use super::units;
use crate::folding::half_width;
use crate::value::Value;

/// The thing that a label states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// The organization.
    Organization,
    /// The depot.
    Depot,
    /// The keeper.
    Keeper,
    /// The keeper's phone.
    Phone,
    /// The unit of measure.
    Unit,
    /// The day of the ledger.
    Day,
    /// Who made or checked the ledger: nothing that a row asks for.
    Signature,
    /// A remark.
    Remark,
}

/// A label with its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    /// The thing that it states; `None` for a word that is not known.
    pub subject: Option<Subject>,
    /// The value, as it stands.
    pub words: String,
    /// The day, where the value is one.
    pub day: Option<NaiveDate>,
}

/// The maximum length of a label in characters.
const LONGEST_LABEL: usize = 16;

/// The maximum length of a text in which labels are looked for, in bytes.
const LONGEST: usize = 1_200;

/// The words of labels, in the form used for comparison.
const WORDS: &[(Subject, &[&str])] = &[
    (
        Subject::Organization,
        &[
            "单位",
            "单位名称",
            "填报单位",
            "所属单位",
            "使用单位",
            "队伍名称",
            "队伍",
            "企业名称",
            "保管单位",
            "储备单位",
            "管理单位",
            "报送单位",
            "盘点单位",
            "上报单位",
            "organization",
        ],
    ),
    (
        Subject::Depot,
        &[
            "存放地点",
            "库点",
            "库点名称",
            "仓库",
            "仓库名称",
            "库房",
            "存放位置",
            "储存地点",
            "储备地点",
            "存放库房",
            "储备库",
            "depot",
        ],
    ),
    (
        Subject::Keeper,
        &["保管人", "负责人", "管理员", "保管员", "库管员", "责任人", "管理人", "联系人", "保管责任人", "keeper"],
    ),
    (Subject::Phone, &["联系电话", "电话", "手机", "手机号", "联系方式", "phone"]),
    (Subject::Unit, &["计量单位", "数量单位"]),
    (
        Subject::Day,
        &[
            "盘点日期",
            "盘点时间",
            "清点日期",
            "清点时间",
            "截止日期",
            "截至日期",
            "截至时间",
            "截止日",
            "盘点基准日",
            "基准日",
            "清查日期",
            "截止时间",
            "统计日期",
            "统计时间",
            "统计截止日期",
            "统计截止时间",
            "填报日期",
            "填报时间",
            "制表日期",
            "制表时间",
            "填表日期",
            "填表时间",
            "更新日期",
            "更新时间",
            "上报日期",
            "编制日期",
            "日期",
            "时间",
            "date",
        ],
    ),
    (
        Subject::Signature,
        &[
            "制表人",
            "制表",
            "审核人",
            "审核",
            "填表人",
            "填报人",
            "经办人",
            "盘点人",
            "监盘人",
            "监盘",
            "复核人",
            "复核",
            "批准人",
            "批准",
            "审批",
            "审批人",
            "主管",
            "主管领导",
            "分管领导",
            "单位负责人",
            "部门负责人",
            "签字",
            "签名",
            "盖章",
            "编制",
            "编制人",
            "制单",
            "制单人",
            "记账",
            "统计人",
            "领导签字",
            "金额单位",
        ],
    ),
    (Subject::Remark, &["注", "备注", "说明", "填表说明", "注意", "注意事项", "附注", "注1", "注2", "note"]),
];

fn subject_of(word: &str) -> Option<Subject> {
    // 填报单位(盖章)
    let word = word.split_once('(').map_or(word, |(word, _)| word);
    WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(subject, _)| *subject)
}

/// The labels of a row, if it has nothing else. `name` is the column of names, in which an unknown label is a name.
pub(super) fn of_row(cells: &[Cell<'_>], name: Option<usize>) -> Option<Vec<Label>> {
    let mut labels: Vec<Label> = Vec::new();
    // A label whose value is to come in the next cell.
    let mut open = false;
    for cell in cells {
        let text = cell.shown();
        let before = std::mem::take(&mut open);
        let (title, found) = if cell.text().is_some() { in_text(&text) } else { (String::new(), Vec::new()) };
        let word = compact(&text);
        let is_name = name == Some(cell.column) && !word.ends_with(':');
        let bare = subject_of(word.trim_end_matches(':')).filter(|_| cell.text().is_some());
        // There are telephones in stock, but nobody's signature.
        let bare = bare.filter(|subject| !is_name || *subject == Subject::Signature);
        if !title.is_empty() && !found.is_empty() {
            return None;
        }
        if let Some(subject) = bare {
            labels.push(Label { subject: Some(subject), words: String::new(), day: None });
            open = true;
        } else if let [first, ..] = found.as_slice() {
            if first.subject.is_none() && name == Some(cell.column) {
                return None;
            }
            open = found.last().is_some_and(|label| label.words.is_empty());
            labels.extend(found);
        } else if let Some(label) = labels.last_mut().filter(|_| before) {
            label.words = text.trim().to_owned();
            label.day = match cell.value {
                Value::Day(day) => Some(*day),
                _ => only_day(&label.words),
            };
        } else {
            return None;
        }
    }
    // Labels alone are a header, not statements, but for the empty lines of signatures.
    let says = labels.iter().any(|label| !label.words.is_empty() || label.subject == Some(Subject::Signature));
    let is_colon = cells.iter().any(|cell| cell.text().is_some_and(|text| half_width(text).contains(':')));
    (says || is_colon).then(|| labels.into_iter().map(settle).collect())
}

/// The labels within a text, and the words before the first of them, such as a title.
pub(super) fn in_text(text: &str) -> (String, Vec<Label>) {
    if text.len() > LONGEST {
        return (text.to_owned(), Vec::new());
    }
    let folded = half_width(text).replace('\n', " ");
    // Each label with the place where it begins, and that where its value begins.
    let mut places: Vec<(usize, usize, Option<Subject>)> = Vec::new();
    for (colon, _) in folded.match_indices(':') {
        let from = places.last().map_or(0, |(_, value, _)| *value);
        let before = folded.get(from..colon).unwrap_or_default();
        if let Some((start, subject)) = label_at_end(before) {
            places.push((from + start, colon + 1, subject));
            if subject == Some(Subject::Remark) {
                break;
            }
        }
    }
    // The folded text has as many characters as the original.
    let original = |from: usize, to: usize| -> String {
        let count = |end: usize| folded.get(..end).map_or(0, |before| before.chars().count());
        text.chars().skip(count(from)).take(count(to) - count(from)).collect()
    };
    let ends = places.iter().skip(1).map(|(start, ..)| *start).chain([folded.len()]);
    let label = |((_, value, subject), end): (&(usize, usize, Option<Subject>), usize)| {
        let blank = |sign: char| sign.is_whitespace() || matches!(sign, '_' | ',' | ';' | '，' | '；' | '。');
        let words = original(*value, end).replace('\n', " ").trim_matches(blank).to_owned();
        let day = only_day(&words);
        settle(Label { subject: *subject, words, day })
    };
    let before = places.first().map_or(folded.len(), |(start, ..)| *start);
    let before = original(0, before).trim().to_owned();
    (before, places.iter().zip(ends).map(label).collect())
}

/// The label at the end of a text, with the place where it begins. A word that is not known is a label as well, if it
/// begins with a letter: the colon of a time of day ends none.
fn label_at_end(text: &str) -> Option<(usize, Option<Subject>)> {
    let is_break = |sign: char| {
        sign.is_whitespace() || matches!(sign, ',' | ';' | '，' | '；' | '。' | '、' | ')' | '）' | '(' | '|')
    };
    let (mut word, mut known, mut unknown) = (String::new(), None, None);
    for (at, sign) in text.char_indices().rev().take(LONGEST_LABEL) {
        if !sign.is_whitespace() {
            word.insert(0, sign);
        }
        let is_start = text.get(..at).is_some_and(|before| before.is_empty() || before.ends_with(is_break));
        if is_start && !sign.is_whitespace() {
            if let Some(subject) = subject_of(&word) {
                known = Some((at, Some(subject)));
            } else if unknown.is_none() && sign.is_alphabetic() {
                unknown = Some(at);
            }
        }
    }
    known.or_else(|| unknown.map(|at| (at, None)))
}

/// Labels whose value shows what they mean: `单位：套` is a unit of measure.
fn settle(mut label: Label) -> Label {
    for seal in ["(盖章)", "（盖章）", "(公章)", "（公章）"] {
        if let Some(words) = label.words.strip_suffix(seal) {
            label.words = words.trim_end().to_owned();
        }
    }
    // A day instead of a name, as on a form that is signed and dated.
    if label.subject == Some(Subject::Signature) && label.day.is_some() {
        label.subject = Some(Subject::Day);
    }
    if label.subject == Some(Subject::Organization) && units::is_unit(&compact(&label.words)) {
        label.subject = Some(Subject::Unit);
    }
    if label.subject == Some(Subject::Organization) && ["元", "万元", "人民币元"].contains(&label.words.as_str())
    {
        label.subject = Some(Subject::Signature);
    }
    label
}

/// The day that some words say, if that is all they say: `2026年10月31日`, `截至2026.10.31`.
pub(super) fn only_day(words: &str) -> Option<NaiveDate> {
    let folded = half_width(words);
    // 2026年10月31日(星期六)
    let words = folded.trim();
    let day = words.strip_suffix(')').and_then(|words| words.split_once('(')).map(|(day, _)| day.trim_end());
    let words = day.filter(|day| !day.is_empty()).unwrap_or_else(|| words.trim_matches(['(', ')']).trim());
    let words = UNTIL.iter().find_map(|until| words.strip_prefix(until)).unwrap_or(words);
    let words = words.trim_start_matches(':').trim();
    // A time of day does not make it another day.
    let words = words.split_once(' ').filter(|(_, time)| is_time(time)).map_or(words, |(day, _)| day);
    match day::read(words, day::DayKind::Past) {
        day::LedgerDay::Day(day) => Some(day),
        _ => None,
    }
}

/// Words before the day of a ledger.
const UNTIL: [&str; 6] = ["统计截至", "截止到", "截至到", "截止", "截至", "盘点日"];

/// Words of a title of a ledger.
const TITLES: [&str; 13] = [
    "台账",
    "台帐",
    "清单",
    "登记表",
    "统计表",
    "明细",
    "一览表",
    "盘点表",
    "汇总表",
    "库存表",
    "储备表",
    "登记册",
    "配备表",
];

fn is_time(text: &str) -> bool {
    text.trim().chars().all(|sign| sign.is_ascii_digit() || sign == ':') && text.contains(':')
}

/// True for the title of a table.
pub(super) fn is_title(text: &str) -> bool {
    let compact = compact(text);
    compact.chars().count() <= 60 && !is_numbered(&compact) && TITLES.iter().any(|word| compact.contains(word))
}

/// True for a text with the number of a section: `一、…`, `（二）…`, `第三类…`.
pub(super) fn is_numbered(text: &str) -> bool {
    let compact = compact(text);
    let numeral = |text: &str| text.trim_start_matches(|sign: char| "一二三四五六七八九十".contains(sign)).to_owned();
    if let Some(rest) = compact.strip_prefix('第') {
        let after = numeral(rest);
        return after.len() < rest.len() && after.starts_with(['部', '类', '章', '节']);
    }
    let rest = compact.strip_prefix('(').unwrap_or(&compact);
    let after = numeral(rest);
    after.len() < rest.len() && after.starts_with(['、', '.', ')'])
}

/// The days that a title or a bare text beside the table says the ledger is of.
pub(super) fn days_of_heading(text: &str) -> Vec<NaiveDate> {
    if let Some(day) = only_day(text) {
        return vec![day];
    }
    let compact = compact(text);
    let is_short = compact.chars().count() <= 60;
    let is_asked = TITLES.iter().chain(UNTIL.iter().take(5)).any(|word| compact.contains(word));
    if is_short && is_asked { days_in(&compact) } else { Vec::new() }
}

/// True for a text at the end of a table: marks of pages, and of its end.
pub(super) fn is_footer(text: &str) -> bool {
    let compact = compact(text);
    let is_page =
        compact.starts_with('第') && compact.contains('页') || compact.starts_with('共') && compact.ends_with('页');
    is_page && compact.chars().count() <= 20
        || ["以下空白", "以下无正文", "(以下空白)", "-以下空白-"].contains(&compact.as_str())
        || ["注:", "备注:", "说明:", "填表说明"].iter().any(|word| compact.starts_with(word))
}

/// Words of a row that sums others.
const SUMS: [&str; 8] = ["合计", "总计", "小计", "共计", "总合计", "累计", "总数", "本页小计"];

/// True for a text that begins a row of sums: `合计`, `小　计：`, `防护类小计`.
pub(super) fn is_sum(text: &str) -> bool {
    let compact = compact(text);
    if compact.chars().count() > 20 {
        return false;
    }
    let rest = SUMS.iter().find_map(|word| compact.strip_prefix(word));
    let is_first = rest.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(|sign: char| matches!(sign, ':' | '(' | '：') || sign.is_ascii_digit())
    });
    is_first
        || ["小计", "合计", "总计"].iter().any(|word| compact.trim_end_matches(':').ends_with(word))
        || ["total", "subtotal", "sum"].contains(&compact.to_lowercase().trim_end_matches(':'))
}
