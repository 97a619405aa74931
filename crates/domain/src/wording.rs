//! Wording of figures for people: quantities with their units, names of facts and items, citations of clauses.

use chrono::NaiveDate;

use crate::interval::Interval;
use crate::item::Item;
use crate::labels::unit_words;
use crate::reference_data::ReferenceData;
use crate::revision::in_force_or_first;
use crate::rule::{Alternative, Kind, Selector};
use base::quantity::Quantity;
use base::total::Total;
use text::language::Language;
use text::messages::{Argument, Message, message};

/// The names that hold on a day, in one language.
#[derive(Clone, Copy, Debug)]
pub struct Wording<'a> {
    /// The reference data that has the names.
    pub reference_data: &'a ReferenceData,
    /// The day.
    pub day: NaiveDate,
    /// The language.
    pub language: Language,
}

impl Wording<'_> {
    /// The name of a fact; its key if the dictionary does not have it.
    pub fn fact(&self, key: &str) -> String {
        self.reference_data
            .dictionary
            .iter()
            .find(|entry| entry.key == *key)
            .and_then(|entry| in_force_or_first(&entry.versions, self.day))
            .map_or_else(|| key.to_owned(), |row| self.choose(&row.value.name_en, &row.value.name_zh))
    }

    /// The unit of a fact that is a number; its key if the dictionary does not have it.
    pub fn unit_of_fact<'a>(&'a self, key: &'a str) -> &'a str {
        let entry = self.reference_data.dictionary.iter().find(|entry| entry.key == *key);
        entry.and_then(|entry| entry.unit.as_deref()).unwrap_or(key)
    }

    /// The name of an item on the day; its code if the catalogue does not have it.
    pub fn item(&self, code: &str) -> String {
        let item = self.reference_data.items.get(code);
        let row = item.and_then(|item: &Item| in_force_or_first(&item.versions, self.day));
        row.map_or_else(|| code.to_owned(), |row| self.choose(&row.value.name_en, &row.value.name_zh))
    }

    /// The name of what a rule requires: that of an item or a capability, or the first few of several names.
    pub fn selector(&self, selector: &Selector) -> String {
        let kinds = |kinds: &[Kind]| kinds.iter().map(|kind| self.choose(&kind.name_en, &kind.name_zh)).collect();
        match selector {
            Selector::Item(code) => self.item(code),
            Selector::AnyOf(alternatives) => {
                self.several(alternatives.iter().map(|one| self.alternative(one)).collect(), "selector-any-of")
            }
            Selector::Capability(capability) => self.choose(&capability.name_en, &capability.name_zh),
            Selector::EachOf(each) => self.several(kinds(each), "selector-each-of"),
            Selector::Kit(components) => {
                self.several(components.iter().map(|part| self.item(&part.item)).collect(), "selector-kit")
            }
            Selector::Fact(fact) => self.fact(&fact.key),
            Selector::Other(words) => words.clone(),
        }
    }

    fn alternative(&self, alternative: &Alternative) -> String {
        let names: Vec<String> = alternative.parts().iter().map(|(item, _)| self.item(item)).collect();
        names.join(self.language.choose(" with ", "配"))
    }

    /// The first few of several names, in a sentence of the language.
    fn several(&self, names: Vec<String>, key: &'static str) -> String {
        let more = names.len().saturating_sub(NAMES_SHOWN);
        let shown = names.into_iter().take(NAMES_SHOWN).collect::<Vec<_>>().join(self.language.choose(", ", "、"));
        Message::new(key)
            .with("names", shown)
            .with("more", Argument::Number(i64::try_from(more).unwrap_or(i64::MAX)))
            .text(self.language)
    }

    /// The unit in which quantities of a selector are written. In Chinese, pieces have a measure word that fits the item.
    pub fn unit_of<'a>(&self, selector: &Selector, unit: &'a str) -> &'a str {
        match selector {
            Selector::Item(code) => self.unit_of_item(code, unit),
            Selector::Capability(capability) if unit == "piece" => measure_of(&capability.name_zh),
            _ => unit,
        }
    }

    /// The unit of a line: that of its item; kinds, if each of several is required.
    pub fn unit_of_line(&self, selector: &Selector) -> &str {
        match selector {
            Selector::Item(code) => {
                self.reference_data.items.get(code).map_or("piece", |item| self.unit_of_item(code, &item.unit.name))
            }
            _ => "kind",
        }
    }

    fn unit_of_item<'a>(&self, code: &str, unit: &'a str) -> &'a str {
        if unit != "piece" {
            return unit;
        }
        let row = self.reference_data.items.get(code).and_then(|item| in_force_or_first(&item.versions, self.day));
        row.map_or(unit, |row| measure_of(&row.value.name_zh))
    }

    fn choose(&self, english: &str, chinese: &str) -> String {
        self.language.choose(english, chinese).to_owned()
    }
}

/// The number of names that are shown of several.
const NAMES_SHOWN: usize = 3;

/// Parts of Chinese names, with the units in which such things are counted. The message files contain words for these
/// units.
const MEASURES: &[(&str, &str)] = &[
    ("灭火器", "piece-extinguisher"),
    ("自救呼吸器", "piece-extinguisher"),
    ("逃生呼吸器", "piece-extinguisher"),
    ("防毒面具", "piece-extinguisher"),
    ("自救器", "piece-machine"),
    ("水带", "piece-hose"),
    ("对讲机", "piece-handset"),
    ("电话", "piece-handset"),
    ("手电", "piece-tube"),
    ("水枪或", "piece"),
    ("水枪", "piece-tube"),
    ("消防炮", "piece-cannon"),
    ("矿灯", "piece-lamp"),
    ("盾牌", "piece-shield"),
    ("围油栏", "piece-section"),
    ("管段", "piece-rod"),
    ("木桩", "piece-rod"),
    ("警棍", "piece-rod"),
    ("安全绳", "piece-rod"),
    ("毯", "piece-strip"),
    ("腰带", "piece-strip"),
    ("编织袋", "piece-strip"),
    ("扳手", "piece-tool"),
    ("斧", "piece-tool"),
    ("消防铲", "piece-tool"),
    ("锹", "piece-tool"),
    ("镐", "piece-tool"),
    ("钢叉", "piece-tool"),
    ("二号工具", "piece-tool"),
    ("食品", "piece-ration"),
    ("担架", "piece-stretcher"),
    ("头盔", "piece-headgear"),
    ("安全帽", "piece-headgear"),
    ("帐篷", "piece-headgear"),
    ("气瓶", "piece"),
    ("车载", "piece-machine"),
    ("车", "vehicle"),
    ("探测仪", "piece-machine"),
    ("检测仪", "piece-machine"),
    ("仪", "piece-machine"),
    ("机", "piece-machine"),
    ("泵", "piece-machine"),
];

fn measure_of(name: &str) -> &'static str {
    MEASURES.iter().find(|(part, _)| name.contains(part)).map_or("piece", |(_, unit)| unit)
}

/// A number as an argument by which a language can choose the plural, if it is whole.
pub(crate) fn number(quantity: Quantity) -> Argument {
    if quantity.is_whole() {
        Argument::Number(quantity.thousandths() / Quantity::whole(1).thousandths())
    } else {
        Argument::Text(quantity.to_string())
    }
}

/// The unit of a plain number, which is written without one.
const FACTOR: &str = "factor";

/// A quantity with its unit, such as `1 set` or `24 people`; a factor is a plain number.
pub fn quantity(quantity: Quantity, unit: &str) -> Message {
    if unit == FACTOR {
        return Message::new("code").with("code", quantity.to_string());
    }
    message!("quantity", number = number(quantity), unit = unit_words(unit, quantity == Quantity::whole(1)))
}

/// A sum with its unit; without a number if it is out of range.
pub fn total(total: Total, unit: &str) -> Message {
    total.known().map_or_else(|| message!("quantity-out-of-range"), |known| quantity(known, unit))
}

/// The basis of a rate, such as `workplace` or `10 people`.
pub fn each(per: Quantity, unit: &str) -> Message {
    if per == Quantity::whole(1) {
        message!("quantity-each", unit = unit_words(unit, true))
    } else {
        quantity(per, unit)
    }
}

/// An interval with its unit: one quantity if both ends are the same.
pub fn interval(interval: Interval, unit: &str) -> Message {
    let several = || unit_words(unit, false);
    match interval.max {
        Some(max) if max == interval.min => quantity(max, unit),
        Some(max) => message!("quantity-between", min = interval.min.to_string(), max = number(max), unit = several()),
        None => message!("quantity-from", min = number(interval.min), unit = several()),
    }
}

/// The clause of a rule, cited with its standard in the form of the language.
pub fn citation(standard: &str, title: &str, clause: &str, rule: &str, language: Language) -> Message {
    let number = standard_number(standard, language);
    let clause = match language {
        Language::English => clause.to_owned(),
        Language::Chinese => clause_in_chinese(clause).unwrap_or_else(|| clause.to_owned()),
    };
    match number {
        Some(number) => message!("citation", title = title, number = number, clause = clause, rule = rule),
        None => message!("citation-by-code", title = title, code = standard, clause = clause, rule = rule),
    }
}

/// The prefixes of standards, without the slash as in catalogues, and as standards print them.
const ISSUERS: &[(&str, &str)] = &[
    ("GB", "GB"),
    ("GBT", "GB/T"),
    ("AQ", "AQ"),
    ("AQT", "AQ/T"),
    ("GA", "GA"),
    ("GAT", "GA/T"),
    ("XF", "XF"),
    ("XFT", "XF/T"),
    ("YJ", "YJ"),
    ("YJT", "YJ/T"),
    ("CJJ", "CJJ"),
    ("CJJT", "CJJ/T"),
    ("WS", "WS"),
    ("WST", "WS/T"),
];

/// The number of a standard as printed: `GB 30077-2013`, in Chinese with a dash, `GB 30077—2013`. `None` if the code is
/// not such a number.
fn standard_number(code: &str, language: Language) -> Option<String> {
    let start = code.find(|letter: char| letter.is_ascii_digit())?;
    let (issuer, number) = code.split_at_checked(start)?;
    let (_, issuer) = ISSUERS.iter().find(|(letters, _)| *letters == issuer.trim_end_matches([' ', '/']))?;
    let (number, year) = match number.split_once('-') {
        Some((number, year)) => (number, Some(year)),
        None => (number, None),
    };
    let digits = |text: &str| text.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    if !digits(number) || !year.is_none_or(digits) {
        return None;
    }
    let year = year.map(|year| format!("{}{year}", language.choose("-", "—"))).unwrap_or_default();
    Some(format!("{issuer} {number}{year}"))
}

/// Clauses that have no number, by their English words.
const PARTS: &[(&str, &str)] = &[
    ("project default", "项目默认值"),
    ("repair chapter", "抢修章"),
    ("gas protection station", "煤气防护站"),
    ("equipment", "装备"),
    ("equipment (may choose)", "装备（可选配）"),
    ("personnel", "人员"),
    ("hotel rooms", "客房"),
    ("fire-fighting clause", "消防条款"),
    ("annex: squad basic equipment", "附录 小队基本装备"),
    ("annex: personal equipment", "附录 个人装备"),
    ("(quoted)", "（转引）"),
    ("(quoted in exam notes)", "（转引自考试资料）"),
    ("(quoted; standard number recalled)", "（转引）"),
    ("(not in the excerpt)", "（条号待查）"),
    ("(news text)", "（转引自新闻）"),
    ("(one company plan after AQ 1009-2007)", "（转引自一中队的预案）"),
    ("annex", "附录"),
    ("items 1-3", "第1～3项"),
    ("6.1 Table 1 (last rows)", "第6.1条表1（末几行）"),
    ("7(一)2(1) table", "第七部分（一）2（1）表"),
];

/// A clause such as `7.1 Table 2` in Chinese, `第7.1条表2`; `None` if a part of it is not understood.
fn clause_in_chinese(clause: &str) -> Option<String> {
    if let Some((_, chinese)) = PARTS.iter().find(|(english, _)| *english == clause) {
        return Some((*chinese).to_owned());
    }
    let mut chinese = String::new();
    let mut words = clause.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let (bare, mark) = match word.strip_suffix([',', ';']) {
            Some(bare) => (bare, if word.ends_with(';') { "；" } else { "、" }),
            None => (word, ""),
        };
        let is_number = |text: &str| {
            text.starts_with(|letter: char| letter.is_ascii_digit() || letter.is_ascii_uppercase())
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-'))
        };
        let mut named = |before: &str, after: &str| {
            let next = words.next_if(|next| is_number(next.trim_end_matches([',', ';'])));
            let number = next.unwrap_or_default();
            let part = format!("{before}{}{after}", number.trim_end_matches([',', ';']));
            // A table or a row of a clause belongs to the words before it: no mark between them.
            if number.ends_with(';') { format!("{part}；") } else { part }
        };
        match bare {
            "Table" | "table" => chinese += &named("表", ""),
            "Tables" | "tables" => chinese += &named("表", "").replace('-', "～"),
            "annex" => chinese += &named("附录", ""),
            "row" => chinese += &named("第", "行"),
            "art." => chinese += &named("第", "条"),
            "note" => chinese += "注",
            "remark" => chinese += "备注",
            "(quoted)" => chinese += "（转引）",
            number if number.starts_with(|letter: char| letter.is_ascii_digit()) && is_number(number) => {
                // A mark is written only between two clauses of equal rank.
                let joins = words.peek().is_some_and(|next| next.starts_with(|letter: char| letter.is_ascii_digit()));
                chinese += &format!("第{number}条{}", if joins { mark } else { "" });
            }
            _ => return None,
        }
    }
    Some(chinese)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_agree_with_their_units() {
        let both = |message: Message| [Language::English, Language::Chinese].map(|language| message.text(language));
        assert_eq!(both(quantity(Quantity::whole(1), "set")), ["1 set", "1套"]);
        assert_eq!(both(quantity(Quantity::whole(24), "person")), ["24 people", "24人"]);
        assert_eq!(both(quantity(Quantity::from_thousandths(1500).unwrap(), "kg")), ["1.5 kg", "1.5千克"]);
        assert_eq!(both(quantity(Quantity::whole(2), "furlong")), ["2 furlong", "2furlong"]);
        assert_eq!(both(quantity(Quantity::from_thousandths(500).unwrap(), "factor")), ["0.5", "0.5"]);
        assert_eq!(both(quantity(Quantity::whole(20), "10k-CNY")), ["20 × 10,000 CNY", "20万元"]);
        assert_eq!(both(each(Quantity::whole(1), "workplace")), ["workplace", "处"]);
        assert_eq!(both(each(Quantity::whole(10), "person")), ["10 people", "10人"]);
        let between = Interval { min: Quantity::ZERO, max: Some(Quantity::whole(1)) };
        assert_eq!(both(interval(between, "pair")), ["0 to 1 pairs", "0至1双"]);
        let open = Interval { min: Quantity::whole(3), max: None };
        assert_eq!(both(interval(open, "pair")), ["at least 3 pairs", "不少于3双"]);
    }

    #[test]
    fn pieces_are_counted_by_a_word_that_fits_them() {
        for (name, expected) in [
            ("救护车", "1辆"),
            ("手提式ABC干粉灭火器4kg", "1具"),
            ("铲式担架", "1副"),
            ("消防头盔", "1顶"),
            ("防爆输转泵", "1台"),
            ("便携氧气瓶", "1件"),
            ("救生圈", "1件"),
            ("消防水带65mm（20m/盘）", "1盘"),
            ("防爆对讲机", "1部"),
            ("空气呼吸器备用气瓶", "1件"),
            ("消防过滤式自救呼吸器", "1具"),
            ("多功能水枪", "1支"),
            ("危险物品稀释器材（水枪或消防炮）", "1件"),
            ("铁锹", "1把"),
        ] {
            let text = quantity(Quantity::whole(1), measure_of(name)).text(Language::Chinese);
            assert_eq!(text, expected, "{name}");
        }
    }

    #[test]
    fn clauses_are_cited_as_each_language_does() {
        for (code, english, chinese) in [
            ("GB30077-2013", Some("GB 30077-2013"), Some("GB 30077—2013")),
            ("GBT29315-2022", Some("GB/T 29315-2022"), Some("GB/T 29315—2022")),
            ("AQT1009", Some("AQ/T 1009"), Some("AQ/T 1009")),
            ("ILLUS", None, None),
            ("TEST-1", None, None),
            ("GB5-X", None, None),
        ] {
            assert_eq!(standard_number(code, Language::English).as_deref(), english);
            assert_eq!(standard_number(code, Language::Chinese).as_deref(), chinese);
        }
        for (clause, chinese) in [
            ("7.1 Table 2", Some("第7.1条表2")),
            ("7.3 Tables 7-9", Some("第7.3条表7～9")),
            ("annex table 2-2 remark", Some("附录表2-2备注")),
            ("annex A tables A.1-A.5", Some("附录A表A.1～A.5")),
            ("5.4.3; 5.3.2", Some("第5.4.3条；第5.3.2条")),
            ("6.2, table 1, row 1", Some("第6.2条表1第1行")),
            ("project default", Some("项目默认值")),
            ("art. 13", Some("第13条")),
            ("the last page", None),
        ] {
            assert_eq!(clause_in_chinese(clause).as_deref(), chinese, "{clause}");
        }
        let cited = |language| citation("GB30077-2013", "T", "7.1 Table 2", "R019", language).text(language);
        assert_eq!(cited(Language::English), "GB 30077-2013, T, 7.1 Table 2 (rule R019)");
        assert_eq!(cited(Language::Chinese), "《T》GB 30077—2013 第7.1条表2（规则R019）");
    }
}
