//! Words for units of measure, as they stand behind a quantity.

use crate::choices::UNITS;
use crate::folding::plain;

/// Units in which things are counted.
const COUNTED: &[&str] = &[
    "套", "个", "件", "具", "支", "台", "只", "副", "双", "根", "条", "把", "卷", "箱", "包", "盒", "瓶", "桶", "袋",
    "顶", "张", "床", "辆", "艘", "架", "组", "块", "片", "部", "盏", "盘", "捆", "对", "串", "枚", "粒", "罐", "听",
    "板", "打", "座", "幅", "面", "本", "份", "株", "筐", "扎", "付", "身", "樘", "处", "匹", "头", "棵", "发", "挂",
    "节", "孔", "轴", "柄", "口", "门", "人份", "台套", "套件", "架次", "车", "筒", "壶", "支架", "set", "sets", "pcs",
    "pc", "piece", "pieces", "pair", "pairs", "box", "boxes", "roll", "rolls", "台/套", "台(套)", "套/台", "件/套",
    "个/套", "具/套",
];

/// Units of measure beside those that the catalogue knows.
const MEASURED: &[&str] =
    &["吨", "t", "斤", "两", "毫升", "ml", "立方", "方", "平米", "平方", "厘米", "cm", "mm", "千米", "km", "亩"];

/// Units that hold others.
const PACKS: &[&str] = &["箱", "包", "盒", "袋", "桶", "捆", "筐", "罐", "瓶", "扎", "打", "件", "box", "boxes"];

/// The maximum length of a unit in bytes.
const LONGEST: usize = 24;

/// True for a word that is a unit of measure.
pub(super) fn is_unit(word: &str) -> bool {
    has(COUNTED, word)
        || has(MEASURED, word)
        || UNITS.iter().any(|(code, words)| has(&[*code], word) || has(words, word))
}

/// True for a unit that holds others, such as a box.
pub(super) fn is_pack(word: &str) -> bool {
    has(PACKS, word)
}

/// True if two words are the same unit, however they are typed.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.len() <= LONGEST && other.len() <= LONGEST && plain(one) == plain(other)
}

fn has(words: &[&str], word: &str) -> bool {
    word.len() <= LONGEST && !word.is_empty() && words.iter().any(|known| plain(known) == plain(word))
}
