//! The columns of every form.

use crate::form::{Column, Form, Layout};

const fn column(key: &'static str, zh: &'static str, others: &'static [&'static str]) -> Column {
    Column { key, zh, others }
}

const VALID_FROM: Column = column("valid_from", "生效日期", &["from", "生效日", "起始日期", "启用日期"]);
const NAME_EN: Column = column("name_en", "英文名称", &["english name", "name (en)", "英文名"]);
const NOTE: Column = column("note", "备注", &["remark", "remarks"]);

const REASON: Column = column("reason", "理由", &["correction reason", "更正理由", "原因"]);

const NAMED: &[&str] = &["name_zh", "name_en"];

const REGIONS: Layout = Layout {
    zh: "区划",
    others: &["region", "行政区划", "区域", "地区"],
    columns: &[
        column("code", "区划代码", &["region code", "代码", "编码", "行政区划代码", "区域代码", "区划编码"]),
        column("parent", "上级区划代码", &["parent code", "上级代码", "上级编码", "上级区划", "上级", "上级区域"]),
        NAME_EN,
        column(
            "name_zh",
            "区划名称",
            &["chinese name", "name", "名称", "中文名称", "行政区划名称", "区域名称", "中文名"],
        ),
        column("time_zone", "时区", &["timezone", "zone"]),
        column("validity_days", "盘点有效天数", &["validity", "有效天数", "盘点有效期"]),
        column("inspection_stands_days", "核查效力天数", &["inspection_stands", "核查有效天数"]),
        VALID_FROM,
    ],
    keys: &["code"],
    needs: &[&["code"], NAMED],
    left_out: &[],
};

const ITEM_CLASSES: Layout = Layout {
    zh: "物资类别",
    others: &["classes", "item class", "类别", "物资分类", "装备类别", "分类"],
    columns: &[
        column("code", "类别编码", &["class", "class code", "编码", "代码", "类别代码", "分类编码"]),
        NAME_EN,
        column("name_zh", "类别名称", &["chinese name", "name", "名称", "中文名称", "分类名称", "中文名"]),
        VALID_FROM,
    ],
    keys: &["code"],
    needs: &[&["code"], NAMED],
    left_out: &[],
};

const ITEMS: Layout = Layout {
    zh: "物资目录",
    others: &["item", "catalogue", "catalog", "物资", "目录", "装备目录", "物资清单", "装备"],
    columns: &[
        column("code", "物资编码", &["item", "item code", "编码", "代码", "物资代码", "装备编码", "物料编码"]),
        NAME_EN,
        column("name_zh", "物资名称", &["chinese name", "name", "名称", "中文名称", "品名", "装备名称", "中文名"]),
        column("class", "类别", &["item class", "class code", "类别编码", "物资类别", "分类", "类别代码"]),
        column("unit", "单位", &["计量单位"]),
        column("measured", "是否计量", &["计量", "按量计"]),
        column("kind", "性质", &["item kind", "种类", "装备或物资"]),
        column("perishable", "是否有效期管理", &["有保质期", "易过期", "有效期管理", "是否有保质期"]),
        column("shelf_life_months", "保质期", &["shelf life", "保质期月数", "保质期(月)", "有效期(月)"]),
        column("packs", "包装", &["pack", "包装规格", "包装单位"]),
        column("barcodes", "条码", &["barcode", "条形码", "商品条码"]),
        column("retired", "停用", &["是否停用", "已停用"]),
        VALID_FROM,
    ],
    keys: &["code"],
    needs: &[&["code"], NAMED, &["class"], &["unit"], &["kind"]],
    left_out: &["service_life_months", "inspection_interval_months", "life_confidence"],
};

const DICTIONARY: Layout = Layout {
    zh: "指标字典",
    others: &["fact definitions", "fact dictionary", "字典", "事实字典", "指标"],
    columns: &[
        column("key", "指标键", &["fact", "fact key", "事实键", "键", "指标编码", "编码", "代码", "指标代码"]),
        column("kind", "值类型", &["fact kind", "类型", "数值或标签", "指标类型"]),
        column("unit", "单位", &["计量单位"]),
        NAME_EN,
        column("name_zh", "名称", &["chinese name", "name", "中文名称", "指标名称", "中文名"]),
        column("definition_en", "英文定义", &["english definition", "definition", "英文说明"]),
        column("definition_zh", "定义", &["chinese definition", "中文定义", "说明", "口径", "中文说明"]),
        VALID_FROM,
    ],
    keys: &["key"],
    needs: &[&["key"], &["kind"], NAMED, &["definition_zh", "definition_en"]],
    left_out: &[],
};

const ORGANIZATIONS: Layout = Layout {
    zh: "单位",
    others: &["organization", "organisations", "organizations", "单位名录", "组织", "机构", "企业名录", "队伍名录"],
    columns: &[
        column("code", "单位编码", &["organization", "organization code", "编码", "代码", "单位代码", "组织编码"]),
        column(
            "region",
            "所在区划",
            &["region code", "区划", "区划代码", "所属区划", "所在区域", "所属区域", "行政区划", "行政区划代码"],
        ),
        column("kind", "单位性质", &["organization kind", "性质", "单位类别", "类别"]),
        NAME_EN,
        column("name_zh", "单位名称", &["chinese name", "name", "名称", "中文名称", "企业名称", "队伍名称", "中文名"]),
        column("organization_type", "队伍类型", &["type", "team type", "类型"]),
        column("sector", "行业", &["industry", "所属行业", "行业领域"]),
        column("hosted_by", "依托单位", &["host", "依托单位编码", "所属企业"]),
        column("active", "在册", &["是否在册", "在用"]),
        VALID_FROM,
    ],
    keys: &["code"],
    needs: &[&["code"], &["region"], &["kind"], NAMED],
    left_out: &[],
};

const FACTS: Layout = Layout {
    zh: "基本情况",
    others: &["fact", "fact sheets", "单位情况", "事实", "指标数据", "情况表"],
    columns: &[
        column("organization", "单位编码", &["organization code", "单位", "单位代码", "组织编码", "编码"]),
        column("fact", "指标", &["fact key", "指标键", "事实", "事实键", "指标编码"]),
        column("value", "值", &["数值", "指标值", "取值"]),
        VALID_FROM,
    ],
    keys: &["organization"],
    needs: &[&["organization"]],
    left_out: &["单位名称", "企业名称", "organization name"],
};

const DEPOTS: Layout = Layout {
    zh: "库点",
    others: &["depot", "仓库", "储备点", "储备库", "物资库"],
    columns: &[
        column("code", "库点编码", &["depot", "depot code", "编码", "代码", "仓库编码", "库点代码"]),
        column("organization", "单位编码", &["organization code", "单位", "所属单位", "单位代码", "所属单位编码"]),
        NAME_EN,
        column("name_zh", "库点名称", &["chinese name", "name", "名称", "中文名称", "仓库名称", "中文名"]),
        column("latitude", "纬度", &["lat"]),
        column("longitude", "经度", &["lon", "lng"]),
        column("keeper", "保管人", &["库管员", "责任人", "负责人"]),
        column("holding", "储备方式", &["储备形式", "储备类型"]),
        column("open", "启用", &["是否启用", "在用"]),
        VALID_FROM,
    ],
    keys: &["code"],
    needs: &[&["code"], &["organization"], NAMED],
    left_out: &[],
};

const STANDARDS: Layout = Layout {
    zh: "标准",
    others: &["standard", "配备标准", "储备标准"],
    columns: &[
        column("code", "标准编码", &["standard", "standard code", "标准号", "编码", "代码", "标准编号"]),
        column("title_en", "英文标题", &["english title", "英文名称"]),
        column("title_zh", "标准名称", &["chinese title", "title", "名称", "中文标题", "中文名称"]),
        column("jurisdiction", "适用地区", &["适用范围"]),
        column("status", "状态", &["标准状态"]),
        column("in_force_from", "实施日期", &["施行日期"]),
        column("in_force_to", "废止日期", &["失效日期"]),
        column("replaced_by", "替代标准", &["被替代"]),
        NOTE,
        REASON,
        VALID_FROM,
    ],
    keys: &["code"],
    needs: &[&["code"], &["title_zh", "title_en"], &["jurisdiction"], &["status"]],
    left_out: &[],
};

const RULES: Layout = Layout {
    zh: "规则",
    others: &["rule", "clauses", "配备规则", "条款", "配备要求"],
    columns: &[
        column("code", "规则编码", &["rule", "rule code", "编码", "代码"]),
        column("standard", "标准编码", &["standard code", "标准", "标准号"]),
        column("clause", "条款", &["条款号"]),
        column("role", "作用", &["rule role"]),
        column("applies_when", "适用条件", &["condition", "when", "条件"]),
        column("waived_when", "免除条件", &["waiver", "免配条件"]),
        column("scope", "范围", &["适用对象"]),
        column("shares_with", "共用范围", &["shares units with", "与其共用"]),
        column("item", "物资编码", &["item code", "物资", "装备编码"]),
        column("any_of", "任选物资", &["alternatives", "可选物资", "任选其一"]),
        column("each_of", "各配一种", &["kinds", "种类", "每种各配"]),
        column("kit", "成套物资", &["kit items", "成套"]),
        column("capability", "能力", &["capability name", "能力名称"]),
        column("fact", "核对指标", &["checked fact", "指标"]),
        column("bound", "上下限", &["bounded side"]),
        column("other", "其他要求对象", &["other selector", "其他对象"]),
        column("quantity", "数量形式", &["quantity form", "数量方式"]),
        column("n", "数量", &["number", "配备数量"]),
        column("per", "每", &["each", "每多少"]),
        column("of", "基数", &["basis", "基数事实", "按"]),
        column("and", "第二基数", &["second basis"]),
        column("rows", "分档", &["bands", "档次"]),
        column("from", "起点", &["start", "起算"]),
        column("to", "上端", &["up to", "最高"]),
        column("more", "递增数", &["further", "每增配"]),
        column("rounding", "不足部分", &["incomplete part", "取整"]),
        column("factor", "系数", &["multiplier"]),
        column("factor_of", "系数指标", &["factor fact"]),
        column("capacity", "单位覆盖", &["covers", "单位能力覆盖"]),
        column("unit_capacity", "单件能力", &["capacity of a unit"]),
        column("time", "时长", &["duration", "保障时长"]),
        column("per_time", "每时长", &["per duration"]),
        column("time_unit", "时间单位", &["unit of time"]),
        column("ratio_to", "比例对象", &["ratio of", "相对物资"]),
        column("at_least", "至少", &["min", "最少", "不少于"]),
        column("at_most", "至多", &["max", "最多", "不多于"]),
        column("spare", "备份", &["备份比", "备用"]),
        column("months", "年限月数", &["service months", "使用月数"]),
        column("class_table", "分类表", &["class table name"]),
        column("class_rows", "分类条件", &["classes"]),
        column("unit", "单位", &["计量单位"]),
        column("strength", "约束力", &["强度", "约束强度"]),
        column("agreement_percent", "协议储备比例", &["agreement share", "协议比例"]),
        column("validity_days", "盘点有效天数", &["validity", "有效天数"]),
        column("inspected_within_months", "检验周期", &["检验间隔"]),
        column("specification", "规格要求", &["规格"]),
        column("text_en", "英文条文", &["english text"]),
        column("text_zh", "条文", &["chinese text", "中文条文", "text"]),
        column("confidence", "可信度", &[]),
        column("recall_certainty", "记忆把握", &[]),
        column("attribution", "归属可信度", &["attribution confidence"]),
        column("source", "出处", &["来源"]),
        NOTE,
        column("document", "规则文档", &["json"]),
        column("withdrawn", "撤回", &["是否撤回", "已撤回"]),
        REASON,
        VALID_FROM,
    ],
    keys: &["code", "standard"],
    needs: &[&["code"], &["standard"]],
    left_out: &[],
};

const ADOPTIONS: Layout = Layout {
    zh: "采用",
    others: &["adoption", "标准采用", "采用标准", "采用决定"],
    columns: &[
        column("region", "区划代码", &["region code", "区划", "区域", "地区"]),
        column("standard", "标准编码", &["standard code", "标准", "标准号"]),
        column("strength", "约束力", &["强度", "约束强度"]),
        REASON,
        VALID_FROM,
    ],
    keys: &["region", "standard", "strength"],
    needs: &[&["region"], &["standard"], &["strength"]],
    left_out: &[],
};

const TARGETS: Layout = Layout {
    zh: "申报需求量",
    others: &["target", "declared targets", "申报目标", "自定目标", "申报数量"],
    columns: &[
        column("organization", "单位编码", &["organization code", "单位", "单位代码"]),
        column("rule", "规则编码", &["rule code", "规则"]),
        column("quantity", "数量", &["需求量", "目标数量", "申报数量"]),
        REASON,
        VALID_FROM,
    ],
    keys: &["organization", "rule", "quantity"],
    needs: &[&["organization"], &["rule"], &["quantity"]],
    left_out: &[],
};

impl Form {
    /// The layout of the form.
    pub fn layout(self) -> &'static Layout {
        match self {
            Self::Regions => &REGIONS,
            Self::ItemClasses => &ITEM_CLASSES,
            Self::Items => &ITEMS,
            Self::Dictionary => &DICTIONARY,
            Self::Organizations => &ORGANIZATIONS,
            Self::Facts => &FACTS,
            Self::Depots => &DEPOTS,
            Self::Standards => &STANDARDS,
            Self::Rules => &RULES,
            Self::Adoptions => &ADOPTIONS,
            Self::Targets => &TARGETS,
        }
    }
}
