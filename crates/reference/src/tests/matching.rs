//! Names as ledgers write them, against the embedded catalogue and its aliases.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Reference;
use domain::folding::compact;
use domain::matching::{Alias, AliasRelation, LedgerWords, MatchOutcome, MatchReason, Matcher, names_by_item};
use domain::search::{Fit, Search};

fn matcher() -> Matcher {
    let reference = Reference::load().unwrap();
    Matcher::new(&reference.reference_data().items, "2026-11-30".parse().unwrap(), &reference.aliases)
}

fn find(matcher: &Matcher, name: &str, specification: &str, unit: &str) -> MatchOutcome {
    matcher.find(&LedgerWords { name, specification, unit, ..LedgerWords::default() })
}

/// The outcome in short: `L2010101 alias` where it is sure, `? L2010201` with the first candidate, or `none`.
fn short(outcome: &MatchOutcome) -> String {
    match outcome {
        MatchOutcome::Sure(sure) => format!("{} {}", sure.item, <&str>::from(sure.because)),
        MatchOutcome::Ask(candidates) => format!("? {}", candidates[0].item),
        MatchOutcome::NoMatch => "none".to_owned(),
        MatchOutcome::Unlisted => "unlisted".to_owned(),
    }
}

#[test]
fn aliases_name_items_once_each() {
    let reference = Reference::load().unwrap();
    let items = reference.catalogue.items.iter();
    let names: BTreeMap<&str, String> =
        items.map(|item| (item.code.as_str(), compact(&item.version.name_zh))).collect();
    let all_names: BTreeSet<&String> = names.values().collect();
    let mut seen = BTreeSet::new();
    for alias in &reference.aliases {
        let item = alias.item().unwrap();
        let own = names.get(item.as_str()).unwrap_or_else(|| panic!("{}: no item {item}", alias.name));
        let folded = compact(&alias.name);
        assert!(!folded.is_empty(), "{item}: {}", alias.name);
        let words = [Some(&alias.name), alias.specification.as_ref(), alias.unit.as_ref()];
        let key = words.map(|word| word.map(|word| compact(word)));
        assert!(seen.insert((item, key)), "{item}: {} is there twice", alias.name);
        assert!(*own != folded || alias.specification.is_some(), "{item}: {} is its own name", alias.name);
        let is_others = *own != folded && all_names.contains(&folded);
        assert!(!is_others || alias.relation == AliasRelation::Near, "{item}: {} is another item's name", alias.name);
    }
    let aliased: BTreeSet<&str> = reference.aliases.iter().filter_map(Alias::item).map(String::as_str).collect();
    for item in names.keys() {
        assert!(aliased.contains(item), "{item} has no alias");
    }
}

/// Words for one item alone are sure; words for several are asked.
#[test]
fn every_alias_leads_to_its_item() {
    let reference = Reference::load().unwrap();
    let matcher = matcher();
    for alias in &reference.aliases {
        let item = alias.item().unwrap();
        let unit = reference.catalogue.items.iter().find(|entry| entry.code == *item).unwrap().unit.as_str();
        let outcome = find(&matcher, &alias.name, alias.specification.as_deref().unwrap_or_default(), unit);
        match outcome {
            MatchOutcome::Sure(sure) => assert_eq!(sure.item, *item, "{}", alias.name),
            MatchOutcome::Ask(candidates) => {
                let at = candidates.iter().position(|candidate| candidate.item == *item);
                assert!(at.is_some(), "{} of {item}: {candidates:#?}", alias.name);
            }
            other => panic!("{}: {other:?}", alias.name),
        }
    }
}

#[test]
fn every_item_is_sure_by_its_own_name() {
    let reference = Reference::load().unwrap();
    let matcher = matcher();
    let near: BTreeSet<String> = reference
        .aliases
        .iter()
        .filter(|alias| alias.relation == AliasRelation::Near)
        .map(|alias| compact(&alias.name))
        .collect();
    for item in &reference.catalogue.items {
        let name = &item.version.name_zh;
        let outcome = find(&matcher, name, "", &item.unit);
        if near.contains(&compact(name)) {
            assert_eq!(short(&outcome), format!("? {}", item.code), "{name}");
        } else {
            assert_eq!(short(&outcome), format!("{} name", item.code), "{name}: {outcome:#?}");
        }
    }
}

/// Rows of ledgers: name, specification, unit, and the outcome.
const ROWS: &[(&str, &str, &str, &str)] = &[
    // The eight names that found nothing. 空呼 and 正压式呼吸器 are said of one thing only. The others are said of several:
    // lamps to carry and lamps on stands, sand of any use, suits of three classes, lamps with and without protection
    // against explosion, pumps of all kinds.
    ("空呼", "", "套", "L2010101 alias"),
    ("正压式呼吸器", "", "具", "L2010101 alias"),
    ("应急灯", "", "个", "? L2090102"),
    ("黄沙", "", "m³", "? L2040109"),
    ("铁锨", "", "把", "L3020104 alias"),
    ("防化服", "", "套", "? L2010201"),
    ("头灯", "", "个", "? L2010701"),
    ("抽水泵", "", "台", "? L2150101"),
    // Personal protection.
    ("空气呼吸器（6.8L）", "RHZKF6.8/30", "套", "L2010101 alias"),
    ("正压式空气呼吸器", "6.8L碳纤维", "具", "L2010101 name"),
    ("正壓式空氣呼吸器", "", "台", "L2010101 name"),
    ("空气呼吸器（备用气瓶）", "", "个", "? L2010102"),
    ("备用气瓶", "6.8L", "只", "? L2010102"),
    ("重型防化服", "全密封", "套", "L2010201 alias"),
    ("轻型防化服", "", "套", "L2010202 alias"),
    ("防化服", "重型", "套", "? L2010201"),
    ("二级化学防护服", "", "件", "L2010202 name"),
    ("消防战斗服", "17款", "套", "L2010204 alias"),
    ("消防头盔", "", "顶", "L2010301 name"),
    ("安全帽", "ABS", "顶", "L2010302 name"),
    ("防化手套", "", "双", "L2010402 name"),
    ("防化手套", "", "只", "? L2010402"),
    ("绝缘手套", "12kV", "付", "L2010404 name"),
    ("绝缘靴", "", "双", "L2010504 name"),
    ("安全绳", "50m", "根", "? L2010603"),
    ("轻型安全绳", "", "根", "L2010602 name"),
    ("防毒面具", "", "个", "L2010103 alias"),
    ("滤毒罐", "", "罐", "L2010104 name"),
    ("滤毒罐", "", "箱", "L2010104 name"),
    ("N95口罩", "", "只", "? L2110302"),
    ("反光马甲", "", "件", "L2010215 alias"),
    // Detection and cordon.
    ("四合一气体检测仪", "", "台", "L2020101 alias"),
    ("便携式可燃气体检测仪", "", "台", "L2020102 alias"),
    ("测温枪", "", "把", "L2020203 alias"),
    ("警戒带", "50米/盘", "盘", "L2030101 alias"),
    ("警戒带", "", "米", "? L2030101"),
    ("反光锥", "70cm", "个", "L2030103 alias"),
    ("喊话器", "", "个", "L2030107 alias"),
    ("手摇警报器", "", "台", "L2030108 alias"),
    // Fire-fighting.
    ("干粉灭火器", "4kg", "具", "L2040101 alias"),
    ("干粉灭火器", "MFZ/ABC4", "具", "L2040101 alias"),
    ("手提式干粉灭火器（8公斤）", "", "瓶", "? L2040103"),
    ("手提式干粉灭火器（8公斤）", "", "支", "L2040103 alias"),
    ("干粉灭火器", "", "个", "? L2040101"),
    ("灭火器", "", "具", "? L2040101"),
    ("推车式干粉灭火器", "35kg", "台", "L2040104 name"),
    ("推车式灭火器", "MFT/ABC35", "辆", "L2040104 alias"),
    ("二氧化碳灭火器", "5kg", "具", "L2040105 name"),
    ("二氧化碳灭火器", "3kg", "具", "? L2040105"),
    ("二氧化碳灭火器", "MT5", "具", "L2040105 alias"),
    ("水基型灭火器", "6L", "具", "L2040106 name"),
    ("灭火毯", "1.5m×1.5m", "块", "L2040108 name"),
    ("消防沙", "", "方", "L2040109 name"),
    ("消防沙", "", "吨", "? L2040109"),
    ("消防铁锹", "", "把", "L2040111 alias"),
    ("消防水带", "13-65-20", "盘", "L2040201 alias"),
    ("消防水带", "65mm×20m", "盘", "L2040201 name"),
    ("消防水带", "DN80", "盘", "? L2040202"),
    ("水带", "", "卷", "? L2040201"),
    ("消防水带", "", "米", "? L2040201"),
    ("水枪", "", "支", "? L2040203"),
    ("多功能水枪", "", "把", "L2040203 name"),
    ("泡沫液", "3%AFFF", "吨", "L2040301 name"),
    ("泡沫液", "", "桶", "L2040301 name"),
    ("手抬机动泵", "", "台", "L2040207 alias"),
    // Rescue, plugging, transfer.
    ("担架", "", "副", "? L2050102"),
    ("折叠担架", "", "副", "L2050102 alias"),
    ("救生衣", "成人", "件", "L2050107 name"),
    ("救生依", "", "件", "? L2050107"),
    ("救生圈", "", "个", "L2050108 name"),
    ("无齿锯", "", "台", "L2050203 name"),
    ("液压千斤顶", "10T", "台", "? L2050208"),
    ("撬棍", "", "根", "L2050206 alias"),
    ("木楔", "", "套", "L2060101 alias"),
    ("吸油棉", "", "箱", "? L2070201"),
    ("活性炭", "", "公斤", "L2070203 name"),
    ("活性炭", "", "袋", "L2070203 name"),
    // Light, communication, medical, power.
    ("强光手电", "", "把", "? L2090102"),
    ("手电筒", "", "支", "L2090103 name"),
    ("手电", "", "把", "? L2090103"),
    ("探照灯", "", "个", "? L2090102"),
    ("对讲机", "摩托罗拉", "部", "L2100101 name"),
    ("对讲机", "防爆", "部", "? L2100102"),
    ("急救箱", "", "个", "L2110101 name"),
    ("急救箱", "", "箱", "L2110101 name"),
    ("急救包", "", "个", "L2110101 alias"),
    ("AED", "", "台", "L2110201 name"),
    ("医用外科口罩", "", "盒", "L2110301 name"),
    ("医用外科口罩", "", "箱", "? L2110301"),
    ("柴油发电机", "5kW", "台", "L2120101 alias"),
    ("发电机", "", "台", "L2120101 alias"),
    ("柴油", "0#", "吨", "? L2120104"),
    ("柴油", "", "桶", "L2120104 name"),
    ("电缆盘", "50m", "个", "L2120103 name"),
    // Vehicles, mines, water, forest, security.
    ("水罐消防车", "", "辆", "L2130101 name"),
    ("消防车", "", "台", "? L2130101"),
    ("自救器", "45min", "台", "L2140104 name"),
    ("自救器", "ZYX45", "台", "L2140104 alias"),
    ("自救器", "", "台", "? L2140103"),
    ("氧气呼吸器", "4h", "台", "L2140101 alias"),
    ("4小时氧气呼吸器", "", "台", "L2140101 alias"),
    ("潜水泵", "QX40", "台", "L2150101 name"),
    ("冲锋舟", "", "艘", "L2150103 name"),
    ("橡皮艇", "8人", "艘", "L2150104 name"),
    ("风力灭火机", "", "台", "L2160101 name"),
    ("二号工具", "", "把", "L2160103 name"),
    ("2号工具", "", "把", "L2160103 alias"),
    ("防爆盾牌", "", "面", "L2170101 alias"),
    ("防暴钢叉", "", "把", "L2170102 alias"),
    // Relief and flood control.
    ("帐篷", "12m2", "顶", "? L1010101"),
    ("单帐篷", "12㎡", "顶", "L1010101 name"),
    ("棉帐篷", "", "顶", "? L1010102"),
    ("棉被", "", "床", "L1020101 name"),
    ("军大衣", "", "件", "L1020103 alias"),
    ("棉大衣", "", "件", "L1020103 name"),
    ("大衣", "", "件", "? L1020103"),
    ("矿泉水", "", "件", "L1030101 alias"),
    ("矿泉水", "", "瓶", "? L1030101"),
    ("编织袋", "", "条", "L3010101 name"),
    ("编织袋", "", "包", "L3010101 name"),
    ("编织袋", "50*80cm", "万条", "? L3010101"),
    ("沙袋", "", "个", "? L3010101"),
    ("土工布", "", "平方米", "L3010102 name"),
    ("块石", "", "m³", "L3010103 name"),
    ("8号铁丝", "", "吨", "L3010105 alias"),
    ("铁丝", "", "公斤", "L3010105 name"),
    ("融雪剂", "", "袋", "L3010106 name"),
    ("铁锹", "", "把", "L3020104 name"),
    ("铁楸", "", "把", "none"),
    ("洋镐", "", "把", "L3020105 alias"),
    ("十字镐", "", "把", "L3020105 alias"),
    ("挖掘机", "", "台", "L3020101 name"),
    ("绳子", "", "米", "? L1010105"),
    // Codes, English, pinyin.
    ("Life jacket", "", "pcs", "L2050107 name"),
    ("SCBA", "", "set", "L2010101 alias"),
    ("konghu", "", "套", "? L2010101"),
    ("jiushengyi", "", "件", "? L2050107"),
    // The catalogue has no rainwear.
    ("雨衣", "", "件", "none"),
    ("雨靴", "", "双", "none"),
];

#[test]
fn rows_of_ledgers_are_matched_or_asked() {
    let matcher = matcher();
    let wrong: Vec<String> = ROWS
        .iter()
        .filter_map(|(name, specification, unit, expected)| {
            let outcome = find(&matcher, name, specification, unit);
            (short(&outcome) != *expected)
                .then(|| format!("{name}, {specification}, {unit}: expected {expected}, found {outcome:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), ROWS.len(), wrong.join("\n"));
}

/// Names of things that the catalogue does not have.
const ABSENT: &str = "雨衣 雨靴 打印机 办公桌 台式电脑 笔记本电脑 复印纸 扫把 垃圾桶 垃圾袋 拖把 饮水机 电磁炉 高压锅 煤气灶 文件柜 货架 托盘 \
    叉车 平板拖车 电动自行车 充电桩 插座 开关 配电箱 空调 电风扇 暖风机 蜡烛 打火机 望远镜 指南针 地图 登山包 背包 防蚊液 蚊帐 凉席 枕头 床单 \
    脸盆 牙刷 洗发水 卫生巾 大米 面粉 食用油 方便面 火腿肠 奶粉 体温计 轮椅 拐杖 听诊器 注射器 麻醉药 冰袋 热水袋 石灰 水泥 钢筋 螺丝刀 锤子 \
    钳子 卷尺 电钻 角磨机 抽油烟机 摄像机 照相机 录音笔 投影仪 音响 旗帜 袖标 胸牌 哈达 马鞍 饲料 草料";

/// The figures behind the floor of scores: most of what the catalogue does not have comes near nothing, and what it has under
/// another name, without the aliases, mostly does.
#[test]
fn the_floor_divides_what_is_there_from_what_is_not() {
    let with_aliases = matcher();
    let absent: Vec<&str> = ABSENT.split_whitespace().collect();
    let asked: Vec<&&str> =
        absent.iter().filter(|name| find(&with_aliases, name, "", "") != MatchOutcome::NoMatch).collect();
    assert!(asked.iter().all(|name| matches!(find(&with_aliases, name, "", ""), MatchOutcome::Ask(_))));
    assert!(asked.len() * 5 <= absent.len(), "{} of {}: {asked:?}", asked.len(), absent.len());

    let reference = Reference::load().unwrap();
    let without = Matcher::new(&reference.reference_data().items, "2026-11-30".parse().unwrap(), &[]);
    let same: Vec<&Alias> = reference.aliases.iter().filter(|alias| alias.relation == AliasRelation::Same).collect();
    let (mut first, mut among) = (0, 0);
    for alias in &same {
        let specification = alias.specification.as_deref().unwrap_or_default();
        if let MatchOutcome::Ask(candidates) = find(&without, &alias.name, specification, "") {
            let at = candidates.iter().position(|candidate| Some(&candidate.item) == alias.item());
            first += usize::from(at == Some(0));
            among += usize::from(at.is_some());
        }
    }
    assert!(first * 100 >= same.len() * 55, "{first} of {}", same.len());
    assert!(among * 100 >= same.len() * 65, "{among} of {}", same.len());
}

/// The search of items finds them by their aliases too.
#[test]
fn the_search_finds_items_by_aliases() {
    let reference = Reference::load().unwrap();
    let scba = reference.catalogue.items.iter().find(|item| item.code == "L2010101").unwrap();
    let names = names_by_item(&reference.aliases);
    for typed in ["空呼", "konghu", "kh", "SCBA"] {
        let aliases = names.get(scba.code.as_str()).into_iter().flatten().copied();
        let fit = Search::new(typed).fit_item_known_as(&scba.code, &scba.version, aliases);
        assert_eq!(fit, Some(Fit::Beginning), "{typed}");
    }
}

#[test]
fn the_reasons_of_an_alias_say_so() {
    let outcome = find(&matcher(), "防化服", "", "套");
    let MatchOutcome::Ask(candidates) = outcome else { panic!("{outcome:?}") };
    let codes: Vec<&str> = candidates.iter().map(|candidate| candidate.item.as_str()).collect();
    assert_eq!(codes[..3], ["L2010201", "L2010202", "L2010203"]);
    assert_eq!(candidates[0].reasons, [MatchReason::Alias, MatchReason::Unit]);
}
