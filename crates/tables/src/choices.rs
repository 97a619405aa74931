//! Words for values of small sets, in English and in Chinese.

use domain::count::{Held, LotCondition};
use domain::depot::{Datum, Holding};
use domain::fact::FactKind;
use domain::item::ItemKind;
use domain::organization::OrganizationKind;
use domain::rule::{Bound, Certainty, Confidence, RuleRole, StepRounding, Strength, TimeUnit};
use domain::standard::StandardStatus;

use super::folding::plain;

/// The longest word that may name a value, in bytes.
const LONGEST_WORD: usize = 200;

/// A value that a cell names by one of a few words; the first of its words is the one written.
pub trait Choice: Copy + PartialEq + 'static {
    /// The values with their words.
    const WORDS: &'static [(Self, &'static [&'static str])];

    /// The value for a word.
    fn named(word: &str) -> Option<Self> {
        if word.len() > LONGEST_WORD {
            return None;
        }
        let wanted = plain(word);
        Self::WORDS.iter().find(|(_, words)| words.iter().any(|word| plain(word) == wanted)).map(|(value, _)| *value)
    }

    /// The word written for the value.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(value, _)| *value == self).and_then(|(_, words)| words.first()).copied().unwrap_or("")
    }

    /// The accepted words in one line: each written word with its first Chinese one.
    fn accepted() -> String {
        let pair = |words: &[&str]| words.iter().take(2).copied().collect::<Vec<_>>().join(" / ");
        Self::WORDS.iter().map(|(_, words)| pair(words)).collect::<Vec<_>>().join(", ")
    }
}

impl Choice for bool {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (true, &["yes", "是", "true", "y", "1", "有", "√", "✓", "对"]),
        (false, &["no", "否", "false", "n", "0", "无", "×", "✗", "x", "没有"]),
    ];
}

impl Choice for OrganizationKind {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::RescueTeam, &["rescue_team", "救援队伍", "team", "队伍", "救援队", "应急救援队伍", "专业救援队伍"]),
        (Self::Enterprise, &["enterprise", "企业", "company", "生产经营单位", "企业单位"]),
        (Self::Bureau, &["bureau", "主管部门", "应急管理局", "局", "监管部门"]),
    ];
}

impl Choice for ItemKind {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Equipment, &["equipment", "装备", "设备", "器材"]),
        (Self::Material, &["material", "物资", "耗材", "材料", "消耗品"]),
    ];
}

impl Choice for Holding {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Physical, &["physical", "实物", "实物储备"]),
        (Self::Agreement, &["agreement", "协议", "协议储备", "代储"]),
        (Self::Capacity, &["capacity", "产能", "产能储备", "能力储备"]),
    ];
}

impl Choice for LotCondition {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (
            Self::Serviceable,
            &[
                "serviceable",
                "完好",
                "良好",
                "正常",
                "在用",
                "可用",
                "合格",
                "有效",
                "备用",
                "完好有效",
                "完好备用",
                "使用正常",
                "正常使用",
                "能用",
                "好",
            ],
        ),
        (
            Self::InRepair,
            &["in_repair", "维修", "待修", "维修中", "送修", "在修", "检修", "修理", "待维修", "检修中", "返修"],
        ),
        (
            Self::Unserviceable,
            &[
                "unserviceable",
                "损坏",
                "报废",
                "待报废",
                "已报废",
                "不合格",
                "故障",
                "失效",
                "不可用",
                "不能用",
                "已损坏",
                "禁用",
            ],
        ),
    ];
}

impl Choice for Held {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Here, &["here", "in the depot", "在库", "在位"]),
        (Self::Lent, &["lent", "借出", "外借", "出借", "已借出"]),
    ];
}

impl Choice for Datum {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Cgcs2000, &["cgcs2000", "2000国家大地坐标系", "国家2000", "wgs84", "wgs-84", "wgs 84"]),
        (Self::Gcj02, &["gcj02", "火星坐标系", "gcj-02", "高德", "腾讯"]),
        (Self::Bd09, &["bd09", "百度坐标系", "bd-09", "百度"]),
    ];
}

impl Choice for FactKind {
    const WORDS: &'static [(Self, &'static [&'static str])] =
        &[(Self::Number, &["number", "数值", "数字", "数量"]), (Self::Tag, &["tag", "是非项", "标签", "是否"])];
}

impl Choice for StandardStatus {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Draft, &["draft", "草案", "征求意见稿"]),
        (Self::InForce, &["in_force", "现行", "有效"]),
        (Self::Superseded, &["superseded", "已被代替", "已被替代", "被替代", "作废"]),
        (Self::Comparison, &["comparison", "对照", "比较"]),
        (Self::Reference, &["reference", "参考"]),
        (Self::Illustrative, &["illustrative", "示例"]),
    ];
}

impl Choice for Strength {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Mandatory, MANDATORY),
        (Self::Recommended, RECOMMENDED),
        (Self::Reference, REFERENCE),
        (Self::Optional, OPTIONAL),
    ];
}

const MANDATORY: &[&str] = &["mandatory", "应配", "强制", "必配", "应"];
const RECOMMENDED: &[&str] = &["recommended", "宜配", "推荐", "宜", "建议"];
const REFERENCE: &[&str] = &["reference", "参考"];
const OPTIONAL: &[&str] = &["optional", "可配", "选配", "可", "可选"];

/// The strength of an adoption, or its end.
impl Choice for Option<Strength> {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Some(Strength::Mandatory), MANDATORY),
        (Some(Strength::Recommended), RECOMMENDED),
        (Some(Strength::Reference), REFERENCE),
        (Some(Strength::Optional), OPTIONAL),
        (None, &["ended", "终止", "停止采用", "不再采用"]),
    ];
}

impl Choice for RuleRole {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Requirement, &["requirement", "配备要求", "要求"]),
        (Self::Parameter, &["parameter", "参数"]),
        (Self::ClassTable, &["class_table", "分类表", "分类"]),
        (Self::FactCheck, &["fact_check", "人员和场所要求", "事实核查", "核查"]),
    ];
}

impl Choice for Confidence {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Verified, &["verified", "已核对原文", "已核实", "核实"]),
        (Self::Recalled, &["recalled", "凭记忆转录", "凭记忆", "记忆"]),
        (Self::Illustrative, &["illustrative", "示例"]),
    ];
}

impl Choice for Certainty {
    const WORDS: &'static [(Self, &'static [&'static str])] =
        &[(Self::High, &["high", "高"]), (Self::Medium, &["medium", "中"]), (Self::Low, &["low", "低"])];
}

impl Choice for StepRounding {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Floor, &["floor", "不足不计", "向下取整", "舍去"]),
        (Self::Ceil, &["ceil", "不足按一计", "向上取整", "进一"]),
    ];
}

impl Choice for TimeUnit {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Minute, &["minute", "分钟", "分"]),
        (Self::Hour, &["hour", "小时", "时"]),
        (Self::Day, &["day", "天", "日"]),
        (Self::Month, &["month", "月", "个月"]),
    ];
}

impl Choice for Bound {
    const WORDS: &'static [(Self, &'static [&'static str])] =
        &[(Self::AtLeast, &["at_least", "不少于", "至少"]), (Self::AtMost, &["at_most", "不多于", "至多"])];
}

/// The code for a word of the language; any other word stays as it is.
pub fn code_of(word: &str, words: &[(&'static str, &[&str])]) -> String {
    let wanted = plain(word);
    let found = words.iter().find(|(_, words)| words.iter().any(|word| plain(word) == wanted));
    found.map_or_else(|| word.to_owned(), |(code, _)| (*code).to_owned())
}

/// The forms of quantities.
pub const QUANTITIES: &[(&str, &[&str])] = &[
    ("rate", &["定额", "rate", "按数配备"]),
    ("coverage", &["按面积折算", "coverage", "覆盖", "折算"]),
    ("band", &["分档", "band", "按区间", "区间取值"]),
    ("step", &["递增", "step", "分级递增"]),
    ("per_capita", &["人均", "per_capita", "按人数和时间"]),
    ("ratio", &["比例", "ratio", "按比例"]),
    ("present", &["有即可", "present", "至少一件"]),
    ("range", &["幅度", "range", "范围值"]),
    ("as_needed", &["按需", "as_needed", "根据需要", "按需配备"]),
    ("optional", &["可配", "optional", "选配", "可不配"]),
    ("away_at_most", &["在外比例", "away_at_most", "送修比例"]),
    ("service_life", &["使用年限", "service_life", "报废年限"]),
    ("classes", &["分类表", "classes"]),
    ("stated", &["说明", "stated", "仅作说明"]),
];

/// The types of teams in the standards.
pub const TEAM_TYPES: &[(&str, &[&str])] = &[
    ("fire_station", &["消防站", "消防救援站", "消防救援队", "消防队"]),
    ("mine_rescue", &["矿山救护队", "矿山救援队", "矿山救护"]),
    ("hazchem_brigade", &["危化救援队", "危险化学品救援队", "危化品救援队"]),
    ("medical_emergency", &["医疗急救队", "医疗救护队", "医疗救援队", "医疗急救"]),
    ("gas_repair_team", &["燃气抢修队", "燃气与管道抢修队", "抢修队"]),
    ("forest_fire_team", &["森林草原消防队", "森林消防队", "草原消防队", "森林草原防灭火队"]),
];

/// The sectors in the standards.
pub const SECTORS: &[(&str, &[&str])] = &[
    ("hazchem", &["危险化学品", "危化品", "危化", "化工"]),
    ("noncoal_mine", &["非煤矿山", "非煤"]),
    ("fireworks", &["烟花爆竹"]),
    ("town_gas", &["城镇燃气", "燃气"]),
    ("pipeline", &["长输管道", "油气长输管道", "油气管道", "油气输送管道"]),
    ("oil_storage_transport", &["油气储运", "油品储运", "石油储运"]),
    ("metallurgy", &["冶金", "冶金工贸"]),
    ("crowded", &["人员密集场所", "人员密集"]),
];

/// Units, as the catalogue writes them.
pub const UNITS: &[(&str, &[&str])] = &[
    ("kg", &["千克", "公斤", "KG"]),
    ("g", &["克"]),
    ("L", &["升", "l"]),
    ("m", &["米", "M"]),
    ("m2", &["平方米", "㎡", "m²"]),
    ("m3", &["立方米", "㎥", "m³"]),
];

/// True for a unit that is measured rather than counted.
pub fn is_measured(unit: &str) -> bool {
    UNITS.iter().any(|(code, _)| *code == unit)
}
