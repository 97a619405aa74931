# 总览页文本：各板块、数字背后的清单及说明。

web-overview-print = 打印
web-overview-back = 返回总览
web-overview-comma = {" · "}
web-overview-and = 、
web-overview-and-more = 等，另有 { $n } 处

web-overview-since = 与 { $day } 相比：
web-overview-since-same = 无变化

web-overview-first = 需要先办
web-overview-top-established = 确定短缺 · 已核实条款
web-overview-top-indicative = 短缺 · 未经核实，仅供参考
web-overview-top-none = 没有确定短缺的应配项。
web-overview-top-part = 以下按前 { $n } 项短缺排序。
web-overview-top-all = 查看全部
web-overview-top-all-n = 全部 { $n } 项短缺
web-overview-missing = 缺
web-overview-ask-first = 未知事项先问谁
web-overview-ask-none = 没有可通过盘点或答复查明的未知事项。
web-overview-ask-part = 以下按前 { $n } 家单位排序。
web-overview-ask-all = 全部有未知事项的单位
web-overview-ask = 询问：{ $who }
web-overview-lines-n = { $n } 项
web-overview-cause-never_counted = { $n } 个库点从未盘点
web-overview-cause-stale_count = { $n } 个库点盘点逾期
web-overview-cause-conflict = 盘点不一致
web-overview-cause-contested = 与核查不符
web-overview-cause-expiry_missing = 未登记有效期
web-overview-cause-inspection_unknown = 未登记检验日期
web-overview-cause-fact_unknown = 缺 { $n } 项指标
web-overview-cause-target_not_declared = 未申报需求量
web-overview-cause-condition_unknown = 规则是否适用不明
web-overview-cause-no_depot = 没有启用的库点
web-overview-who-keeper = 库点保管人
web-overview-who-organization = 该单位
web-overview-who-bureau = 主管部门
web-overview-who-author_of_standard = 标准编制单位

web-overview-sectors = 各行业应配项
web-overview-sector = 行业
web-overview-classes = 各类物资应配项
web-overview-class = 类别
web-overview-several = 多种物资任选
web-overview-established = 已核实
web-overview-indicative = 未经核实，仅供参考
web-overview-established-lines = 已核实条款
web-overview-indicative-lines = 未经核实条款（仅供参考）
web-overview-all-lines = 全部应配项
web-overview-short-by-established = 短缺单位（已核实）
web-overview-short-by-together = 短缺单位（计入参考）
web-overview-no-lines = 无此类应配项
web-overview-not-added = 要求不同，单位数不合计
web-overview-no-mandatory = 尚无单位有应配项：请先采用适用于本区划的标准。

web-overview-lots = 30天内到期批次
web-overview-lots-short = 到期后将短缺的批次
web-overview-lots-none = 今后{ $days }天内没有批次到期。
web-overview-lots-soonest = 最先到期
web-overview-expires-on = 有效期至
web-overview-days-left = { $n ->
    [0] 今天到期
   *[other] 还有{ $n }天
}
web-overview-then = 到期后
web-overview-then-same = 不致短缺
web-overview-counts = 盘点将逾期
web-overview-stale-now = 盘点逾期库点
web-overview-stale-soon = { $days }天内逾期库点
web-overview-stale-now-list = 已逾期
web-overview-stale-soon-list = 即将逾期
web-overview-stale-then = 若无新的盘点，到 { $day } 将有 { $n } 家单位未知。

web-overview-trend = 近12周趋势
web-overview-trend-how = 各日均按目前掌握的数据计算。实线为确定短缺，其上色带为未知、可能短缺。
web-overview-trend-loading = 已读取 { $n }／{ $of } 周
web-overview-trend-organizations-established = 单位 · 已核实条款
web-overview-trend-organizations-together = 单位 · 计入仅供参考条款
web-overview-trend-lines-established = 应配项 · 已核实条款
web-overview-trend-lines-indicative = 应配项 · 未经核实，仅供参考
web-overview-trend-from = { $day }：短缺 { $short }，未知 { $unknown }

web-overview-items = 各物资缺口
web-overview-items-caption = 各物资缺口（按计量单位）
web-overview-items-how = 实色为确定短缺，斜线为可能短缺。仅合计同一物资的应配项。
web-overview-items-none = 没有短缺或未知的物资应配项。
web-overview-item = 物资
web-overview-missing-established = 缺口（已核实）
web-overview-missing-indicative = 缺口（仅供参考）
web-overview-certainty-sure = 确数
web-overview-certainty-between = 介于两数之间
web-overview-certainty-open = 至少；{ $n } 项上限未知
web-overview-usable-of = 可用 { $usable }／应配 { $required } { $unit }

web-overview-heat = 单位 × 物资类别
web-overview-heat-caption = 各单位各类物资情况
web-overview-heat-how = 每格为该类应配项中最严重的状态及其项数：上为已核实条款，下（括号内）为未经核实条款，仅供参考。横线表示无应配要求。点开一格可看依据。
web-overview-heat-find = 按名称或编码查找单位
web-overview-heat-part = 已载入 { $n } 家单位，其余可输入查找。
web-overview-heat-before = 前面的单位
web-overview-heat-after = 更多单位

web-overview-organization = 单位
web-overview-status = 状态
web-overview-basis = 依据
web-overview-lines-none = 目前没有这样的应配项：数字显示之后情况已变。
