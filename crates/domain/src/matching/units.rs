//! The words that ledgers use for units, and their relation to an item's unit: the same, as good as the same, convertible,
//! one of the item's packs, or a contradiction.

use std::collections::BTreeSet;

use base::quantity::{OutOfRange, Quantity, QuantityError};
use text::language::Language;
use text::messages::Message;

use crate::folding::{compact, plain};
use crate::item::{Pack, Unit};
use crate::labels::{unit_label, unit_words};

/// The relation of a ledger's unit to the unit of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitFit {
    /// The item's unit.
    Same,
    /// Another measure word for the same whole things, such as 个 for an item counted in sets.
    Compatible,
    /// A unit of the same dimension: so many of the item's units each.
    Converted(UnitFactor),
    /// One of the item's packs, by name.
    Pack {
        /// The pack's name in the catalogue.
        name: String,
        /// The number of units in one.
        factor: UnitFactor,
    },
    /// A unit that an answer has explained: so many of the item's units each.
    Answered(UnitFactor),
    /// No unit, for an item of which whole things are counted: a number is a number of these.
    Assumed,
    /// No unit, for an item that is measured or comes in pairs, boxes or rolls.
    Missing,
    /// A word that no table has, or one that may mean several of the item's packs.
    Unknown,
    /// A unit that the item cannot have, such as kg for something counted in pieces.
    Contradicts,
}

/// The exact number of an item's units in one of a ledger's units, as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitFactor {
    times: Quantity,
    over: u32,
}

impl UnitFactor {
    /// One to one.
    pub const ONE: Self = Self { times: Quantity::whole(1), over: 1 };

    /// So many of the item's units in one; `None` for zero and below.
    pub fn of(times: Quantity) -> Option<Self> {
        (times > Quantity::ZERO).then_some(Self { times, over: 1 })
    }

    /// The fraction of two whole numbers, in lowest terms.
    fn ratio(times: u32, over: u32) -> Result<Self, OutOfRange> {
        let (mut one, mut other) = (times, over);
        while other != 0 {
            (one, other) = (other, one % other);
        }
        let divisor = one.max(1);
        let times = Quantity::from_thousandths(i64::from(times / divisor) * 1000)?;
        Ok(Self { times, over: (over / divisor).max(1) })
    }

    /// The number above the line of the fraction.
    pub const fn times(self) -> Quantity {
        self.times
    }

    /// The number below the line; at least 1.
    pub const fn over(self) -> u32 {
        self.over
    }

    /// The exact quantity in the item's unit.
    ///
    /// # Errors
    /// If it would need a fourth decimal or reach 10⁹; it is never rounded.
    pub fn convert(self, stated: Quantity) -> Result<Quantity, QuantityError> {
        let product = i128::from(stated.thousandths()) * i128::from(self.times.thousandths());
        let over = i128::from(self.over) * 1000;
        if product % over != 0 {
            return Err(QuantityError::TooPrecise);
        }
        Quantity::from_thousandths(product / over).map_err(|OutOfRange| QuantityError::TooLarge)
    }
}

impl UnitFit {
    /// The factor by which the ledger's number becomes a quantity in the item's unit; `None` where that is not certain.
    pub const fn factor(&self) -> Option<UnitFactor> {
        match self {
            Self::Same | Self::Compatible | Self::Assumed => Some(UnitFactor::ONE),
            Self::Converted(factor) | Self::Pack { factor, .. } | Self::Answered(factor) => Some(*factor),
            Self::Missing | Self::Unknown | Self::Contradicts => None,
        }
    }
}

/// Physical dimensions, of units and of what specifications state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Dimension {
    Mass,
    Volume,
    Length,
    Area,
    Time,
    Power,
    Voltage,
    Charge,
    Pressure,
    Persons,
    Feet,
}

/// Units that measure: the dimension, the size in the least unit of its dimension, and the words.
const MEASURING: &[(Dimension, u32, &[&str])] = &[
    (Dimension::Mass, 1, &["g", "克"]),
    (Dimension::Mass, 50, &["两"]),
    (Dimension::Mass, 500, &["斤", "市斤"]),
    (Dimension::Mass, 1_000, &["kg", "kgs", "千克", "公斤"]),
    (Dimension::Mass, 1_000_000, &["t", "吨", "公吨"]),
    (Dimension::Volume, 1, &["ml", "毫升", "cc", "cm3", "立方厘米"]),
    (Dimension::Volume, 1_000, &["l", "升", "公升", "立升", "dm3", "litre", "liter"]),
    (Dimension::Volume, 1_000_000, &["m3", "立方米", "立方", "立米", "方", "cbm"]),
    (Dimension::Length, 1, &["mm", "毫米"]),
    (Dimension::Length, 10, &["cm", "厘米", "公分"]),
    (Dimension::Length, 100, &["dm", "分米"]),
    (Dimension::Length, 1_000, &["m", "米", "公尺", "metre", "meter"]),
    (Dimension::Length, 1_000_000, &["km", "千米", "公里"]),
    (Dimension::Area, 1, &["cm2", "平方厘米"]),
    (Dimension::Area, 10_000, &["m2", "平方米", "平方", "平米", "sqm"]),
];

/// Further units that only specifications state.
const STATING: &[(Dimension, u32, &[&str])] = &[
    (Dimension::Time, 1, &["s", "秒"]),
    (Dimension::Time, 60, &["min", "分钟"]),
    (Dimension::Time, 3_600, &["h", "小时"]),
    (Dimension::Power, 1, &["w", "瓦"]),
    (Dimension::Power, 1_000, &["kw", "千瓦"]),
    (Dimension::Voltage, 1, &["v", "伏"]),
    (Dimension::Voltage, 1_000, &["kv", "千伏"]),
    (Dimension::Charge, 1, &["mah", "毫安时"]),
    (Dimension::Charge, 1_000, &["ah", "安时"]),
    (Dimension::Pressure, 1, &["mpa", "兆帕"]),
    (Dimension::Persons, 1, &["人"]),
    (Dimension::Feet, 1, &["ft", "英尺"]),
];

/// The words for the units of counted things: the item's unit, its own words, and those that are as good.
const COUNTING: &[(&str, &[&str], &[&str])] = &[
    (
        "piece",
        &[
            "件", "个", "只", "支", "把", "根", "块", "条", "顶", "盏", "枚", "张", "面", "片", "杆", "柄", "节", "床",
            "台", "部", "具", "副", "架", "门", "艘", "盘", "份", "颗", "粒", "座", "pc", "pcs", "pieces", "each",
            "ea",
        ],
        &["套", "卷", "件套", "台套", "辆", "付", "幅", "扇", "樽", "set", "sets"],
    ),
    (
        "set",
        &["套", "具", "台", "组", "副", "付", "部", "架", "艘", "座", "台套", "sets"],
        &["件", "个", "只", "支", "把", "根", "条", "顶", "盏", "张", "件套", "份", "辆", "piece", "pcs"],
    ),
    ("pair", &["双", "副", "付", "对", "pairs"], &["套", "set"]),
    ("vehicle", &["辆", "台", "部", "vehicles"], &["个", "件", "套", "架", "艘", "piece", "pcs"]),
    ("unit", &["台", "部", "units"], &["套", "个", "件", "具", "组", "辆", "piece", "set", "pcs"]),
    ("box", &["箱", "boxes"], &["盒"]),
    ("roll", &["卷", "盘", "rolls"], &["个", "条", "根", "件", "只"]),
    ("person", &["人", "名", "位", "persons", "people"], &["个"]),
    ("article", &["件", "套", "件套"], &["个", "只", "台", "具", "辆", "组", "副", "部", "piece", "set"]),
];

/// The words for packs: the name in the catalogue and what ledgers say. A word alone is never a pack: the item must have it.
const PACKING: &[(&str, &[&str])] = &[
    ("carton", &["箱", "纸箱", "件"]),
    ("case", &["箱", "件"]),
    ("box", &["盒"]),
    ("bag", &["袋", "包"]),
    ("pack", &["包"]),
    ("bale", &["包", "捆", "件"]),
    ("bundle", &["捆", "扎"]),
    ("drum", &["桶"]),
    ("barrel", &["桶"]),
    ("bottle", &["瓶"]),
    ("can", &["罐", "听"]),
    ("coil", &["卷", "盘", "圈", "捆"]),
    ("roll", &["卷", "盘"]),
    ("reel", &["卷", "盘"]),
    ("pallet", &["托", "托盘"]),
];

/// A dozen is 12 of anything that is counted.
const DOZEN: (&str, u32) = ("打", 12);

/// The units of which a number alone is a number of things.
const WHOLE_THINGS: [&str; 5] = ["piece", "set", "vehicle", "unit", "article"];

/// The dimension and size of a word, in specifications too.
pub(super) fn measuring(word: &str) -> Option<(Dimension, u32)> {
    let rows = MEASURING.iter().chain(STATING);
    rows.copied().find(|(_, _, words)| words.contains(&word)).map(|(dimension, size, _)| (dimension, size))
}

/// The longest word that measures, in characters.
pub(super) const LONGEST_MEASURING: usize = 5;

/// True for a word that stands for a unit or a pack in one of the tables.
pub(super) fn is_unit_word(word: &str) -> bool {
    MEASURING.iter().any(|(_, _, words)| words.contains(&word))
        || COUNTING.iter().any(|(unit, own, others)| *unit == word || own.contains(&word) || others.contains(&word))
        || PACKING.iter().any(|(pack, words)| *pack == word || words.contains(&word))
        || word == DOZEN.0
}

/// The unit of an item with its packs, prepared for comparing.
pub(super) struct ItemUnit {
    /// The name of the unit, compact.
    name: String,
    is_measured: bool,
    /// The words that the product itself shows for the unit.
    labels: BTreeSet<String>,
    packs: Vec<ItemPack>,
}

struct ItemPack {
    name: String,
    /// The name, compact.
    folded: String,
    size: Quantity,
}

impl ItemUnit {
    pub(super) fn new(unit: &Unit, packs: &[Pack]) -> Self {
        let labels = [unit_label(&unit.name), unit_words(&unit.name, true), unit_words(&unit.name, false)];
        let in_both = |label: &Message| [Language::English, Language::Chinese].map(|language| label.text(language));
        let pack = |pack: &Pack| ItemPack { name: pack.name.clone(), folded: compact(&pack.name), size: pack.size };
        Self {
            name: compact(&unit.name),
            is_measured: unit.measured,
            labels: labels.iter().flat_map(in_both).map(|label| compact(&label)).collect(),
            packs: packs.iter().map(pack).collect(),
        }
    }

    /// The relation of a ledger's word to the unit and the packs. `thing` is the folded name in the ledger: in 100 袋 of
    /// 编织袋 the measure word is the thing itself.
    pub(super) fn fit(&self, word: &str, thing: &str) -> UnitFit {
        let folded = compact(word);
        if folded.is_empty() {
            let is_whole_thing = !self.is_measured && WHOLE_THINGS.contains(&self.name.as_str());
            return if is_whole_thing { UnitFit::Assumed } else { UnitFit::Missing };
        }
        match fit_of_word(&folded, self, thing) {
            UnitFit::Unknown => fit_of_parts(word, self, thing),
            fit => fit,
        }
    }
}

/// The relation of words such as 台（套） and 件/套: that of the least fitting part, if each is a word for the same things.
fn fit_of_parts(word: &str, unit: &ItemUnit, thing: &str) -> UnitFit {
    let folded = plain(word);
    let parts: Vec<&str> =
        folded.split(|character: char| !character.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let fits: Vec<UnitFit> = parts.iter().map(|part| fit_of_word(part, unit, thing)).collect();
    if fits.len() < 2 || !fits.iter().all(|fit| matches!(fit, UnitFit::Same | UnitFit::Compatible)) {
        UnitFit::Unknown
    } else if fits.contains(&UnitFit::Compatible) {
        UnitFit::Compatible
    } else {
        UnitFit::Same
    }
}

fn fit_of_word(word: &str, unit: &ItemUnit, thing: &str) -> UnitFit {
    let name = unit.name.as_str();
    let (_, own, others) = COUNTING.iter().find(|(counted, ..)| *counted == name).copied().unwrap_or_default();
    if word == name || own.contains(&word) || unit.labels.contains(word) {
        return UnitFit::Same;
    }
    if let Some(fit) = fit_of_pack(word, &unit.packs) {
        return fit;
    }
    if let Some(fit) = fit_of_measure(word, name) {
        return fit;
    }
    let is_counted = !unit.is_measured && measuring(name).is_none();
    if word == DOZEN.0 && is_counted {
        return UnitFactor::ratio(DOZEN.1, 1).map_or(UnitFit::Unknown, UnitFit::Converted);
    }
    let is_the_thing = matches!(name, "piece" | "set") && thing.chars().count() > 1 && thing.ends_with(word);
    if others.contains(&word) || is_the_thing {
        UnitFit::Compatible
    } else if is_unit_word(word) {
        UnitFit::Contradicts
    } else {
        UnitFit::Unknown
    }
}

/// The pack that a word stands for; unknown where it may be several of different sizes.
fn fit_of_pack(word: &str, packs: &[ItemPack]) -> Option<UnitFit> {
    let is_meant =
        |pack: &&ItemPack| PACKING.iter().any(|(packing, words)| *packing == pack.folded && words.contains(&word));
    let named: Vec<&ItemPack> = packs.iter().filter(|pack| pack.folded == word).collect();
    let meant = if named.is_empty() { packs.iter().filter(is_meant).collect() } else { named };
    let first = meant.first()?;
    let is_clear = meant.iter().all(|pack| pack.size == first.size);
    match UnitFactor::of(first.size) {
        Some(factor) if is_clear => Some(UnitFit::Pack { name: first.name.clone(), factor }),
        _ => Some(UnitFit::Unknown),
    }
}

/// The relation of two units that measure; `None` unless the word is one and the item's unit is one too.
fn fit_of_measure(word: &str, unit: &str) -> Option<UnitFit> {
    let find = |word: &str| MEASURING.iter().find(|(_, _, words)| words.contains(&word));
    let ((dimension, size, _), (of_item, unit_size, _)) = (find(word)?, find(unit)?);
    if dimension != of_item {
        return Some(UnitFit::Contradicts);
    }
    if size == unit_size {
        return Some(UnitFit::Same);
    }
    Some(UnitFactor::ratio(*size, *unit_size).map_or(UnitFit::Unknown, UnitFit::Converted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::thousandths;

    fn fit(word: &str, unit: &str, packs: &[(&str, i16)], thing: &str) -> UnitFit {
        let unit = Unit { name: unit.to_owned(), measured: matches!(unit, "kg" | "g" | "L" | "m" | "m2" | "m3") };
        let packs: Vec<Pack> =
            packs.iter().map(|(name, size)| Pack { name: (*name).to_owned(), size: Quantity::whole(*size) }).collect();
        ItemUnit::new(&unit, &packs).fit(word, thing)
    }

    #[test]
    fn words_of_units_are_the_same_as_good_or_contradict() {
        use UnitFit::{Assumed, Compatible, Contradicts, Missing, Same, Unknown};
        let cases = [
            ("set", "套 具 台 组 副 Set sets 台/套 台（套）", Same),
            ("set", "个 件 只 支 条 件/套 台(件)", Compatible),
            ("set", "箱 盒 kg 米 双 桶 打包", Contradicts),
            ("piece", "个 只 件 支 把 根 块 条 顶 盏 具 台 盘 PCS 个/只 ﾋﾟｰｽ", Same),
            ("piece", "套 卷 辆 个/套", Compatible),
            ("piece", "kg 公斤 米 箱 盒 双 对 组 ㎡ 吨", Contradicts),
            ("pair", "双 副 付 对 pair 双(副)", Same),
            ("pair", "套", Compatible),
            ("pair", "只 个 件 支 箱 kg", Contradicts),
            ("vehicle", "辆 台 部", Same),
            ("vehicle", "套 件", Compatible),
            ("box", "箱 box", Same),
            ("box", "盒", Compatible),
            ("box", "个 袋 kg", Contradicts),
            ("roll", "卷 盘 roll", Same),
            ("roll", "条 个", Compatible),
            ("roll", "米 m", Contradicts),
            ("kg", "kg KG ㎏ 千克 公斤", Same),
            ("kg", "升 个 袋 桶 m3", Contradicts),
            ("L", "L ℓ 升 公升", Same),
            ("L", "kg 瓶 桶", Contradicts),
            ("m", "m 米 M", Same),
            ("m2", "m2 ㎡ 平方米 m² 平米", Same),
            ("m3", "m3 m³ ㎥ 立方米 方 立方", Same),
            ("m3", "车 堆", Unknown),
            ("piece", "kg/桶 筐", Unknown),
            ("piece", " ", Assumed),
            ("set", "", Assumed),
            ("kg", "", Missing),
            ("pair", "", Missing),
            ("roll", "/", Missing),
            ("台", "台", Same),
            ("bottle", "bottle", Same),
        ];
        for (unit, words, expected) in cases {
            let words: Vec<&str> = if words.trim().is_empty() { vec![words] } else { words.split(' ').collect() };
            for word in words {
                // A word that no table has says nothing.
                let expected = if matches!(word, "打包" | "ﾋﾟｰｽ") { Unknown } else { expected.clone() };
                assert_eq!(fit(word, unit, &[], "物"), expected, "{word} of {unit}");
            }
        }
    }

    #[test]
    fn a_pack_is_usable_only_if_the_item_has_it() {
        let factor = |size| UnitFactor::of(Quantity::whole(size)).unwrap();
        let pack = |name: &str, size| UnitFit::Pack { name: name.to_owned(), factor: factor(size) };
        assert_eq!(fit("箱", "piece", &[("carton", 10)], "滤毒罐"), pack("carton", 10));
        assert_eq!(fit("箱", "piece", &[], "滤毒罐"), UnitFit::Contradicts);
        assert_eq!(fit("盒", "pair", &[("box", 12), ("carton", 144)], "手套"), pack("box", 12));
        assert_eq!(fit("箱", "pair", &[("box", 12), ("carton", 144)], "手套"), pack("carton", 144));
        assert_eq!(fit("箱", "L", &[("case", 12), ("carton", 24)], "水"), UnitFit::Unknown);
        assert_eq!(fit("包", "piece", &[("bale", 100)], "编织袋"), pack("bale", 100));
        assert_eq!(fit("桶", "kg", &[("drum", 25)], "泡沫液"), pack("drum", 25));
        assert_eq!(fit("件", "L", &[("case", 12)], "饮用水"), pack("case", 12));
        // The label of a piece is 件, so it is no carton.
        assert_eq!(fit("件", "piece", &[("carton", 10)], "滤毒罐"), UnitFit::Same);
        assert_eq!(fit("件箱", "piece", &[("件箱", 5)], "x"), pack("件箱", 5));
        assert_eq!(fit("打", "pair", &[], "手套"), UnitFit::Converted(factor(12)));
        assert_eq!(fit("打", "kg", &[], "沙"), UnitFit::Contradicts);
    }

    #[test]
    fn the_measure_word_may_be_the_thing_itself() {
        assert_eq!(fit("袋", "piece", &[], "编织袋"), UnitFit::Compatible);
        assert_eq!(fit("箱", "set", &[], "急救箱"), UnitFit::Compatible);
        assert_eq!(fit("袋", "kg", &[], "沙袋"), UnitFit::Contradicts);
        assert_eq!(fit("桶", "piece", &[], "桶"), UnitFit::Contradicts);
    }

    #[test]
    fn conversions_are_exact_or_refused() {
        for (word, unit, stated, expected) in [
            ("吨", "kg", "2.5", Ok("2500")),
            ("t", "kg", "0.001", Ok("1")),
            ("克", "kg", "1500", Ok("1.5")),
            ("克", "kg", "0.5", Err(QuantityError::TooPrecise)),
            ("千克", "g", "0.25", Ok("250")),
            ("斤", "kg", "3", Ok("1.5")),
            ("毫升", "L", "500", Ok("0.5")),
            ("m³", "L", "1.2", Ok("1200")),
            ("升", "m3", "1500", Ok("1.5")),
            ("毫升", "m3", "500", Err(QuantityError::TooPrecise)),
            ("厘米", "m", "150", Ok("1.5")),
            ("公里", "m", "1.5", Ok("1500")),
            ("吨", "g", "1000", Err(QuantityError::TooLarge)),
        ] {
            let fit = fit(word, unit, &[], "物");
            let converted = fit.factor().unwrap().convert(stated.parse().unwrap());
            assert_eq!(converted.map(|quantity| quantity.to_string()), expected.map(str::to_owned), "{stated} {word}");
        }
        assert_eq!(UnitFactor::of(thousandths(500)).unwrap().convert(Quantity::whole(3)), Ok(thousandths(1500)));
        assert_eq!(UnitFactor::of(Quantity::ZERO), None);
    }

    #[test]
    fn a_word_that_measures_is_found_within_the_longest() {
        let words = MEASURING.iter().chain(STATING).flat_map(|(_, _, words)| *words);
        assert_eq!(words.map(|word| word.chars().count()).max(), Some(LONGEST_MEASURING));
    }
}
