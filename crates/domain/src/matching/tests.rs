use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::folding::compact;
use crate::item::{Item, ItemVersion, Pack};
use crate::sample::{always, item, item_version};
use base::quantity::Quantity;

fn day() -> NaiveDate {
    "2026-11-30".parse().unwrap()
}

fn named(code: &str, name_zh: &str, unit: &str) -> Item {
    let measured = matches!(unit, "kg" | "L" | "m" | "m2" | "m3");
    let version =
        ItemVersion { name_en: format!("Thing {code}"), name_zh: name_zh.to_owned(), ..item_version(false, false) };
    Item { versions: always(version), ..item(code, unit, measured, false) }
}

fn catalogue(items: &[(&str, &str, &str)]) -> BTreeMap<String, Item> {
    items.iter().map(|(code, name, unit)| ((*code).to_owned(), named(code, name, unit))).collect()
}

fn alias(name: &str, code: &str) -> Alias {
    Alias {
        name: name.to_owned(),
        specification: None,
        unit: None,
        meaning: Meaning::Item { code: code.to_owned(), factor: None },
        relation: AliasRelation::Same,
        origin: AliasOrigin::Everywhere,
    }
}

fn words<'a>(name: &'a str, specification: &'a str, unit: &'a str) -> LedgerWords<'a> {
    LedgerWords { name, specification, unit, ..LedgerWords::default() }
}

/// The outcome in short: `A name`, `? B A`, `none` or `unlisted`.
fn short(outcome: &MatchOutcome) -> String {
    match outcome {
        MatchOutcome::Sure(sure) => format!("{} {}", sure.item, <&str>::from(sure.because)),
        MatchOutcome::Ask(candidates) => {
            candidates.iter().fold("?".to_owned(), |text, candidate| format!("{text} {}", candidate.item))
        }
        MatchOutcome::NoMatch => "none".to_owned(),
        MatchOutcome::Unlisted => "unlisted".to_owned(),
    }
}

fn common() -> BTreeMap<String, Item> {
    catalogue(&[
        ("A", "正压式空气呼吸器", "set"),
        ("B", "消防水带65mm（20m/盘）", "piece"),
        ("C", "消防水带80mm（20m/盘）", "piece"),
        ("D", "对讲机", "piece"),
        ("E", "防爆对讲机", "piece"),
        ("F", "消防沙", "m3"),
        ("G", "救生衣", "piece"),
        ("H", "救生圈", "piece"),
        ("I", "防化手套", "pair"),
    ])
}

#[test]
fn only_what_can_be_nothing_else_is_sure() {
    let aliases = [
        alias("空呼", "A"),
        alias("手套", "I"),
        alias("手套", "G"),
        Alias { specification: Some("13-65-20".to_owned()), ..alias("水带", "B") },
        Alias { relation: AliasRelation::Near, ..alias("黄沙", "F") },
        alias("步话机", "GONE"),
    ];
    let matcher = Matcher::new(&common(), day(), &aliases);
    let cases = [
        // The name, in any writing.
        ("正压式空气呼吸器", "", "套", "A name"),
        ("正壓式 空氣呼吸器", "RHZK6.8/30", "具", "A name"),
        ("正压式空气呼吸器（6.8L）", "", "个", "A name"),
        ("Thing A", "", "set", "A name"),
        // An alias of one item.
        ("空呼", "", "套", "A alias"),
        // A unit that contradicts, is missing where it is needed, or is unknown.
        ("空呼", "", "kg", "? A"),
        ("消防沙", "", "吨", "? F"),
        ("消防沙", "", "", "? F"),
        ("消防沙", "", "车", "? F"),
        ("消防沙", "", "方", "F name"),
        ("消防沙", "", "升", "F name"),
        ("对讲机", "", "", "D name"),
        ("防化手套", "", "只", "? I G"),
        ("防化手套", "", "箱", "? I G"),
        // An alias of two items, and one of something near.
        ("手套", "", "双", "? I G"),
        ("黄沙", "", "m3", "? F"),
        // A specification that names another item.
        ("对讲机", "防爆", "部", "? E D"),
        ("对讲机", "防爆型", "部", "? E D"),
        ("对讲机", "数字", "部", "D name"),
        // A specification that is stated in full, in part, or otherwise.
        ("消防水带65mm（20m/盘）", "", "盘", "B name"),
        ("消防水带", "65mm×20m", "盘", "B name"),
        ("消防水带", "DN65", "盘", "? B C"),
        ("消防水带", "65mm", "盘", "? B C"),
        ("消防水带", "80mm", "盘", "? C B"),
        ("消防水带", "65mm 25m", "盘", "? B C"),
        ("消防水带", "", "盘", "? B C"),
        ("水带", "13-65-20", "盘", "B alias"),
        ("水带", "8-65-20", "盘", "? B C"),
        // Slips, parts of names and pinyin.
        ("救生依", "", "件", "? G"),
        ("就生衣", "", "件", "? G"),
        ("空气呼吸器", "", "套", "? A"),
        ("zhengyashikongqihuxiqi", "", "套", "? A"),
        ("kongqi", "", "套", "? A"),
        ("kqhxq", "", "套", "? A"),
        ("djj", "", "部", "? D E"),
        // Nothing.
        ("打印机", "", "台", "none"),
        ("步话机", "", "台", "none"),
        ("", "", "", "none"),
        ("（）", "", "件", "none"),
        ("？", "", "？", "none"),
    ];
    for (name, specification, unit, expected) in cases {
        let outcome = matcher.find(&words(name, specification, unit));
        assert_eq!(short(&outcome), expected, "{name}, {specification}, {unit}: {outcome:?}");
    }
}

#[test]
fn a_code_is_sure_unless_the_words_name_something_else() {
    let matcher = Matcher::new(&common(), day(), &[alias("空呼", "A")]);
    let coded = |code, name, unit| short(&matcher.find(&LedgerWords { code, ..words(name, "", unit) }));
    assert_eq!(coded("A", "anything", "套"), "A code");
    assert_eq!(coded("ａ", "", ""), "A code");
    assert_eq!(coded("A", "空呼", ""), "A code");
    assert_eq!(coded("A", "", "kg"), "? A");
    assert_eq!(coded("A", "对讲机", "部"), "? A D E");
    // The number of a thing in the ledger's own order is no code.
    assert_eq!(coded("12", "对讲机", "部"), "D name");
}

#[test]
fn the_nearest_answer_decides() {
    let bottle = words("救生瓶", "", "箱");
    let item = |code: &str, factor| Meaning::Item { code: code.to_owned(), factor };
    let at = |above, meaning| Alias::answer(&bottle, meaning, above);
    let found = |aliases: &[Alias]| Matcher::new(&common(), day(), aliases).find(&bottle);
    // Answered, but nobody has said how many are in a 箱.
    assert_eq!(short(&found(&[at(0, item("G", None))])), "? G");
    let sure = found(&[at(0, item("G", Some(Quantity::whole(20))))]);
    let MatchOutcome::Sure(sure) = sure else { panic!("{sure:?}") };
    assert_eq!((sure.item.as_str(), sure.because), ("G", MatchReason::Answer));
    let factor = sure.unit.factor().unwrap();
    assert_eq!(factor.convert(Quantity::whole(3)), Ok(Quantity::whole(60)));
    let twenty = || item("G", Some(Quantity::whole(20)));
    assert_eq!(short(&found(&[at(0, Meaning::Unlisted), at(1, twenty())])), "unlisted");
    assert_eq!(short(&found(&[at(2, Meaning::Unlisted), at(1, twenty())])), "G answer");
    assert_eq!(short(&found(&[at(0, Meaning::Unlisted), at(0, twenty())])), "? G");
    // An item that has left the catalogue is no answer.
    assert_eq!(short(&found(&[at(0, item("GONE", Some(Quantity::whole(1))))])), "none");
}

#[test]
fn an_answer_is_about_its_words_alone() {
    let answered = LedgerWords { model: "X1", ..words("空呼", "6.8L", "具") };
    let answer = Alias::answer(&answered, Meaning::Item { code: "A".to_owned(), factor: None }, 0);
    let matcher = Matcher::new(&common(), day(), &[answer]);
    assert_eq!(short(&matcher.find(&answered)), "A answer");
    assert_eq!(short(&matcher.find(&words("空 呼", "６.８L x1", "具"))), "A answer");
    for other in [words("空呼", "6.8L", "具"), words("空呼", "9L X1", "具"), words("空呼", "6.8L X1", "套")] {
        assert_eq!(short(&matcher.find(&other)), "? A", "{other:?}");
    }
}

#[test]
fn a_regions_alias_stands_before_those_of_all() {
    let regional = |above| Alias { origin: AliasOrigin::Region(above), ..alias("手台", "E") };
    let find = |aliases: &[Alias]| short(&Matcher::new(&common(), day(), aliases).find(&words("手台", "", "部")));
    assert_eq!(find(&[alias("手台", "D"), regional(3)]), "E alias");
    assert_eq!(find(&[alias("手台", "D"), alias("手台", "E")]), "? D E");
    let unlisted = Alias { meaning: Meaning::Unlisted, origin: AliasOrigin::Region(2), ..alias("手台", "D") };
    assert_eq!(find(&[unlisted.clone(), regional(3)]), "unlisted");
    assert_eq!(find(&[unlisted, regional(1)]), "E alias");
}

#[test]
fn items_with_one_name_are_asked() {
    let mut items = common();
    items.insert("J".to_owned(), named("J", "对讲机", "piece"));
    let matcher = Matcher::new(&items, day(), &[]);
    assert_eq!(short(&matcher.find(&words("对讲机", "", "部"))), "? D J E");
}

#[test]
fn retired_items_are_not_found() {
    let mut items = common();
    let retired = Item { versions: always(item_version(false, true)), ..item("A", "set", false, false) };
    items.insert("A".to_owned(), retired);
    let matcher = Matcher::new(&items, day(), &[alias("空呼", "A")]);
    assert_eq!(short(&matcher.find(&words("正压式空气呼吸器", "", "套"))), "none");
    let code = "A";
    assert_eq!(short(&matcher.find(&LedgerWords { code, ..words("空呼", "", "套") })), "none");
}

#[test]
fn packs_and_conversions_come_with_the_match() {
    let mut items = common();
    let mut gloves = named("I", "防化手套", "pair");
    gloves.versions[0].value.packs = vec![Pack { name: "box".to_owned(), size: Quantity::whole(12) }];
    items.insert("I".to_owned(), gloves);
    let matcher = Matcher::new(&items, day(), &[]);
    let quantity = |name, unit, stated: &str| match matcher.find(&words(name, "", unit)) {
        MatchOutcome::Sure(sure) => sure.unit.factor().unwrap().convert(stated.parse().unwrap()).unwrap().to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(quantity("防化手套", "盒", "3"), "36");
    assert_eq!(quantity("消防沙", "升", "1500"), "1.5");
}

#[test]
fn candidates_have_reasons_for_and_against() {
    use MatchReason::{
        Alias, Name, Pinyin, PinyinInitials, Specification, SpecificationDiffers, Unit, UnitContradicts,
    };
    let matcher = Matcher::new(&common(), day(), &[alias("手套", "I"), alias("手套", "G")]);
    let first = |name, specification, unit| match matcher.find(&words(name, specification, unit)) {
        MatchOutcome::Ask(candidates) => (candidates[0].score, candidates[0].reasons.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(first("手套", "", "双"), (92, vec![Alias, Unit]));
    assert_eq!(first("消防沙", "", "kg"), (70, vec![Name, UnitContradicts]));
    assert_eq!(first("消防水带", "65mm", "盘"), (90, vec![Name, Specification, Unit]));
    assert_eq!(first("消防水带", "65mm 25m", "盘").1, [Name, SpecificationDiffers, Unit]);
    assert_eq!(first("就生衣", "", "件"), (81, vec![Pinyin, Unit]));
    assert_eq!(first("jsy", "", "件"), (70, vec![PinyinInitials, Unit]));
}

/// A catalogue and aliases as large as they may be, of names made of the parts that such names have.
#[test]
fn a_row_is_compared_with_few_items_of_many() {
    let qualities = ["手提式", "推车式", "便携式", "防爆", "消防", "应急", "矿用", "电动", "液压", "多功能"];
    let matters = ["干粉", "泡沫", "排烟", "破拆", "堵漏", "照明", "通信", "防汛", "供水", "洗消"];
    let heads = ["灭火器", "水带", "水枪", "手套", "头盔", "呼吸器", "帐篷", "水泵", "绳索", "车"];
    let name = |number: usize| {
        let part = |parts: &[&str; 10], at: usize| parts[number / at % 10].to_owned();
        let further = ["", "甲", "乙", "丙", "丁"][number / 1000 % 5];
        format!("{}{}{further}{}", part(&qualities, 100), part(&matters, 10), part(&heads, 1))
    };
    let items: BTreeMap<String, Item> =
        (0..5_000).map(|number| format!("I{number}")).map(|code| (code.clone(), named(&code, "", "piece"))).collect();
    let items: BTreeMap<String, Item> = items
        .into_keys()
        .enumerate()
        .map(|(number, code)| (code.clone(), named(&code, &name(number), "piece")))
        .collect();
    let aliases: Vec<Alias> =
        items.keys().enumerate().map(|(number, code)| alias(&format!("老{}", name(number)), code)).collect();
    let matcher = Matcher::new(&items, day(), &aliases);
    for number in 0..100 {
        let typed = format!("{}型{}", name(number * 37), number % 7);
        let (outcome, compared) = matcher.find_counting(&words(&typed, "5kg 红色", "个"));
        assert!(compared <= 100, "{typed}: {compared}");
        assert!(!matches!(outcome, MatchOutcome::NoMatch), "{typed}");
    }
    let (outcome, compared) = matcher.find_counting(&words("办公桌", "", "张"));
    assert_eq!((outcome, compared), (MatchOutcome::NoMatch, 0));
}

/// Parts of names, units and marks, so that many names share some.
const PARTS: [&str; 24] = [
    "消防",
    "水",
    "带",
    "枪",
    "泵",
    "服",
    "器",
    "灯",
    "手",
    "电",
    "防",
    "爆",
    "4kg",
    "5kg",
    "65mm",
    "（20m）",
    " ",
    "(",
    ")",
    "abc",
    "式",
    "/",
    "機",
    "gas",
];

fn names() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PARTS.to_vec()), 1..6).prop_map(|parts| parts.concat())
}

fn units() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["piece", "set", "pair", "kg", "m", "L", "roll"])
}

fn unit_words() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["", "个", "套", "双", "公斤", "米", "箱", "卷", "台（套）", "什么", "t"])
}

fn catalogues() -> impl Strategy<Value = BTreeMap<String, Item>> {
    proptest::collection::vec((names(), units()), 1..30).prop_map(|items| {
        let coded = items.into_iter().enumerate().map(|(number, (name, unit))| (format!("I{number}"), name, unit));
        coded.map(|(code, name, unit)| (code.clone(), named(&code, &name, unit))).collect()
    })
}

fn aliases() -> impl Strategy<Value = Vec<Alias>> {
    let one = (names(), 0..40_usize, proptest::option::of(names()), proptest::option::of(unit_words()), 0..8_u32);
    let alias = one.prop_map(|(name, item, specification, unit, kind)| {
        let meaning = Meaning::Item { code: format!("I{item}"), factor: (kind == 1).then(|| Quantity::whole(12)) };
        Alias {
            name,
            specification,
            unit: unit.map(str::to_owned),
            meaning: if kind == 0 { Meaning::Unlisted } else { meaning },
            relation: if kind == 2 { AliasRelation::Near } else { AliasRelation::Same },
            origin: if kind < 4 { AliasOrigin::Region(kind) } else { AliasOrigin::Everywhere },
        }
    });
    proptest::collection::vec(alias, 0..20)
}

/// The items that a folded name may mean: by their own names and by aliases of all regions.
fn meant<'a>(items: &'a BTreeMap<String, Item>, aliases: &'a [Alias], name: &str) -> BTreeSet<&'a str> {
    let folded = compact(name);
    let named = items.values().filter(|item| {
        let version = &item.versions[0].value;
        compact(&version.name_zh) == folded || compact(&version.name_en) == folded
    });
    let known =
        aliases.iter().filter(|alias| alias.origin == AliasOrigin::Everywhere && compact(&alias.name) == folded);
    let known = known.filter(|alias| alias.specification.is_none() && alias.unit.is_none());
    let known = known.filter_map(|alias| alias.item()).filter(|code| items.contains_key(*code));
    named.map(|item| item.code.as_str()).chain(known.map(String::as_str)).collect()
}

proptest! {
    #[test]
    fn any_text_has_an_outcome(name in ".*", specification in ".*", model in ".*", unit in ".*", code in ".*") {
        let matcher = Matcher::new(&common(), day(), &[alias("空呼", "A"), alias(&name, "B")]);
        let words = LedgerWords {
            name: &name, specification: &specification, model: &model, unit: &unit, code: &code,
        };
        if let MatchOutcome::Ask(candidates) = matcher.find(&words) {
            prop_assert!((1..=MOST_CANDIDATES).contains(&candidates.len()));
            prop_assert!(candidates.iter().all(|candidate| candidate.score <= 100));
        }
        prop_assert_eq!(words_key(&words), words_key(&words));
    }

    #[test]
    fn the_order_of_aliases_makes_no_difference(
        items in catalogues(),
        (there, back) in aliases().prop_flat_map(|aliases| (Just(aliases.clone()), Just(aliases).prop_shuffle())),
        name in names(),
        specification in names(),
        unit in unit_words(),
    ) {
        let words = words(&name, &specification, unit);
        let found = |aliases: &[Alias]| Matcher::new(&items, day(), aliases).find(&words);
        prop_assert_eq!(found(&there), found(&back));
    }

    #[test]
    fn the_index_finds_what_a_comparison_with_all_finds(
        items in catalogues(),
        aliases in aliases(),
        rows in proptest::collection::vec((names(), names(), unit_words()), 1..8),
    ) {
        let matcher = Matcher::new(&items, day(), &aliases);
        for (name, specification, unit) in rows {
            let words = words(&name, &specification, unit);
            if let MatchOutcome::Ask(candidates) = matcher.find(&words) {
                prop_assert_eq!(candidates, matcher.candidates_of_all(&words), "{:?}", words);
            } else if matcher.find(&words) == MatchOutcome::NoMatch {
                prop_assert_eq!(matcher.candidates_of_all(&words), [], "{:?}", words);
            }
        }
    }

    #[test]
    fn a_name_is_sure_only_if_it_is_that_of_one_item(
        items in catalogues(),
        aliases in aliases(),
        name in names(),
        unit in unit_words(),
    ) {
        let aliases: Vec<Alias> =
            aliases.into_iter().filter(|alias| alias.origin == AliasOrigin::Everywhere).collect();
        let matcher = Matcher::new(&items, day(), &aliases);
        if let MatchOutcome::Sure(sure) = matcher.find(&words(&name, "", unit)) {
            prop_assert!(sure.unit.factor().is_some());
            let meant = meant(&items, &aliases, &name);
            let others: Vec<_> = meant.iter().filter(|code| **code != sure.item).collect();
            prop_assert!(others.is_empty() || aliases.iter().any(|alias| alias.specification.is_some()), "{others:?}");
        }
    }

    #[test]
    fn the_code_of_an_item_is_sure(items in catalogues(), aliases in aliases(), at in any::<prop::sample::Index>()) {
        let item = at.get(&items.values().collect::<Vec<_>>()).code.clone();
        let unit = items[&item].unit.name.clone();
        let matcher = Matcher::new(&items, day(), &aliases);
        let outcome = matcher.find(&LedgerWords { code: &item, unit: &unit, ..LedgerWords::default() });
        prop_assert_eq!(short(&outcome), format!("{item} code"));
    }
}
