# 单位页面文本：列表、详情、依据、盘点记录、现场核查。
# 单位列表
web-orgs-organization = 单位
web-orgs-list-caption = 各单位达标情况
web-orgs-group = 行业或类别
web-orgs-region = 区划
web-orgs-basis = 筛选依据
web-orgs-any = 全部
web-orgs-all = 全部 { $n }
web-orgs-status = 状态
web-orgs-status-number = { $status } { $n }
web-orgs-established = 已核实
web-orgs-together = 含仅供参考
web-orgs-why-unknown = 未知原因
web-orgs-cause = { $cause }（{ $n } 项）
web-orgs-none = 本区划内尚无单位。
web-orgs-not-judged = 尚未评定
web-orgs-inactive = 已注销
web-orgs-judged = 已评定 { $n }／{ $of } 家；全部单位现在即可查找。
web-orgs-more = 另有 { $n } 项

# 单位详情
web-orgs-to-sheet = 返回单位
web-orgs-print = 打印
web-orgs-on-this-page = 本页内容
web-orgs-lines = 应配与盘点对照
web-orgs-unknown = 未知事项与询问对象
web-orgs-depots = 库点
web-orgs-differences = 不一致的盘点
web-orgs-expiring = 临期批次
web-orgs-counts = 盘点记录
web-orgs-checks = 人员与场所核对
web-orgs-hosted-by = 依托单位：{ $name }
web-orgs-standing-note = 仅计应配项。两种口径并列，不相加。
web-orgs-type = 队伍类型
web-orgs-kind = 单位类别
web-orgs-sector = 行业
web-orgs-contact-keeper = 保管人
web-orgs-contact-second_keeper = 第二保管人
web-orgs-contact-legal_representative = 法定代表人
web-orgs-contact-safety_head = 安全负责人
web-orgs-contact-duty = 值班

# 明细
web-orgs-line = 应配物资
web-orgs-required = 应配
web-orgs-usable = 可用
web-orgs-shortage = 短缺
web-orgs-required-open = 待定
web-orgs-binding = 要求程度 · 依据
web-orgs-lines-caption = 逐项数值；点击任一数值查看依据。
web-orgs-lines-none = 没有条款对本单位提出要求。
web-orgs-lines-short = 短缺
web-orgs-lines-unknown = 未知
web-orgs-lines-differs = 盘点不一致
web-orgs-lines-met = 达标
web-orgs-line-basis = 数据依据
web-orgs-line-strength = 要求程度
web-orgs-conflict = 盘点不一致
web-orgs-contested = 与核查不符
web-orgs-clauses-more = { $first } 等 { $n } 条
web-orgs-left-out = { $why } { $n }
web-orgs-to-standards = 标准与条款

# 未知事项
web-orgs-unknown-none = 没有未知事项：规则所需指标均已登记，盘点均在有效期内。
web-orgs-unknown-no-lines = 没有状态未知的应配项。
web-orgs-cause-depots = 库点：{ $list }
web-orgs-cause-rules = 规则：{ $list }
web-orgs-ask = 询问：{ $list }
web-orgs-facts-missing = 未登记的指标
web-orgs-fact-matters = 影响 { $n } 项结论：
web-orgs-fact-check = 核对：{ $name }
web-orgs-fact-unknown = { $name }：未登记
web-orgs-fact-found = { $name }：{ $value }（自 { $from } 起）
web-orgs-fact-yes = 是
web-orgs-fact-no = 否

# 核对
web-orgs-check = 核对事项
web-orgs-check-limit = 规定
web-orgs-check-found = 实际
web-orgs-check-text = 条款与计算
web-orgs-checks-caption = 人员、场所及外借待修数量
web-orgs-checks-none = 没有条款核对本单位的人员或场所。

# 库点
web-orgs-depots-none = 本单位没有登记库点：请主管部门启用库点。
web-orgs-depot = 库点
web-orgs-depot-closed = 已停用
web-orgs-keepers = 保管人
web-orgs-keeper-none = 未登记
web-orgs-phone-none = 未登记电话
web-orgs-last-count = 最近盘点
web-orgs-depot-counts = 历次盘点（{ $n } 次）
web-orgs-inspect = 现场核查
web-orgs-inspect-on = 继续核查
web-orgs-count-on-phone = 用手机页面盘点

# 不一致的盘点
web-orgs-differences-none = 没有互相矛盾的盘点，也没有核查少于盘点的情况。
web-orgs-difference-both = 数值涵盖各次结果：
web-orgs-to-inbox = 到待办中处理

# 临期批次
web-orgs-lot = 物资与批号
web-orgs-lot-short = 批号
web-orgs-last-day = 有效期至
web-orgs-quantity = 数量
web-orgs-then = 到期后
web-orgs-then-same = 不新增短缺
web-orgs-expired-ago = 已过期{ $n }天
web-orgs-expired-counted = 不计入可用
web-orgs-expires-in = { $n ->
    [0] 今日到期
   *[other] { $n }天后
}
web-orgs-expiring-caption = { $n }天内到期及已过期
web-orgs-expiring-none = 没有已过期或{ $n }天内到期的批次。

# 盘点记录
web-orgs-counts-caption = 盘点记录（由近及远）
web-orgs-counts-none = 尚无盘点。
web-orgs-counted = 盘点时间
web-orgs-counted-by = 盘点人
web-orgs-count-what = 类别 · 范围
web-orgs-count-voided = 已作废
web-orgs-voided-at = { $at }：{ $reason }
web-orgs-count-title = { $depot }盘点
web-orgs-count-lines = 盘点内容
web-orgs-count-caption = 本次盘点涉及 { $n } 种物资
web-orgs-count-caption-full = 整库盘点：目录内 { $n } 种物资中未列出的记为没有
web-orgs-item = 物资
web-orgs-condition = 状况
web-orgs-inspected = 检验日期
web-orgs-inspected-on = { $day } 检验
web-orgs-received = 收到时间
web-orgs-revision = 修订号
web-orgs-revision-number = { $revision }
web-orgs-device = 设备
web-orgs-notes = 说明
web-orgs-remark = 备注
web-orgs-lots-not-mentioned = 以往盘到、本次未提及的批次
web-orgs-receipt = 回执
web-orgs-receipt-show = 回执
web-orgs-receipt-of = { $depot } 盘点的回执
web-orgs-receipt-genuine = 回执有效：已在本浏览器核对签名与内容
web-orgs-receipt-unknown_key = 服务已没有签发该回执的密钥

# 依据
web-orgs-bar = 可用与应配
web-orgs-proof = 文字依据
web-orgs-line-past = 此处显示的是其他日期或其他时点的结果。
web-orgs-line-now = 查看当前结果
web-orgs-moment = 计算日 { $day }，修订号 { $revision }：选择其他日期或修订号
web-orgs-moment-day = 计算日
web-orgs-moment-day-hint = 有效期、盘点时效和指标均按该日计算
web-orgs-moment-revision = 修订号
web-orgs-moment-revision-hint = 不大于 { $revision }；其后登记的内容不计入
web-orgs-moment-known = 或截至时点
web-orgs-moment-known-hint = 按当时已登记的内容计算
web-orgs-moment-act = 查看
web-orgs-rules = 要求配备的条款（{ $n } 条）
web-orgs-rule = 规则 { $rule }
web-orgs-rule-result = 应配
web-orgs-rule-governs = （以此为准）
web-orgs-rule-strength = { $strength }；区划 { $region } 自 { $from } 起采用
web-orgs-rule-counted = 计算所用指标
web-orgs-strength = 要求程度
web-orgs-confidence = 条文来源
web-orgs-certainty = 把握程度：{ $certainty }
web-orgs-attribution = 归属：{ $confidence }
web-orgs-target = 申报需求量
web-orgs-from = 自 { $from } 起
web-orgs-exemption = 豁免
web-orgs-exempt = { $name } 批准，{ $from } 至 { $to }：{ $reason }
web-orgs-why-applies = 是否适用：{ $holds }
web-orgs-holds-yes = 成立
web-orgs-holds-no = 不成立
web-orgs-holds-unknown = 未知
web-orgs-condition-any = 满足下列任一项：
web-orgs-condition-all = 同时满足下列各项：
web-orgs-condition-not = 不属于：
web-orgs-condition-always = 始终适用
web-orgs-condition-is = { $what }：{ $wanted }（实际：{ $found }）
web-orgs-condition-compare = 要求{ $op } { $value }。
web-orgs-condition-class = 分类表 { $table } 中的 { $wanted }（实际：{ $found }）
web-orgs-op-less_than = 小于
web-orgs-op-at_most = 不大于
web-orgs-op-equal_to = 等于
web-orgs-op-at_least = 不小于
web-orgs-op-more_than = 大于
web-orgs-passed-over = 另有 { $n } 条规则或采用决定涉及同一物资但不计入
web-orgs-passed-does_not_apply = 不适用于本单位：
web-orgs-passed-weaker = 已由要求程度更高者代替。
web-orgs-adoption-not_begun = 采用尚未开始。
web-orgs-adoption-ended = 采用已经结束。
web-orgs-adoption-weaker = 已有要求程度更高或层级更近的采用决定：
web-orgs-adoption-superseded = 已由其他版本代替：
web-orgs-adoption-draft = 仍为草案。
web-orgs-adoption-edition_not_begun = 该版本尚未实施。
web-orgs-adoption-edition_ended = 该版本已废止。
web-orgs-adoption-edition_unknown = 本服务没有该版本。
web-orgs-evidence = 所依据的盘点
web-orgs-evidence-none = 没有库点存放可计入此项的物资。
web-orgs-validity = 盘点有效期{ $n }天。
web-orgs-valid-through = 有效至 { $day }
web-orgs-found-none = 没有
web-orgs-lot-not-mentioned = 以往盘到的批次 { $lot } 未提及
web-orgs-not-usable = 不可用：{ $why }
web-orgs-taken-out = { $name } 的盘点不计入：{ $by } 已排除（{ $reason }）
web-orgs-other-counts = 其他盘点（{ $n } 次）
web-orgs-bearing-current = 计入
web-orgs-bearing-inspection = 仍然有效的核查
web-orgs-bearing-taken_out = 已由主管人员排除
web-orgs-bearing-resolved = 已由后来的盘点核定
web-orgs-bearing-superseded = 已由后来的盘点代替
web-orgs-bearing-not_in_catalogue = 当时目录中没有该物资
web-orgs-bearing-voided = 已作废
web-orgs-line-check = 独立核验
web-orgs-line-check-text = 该摘要对应上述数值及其全部依据，各语言相同；程序可据接口返回的内容重新计算并核对。
web-orgs-engine = 计算程序版本

# 现场核查
web-orgs-inspection-title = 现场核查：{ $depot }
web-orgs-inspection-lead = 请按所见数量填写。填写后才显示应配数和上次盘点数；不填的物资不计入本次核查。
web-orgs-draft-kept = 已恢复本标签页保存的核查（{ $at } 开始，已填 { $n } 种）。
web-orgs-draft-discard = 放弃
web-orgs-draft-discard-text = 将从本标签页删除已填写的内容，无法恢复。
web-orgs-draft-not-kept = 本浏览器无法保存草稿：提交前请勿关闭或刷新页面。
web-orgs-item-find = 查找物资
web-orgs-item-find-hint = 按名称或编码查找；目录中的其他物资可添加
web-orgs-item-add = 添加 { $name }（{ $code }）
web-orgs-items-here = 本库点以往盘到的物资
web-orgs-items-required = 本单位应配的其他物资
web-orgs-items-added = 本次添加
web-orgs-row = 第 { $n } 行
web-orgs-lot-and-condition = 批号、有效期、状况
web-orgs-another-row = 另一批号或状况
web-orgs-lot-number = 批号
web-orgs-number-wrong = 请填写数字，如 12；没有请填 0。
web-orgs-known-required = 全单位{ $strength }：
web-orgs-known-not-required = 没有条款要求本单位配备。
web-orgs-known-last = 本库点上次盘点：
web-orgs-known-never = 本库点从未盘点。
web-orgs-inspection-send-title = 提交
web-orgs-inspection-scope = 盘点范围
web-orgs-inspection-counted_by = 盘点人（如非本人）
web-orgs-inspection-note = 备注
web-orgs-inspection-progress = { $n ->
    [0] 尚未填写。
   *[other] 已填 { $n } 种。
}
web-orgs-inspection-full = 表示整库已核查：目录中未填写的物资一律记为 0。
web-orgs-inspection-full-title = 整库都核查了吗？
web-orgs-inspection-send = 提交核查
web-orgs-to-submit = 去提交
web-orgs-inspection-empty = 请至少填写一个数量。
web-orgs-send-again = 重新提交
web-orgs-not-sent = 尚未收到应答：不确定是否已保存
web-orgs-not-sent-text = 内容已保留，网络恢复后自动原样重新提交；重复提交只记一次。
web-orgs-stored-title = 核查已保存
web-orgs-stored = { $depot }：{ $n } 行。以下为更新后的数值。
web-orgs-stored-count = 查看本次盘点
web-orgs-stored-lines = 受影响的应配项
