# 代码在两种语言中的名称。代码本身不变；供人阅读之处用此名称。
#
# 用语表（各消息文件统一使用）：
#   region 区划；organization 单位；depot 库点；item 物资（装备、物资两类）；item class 物资类别
#   count 盘点；void 作废；stock 储备量；quarantine 待处理命令；clause 条、表；rule 规则
#   quartermaster 物资管理员；viewer 查阅人员；officer 主管人员；admin 系统管理员；bureau 主管部门；rescue team 救援队伍
#   required 应配；usable 可用；shortage 短缺；spare 备份；as needed 按需配备；not evaluated 暂不能计算
#   standard 标准；adoption 标准采用；declared target 申报需求量；not set 未申报需求量；exemption 豁免
#   mandatory 应配；recommended 宜配；optional 可配；reference 参考；indicative 未经核实，仅供参考
#   expired 已过期；expiry 有效期、失效日期；in repair 待修；unserviceable 待报废；lent 借出
#   physical 实物储备；agreement 协议储备；capacity 产能储备；inspection（物资）检验，（盘点）核查
#   fact 指标（数值、是非项）；fact sheet 基本情况表；client 第三方程序；account 账号；enrolment code 注册码
#   code 编码（区划用“区划代码”）；revision 修订号；token 令牌；field 字段；header 请求头

role-quartermaster = 物资管理员
role-viewer = 查阅人员
role-officer = 主管人员
role-admin = 系统管理员

status-met = 满足
status-short = 短缺
status-unknown = 情况不明
status-not_set = 未申报需求量
status-not_required = 无需配备
status-at = 达到建议数
status-below = 低于建议数

organization-status-met = 达标
organization-status-short = 短缺
organization-status-unknown = 情况不明
organization-status-not_covered = 未覆盖

status-basis-established = 仅已核实
status-basis-together = 已核实与未经核实合并

cause-condition_unknown = 规则是否适用不明
cause-fact_unknown = 指标未登记
cause-not_evaluated = 规则暂不能计算
cause-target_not_declared = 未申报需求量
cause-exempt = 已豁免
cause-waived = 规则已免除
cause-no_depot = 没有启用的库点
cause-never_counted = 从未盘点
cause-stale_count = 盘点逾期
cause-conflict = 盘点不一致
cause-contested = 与核查不符
cause-expiry_missing = 未登记有效期
cause-inspection_unknown = 未登记检验日期
cause-out_of_range = 数值超出可计算范围
cause-search_limit = 超出计算上限

ask-keeper = 库点保管人
ask-organization = 本单位
ask-bureau = 主管部门
ask-author_of_standard = 标准编制单位
check-status-met = 符合
check-status-short = 不符合
check-status-unknown = 情况不明
check-status-not_required = 不作要求
bound-at_least = 不少于
bound-at_most = 不超过

strength-mandatory = 应配
strength-recommended = 宜配
strength-reference = 参考
strength-optional = 可配

basis-established = 已核实
basis-indicative = 未经核实，仅供参考

left-out-expired = 已过期
left-out-unserviceable = 待报废
left-out-in_repair = 待修
left-out-lent = 借出
left-out-inspection_overdue = 超期未检
left-out-agreement = 协议储备
left-out-capacity = 产能储备

doubt-expiry_missing = 未登记有效期
doubt-inspection_unknown = 未登记检验日期
doubt-out_of_range = 各行合计超出可计算范围

stock-state-counted = 已盘点
stock-state-conflict = 盘点不一致
stock-state-contested = 与核查不符
stock-state-stale = 盘点逾期
stock-state-never_counted = 从未盘点

condition-serviceable = 完好
condition-in_repair = 待修
condition-unserviceable = 待报废

held-here = 在库
held-lent = 借出

holding-physical = 实物储备
holding-agreement = 协议储备
holding-capacity = 产能储备

count-kind-own = 自行盘点
count-kind-inspection = 核查盘点

count-scope-full = 全面盘点
count-scope-listed = 部分盘点

count-flag-clock_corrected = 已校正设备时钟
count-flag-clock_went_back = 设备时钟曾回拨
count-flag-seq_jumped = 设备命令序号跳跃
count-flag-seq_reused = 设备命令序号重复
count-flag-counted_ahead = 盘点时间晚于接收时间
count-flag-catalogue_unknown = 所用目录版本不详
count-flag-before_catalogue = 盘点时目录尚无物资
count-flag-lots_not_mentioned = 有批次未提及
count-flag-ledger = 取自台账

source-device = 终端设备
source-account = 账号

organization-kind-rescue_team = 救援队伍
organization-kind-enterprise = 企业
organization-kind-bureau = 应急管理部门

item-kind-equipment = 装备
item-kind-material = 物资

fact-kind-number = 数值
fact-kind-tag = 是非项

fact-state-recorded = 已登记
fact-state-absent = 经确认没有
fact-state-unknown = 未登记

standard-status-draft = 草案
standard-status-in_force = 现行
standard-status-superseded = 已被代替
standard-status-comparison = 仅作对照
standard-status-reference = 仅供参考
standard-status-illustrative = 示例

confidence-verified = 已核对原文
confidence-recalled = 凭记忆转录
confidence-illustrative = 示例

certainty-high = 高
certainty-medium = 中
certainty-low = 低

rule-role-requirement = 配备要求
rule-role-parameter = 计算参数
rule-role-class_table = 分级表
rule-role-fact_check = 人员和场所要求

truth-no = 否
truth-unknown = 不明
truth-yes = 是

subject-region = 区划
subject-organization = 单位
subject-depot = 库点
subject-contact = 联系人
subject-item_class = 物资类别
subject-item = 物资
subject-fact_definition = 指标定义
subject-fact = 指标
subject-fact_sheet = 基本情况表
subject-standard = 标准
subject-rule = 规则
subject-adoption = 标准采用
subject-declared_target = 申报需求量
subject-exemption = 豁免
subject-draft = 标准草案
subject-column_map = 表格列方案
subject-count = 盘点
subject-void = 作废
subject-quarantine = 待处理命令
subject-resolution = 盘点核定
subject-acceptance = 盘点认可
subject-account = 账号
subject-client = 第三方程序
subject-enrolment = 注册码
subject-device = 终端设备
subject-session = 会话
subject-table_check = 表格检查
subject-ledger = 台账行
subject-item_answer = 台账用语对应

sector-crowded = 人员密集场所
sector-fireworks = 烟花爆竹
sector-hazchem = 危险化学品
sector-metallurgy = 冶金
sector-noncoal_mine = 非煤矿山
sector-oil_storage_transport = 油气储运
sector-pipeline = 长输管道
sector-town_gas = 城镇燃气
team-type-fire_station = 消防救援站
team-type-forest_fire_team = 森林草原防灭火队
team-type-gas_repair_team = 燃气与管道抢修队
team-type-hazchem_brigade = 危险化学品救援队
team-type-medical_emergency = 医疗急救队
team-type-mine_rescue = 矿山救护队

unit-piece = 件
unit-set = 套
unit-pair = 双
unit-kg = 千克
unit-g = 克
unit-m = 米
unit-m2 = 平方米
unit-m3 = 立方米
unit-L = 升
unit-box = 箱
unit-roll = 卷
unit-unit = 台
unit-vehicle = 辆
unit-kind = 种
unit-minute = 分钟
unit-hour = 小时
unit-day = 天
unit-month = 个月
unit-person = 人
unit-piece-extinguisher = 具
unit-piece-headgear = 顶
unit-piece-machine = 台
unit-piece-stretcher = 副
unit-bed = 张
unit-building = 栋
unit-chamber = 个
unit-company = 个
unit-crew = 个
unit-dispenser = 台
unit-floor = 层
unit-gate = 座
unit-group = 组
unit-household = 户
unit-island = 座
unit-km = 千米
unit-level = 级
unit-point = 处
unit-pond = 座
unit-squad = 个
unit-station = 座
unit-tank = 座
unit-workplace = 处
unit-10k-CNY = 万元
unit-arrangement = 项
unit-article = 件（套）
unit-bag = 袋
unit-bay = 个
unit-compartment = 个
unit-diameter = 种
unit-drill = 次
unit-ft = 英尺
unit-plan = 份
unit-piece-cannon = 门
unit-piece-handset = 部
unit-piece-hose = 盘
unit-piece-lamp = 盏
unit-piece-ration = 份
unit-piece-rod = 根
unit-piece-section = 节
unit-piece-shield = 面
unit-piece-strip = 条
unit-piece-tool = 把
unit-piece-tube = 支

# 数量不为一时的单位。
units-piece = 件
units-set = 套
units-pair = 双
units-kg = 千克
units-g = 克
units-m = 米
units-m2 = 平方米
units-m3 = 立方米
units-L = 升
units-box = 箱
units-roll = 卷
units-unit = 台
units-vehicle = 辆
units-kind = 种
units-minute = 分钟
units-hour = 小时
units-day = 天
units-month = 个月
units-person = 人
units-piece-extinguisher = 具
units-piece-headgear = 顶
units-piece-machine = 台
units-piece-stretcher = 副
units-bed = 张
units-building = 栋
units-chamber = 个
units-company = 个
units-crew = 个
units-dispenser = 台
units-floor = 层
units-gate = 座
units-group = 组
units-household = 户
units-island = 座
units-km = 千米
units-level = 级
units-point = 处
units-pond = 座
units-squad = 个
units-station = 座
units-tank = 座
units-workplace = 处
units-10k-CNY = 万元
units-arrangement = 项
units-article = 件（套）
units-bag = 袋
units-bay = 个
units-compartment = 个
units-diameter = 种
units-drill = 次
units-ft = 英尺
units-plan = 份
units-piece-cannon = 门
units-piece-handset = 部
units-piece-hose = 盘
units-piece-lamp = 盏
units-piece-ration = 份
units-piece-rod = 根
units-piece-section = 节
units-piece-shield = 面
units-piece-strip = 条
units-piece-tool = 把
units-piece-tube = 支

# 暂不能计算的规则形式。
form-any_of = 任选其一
form-availability_floor = 最低完好率
form-band_range = 按区间取值
form-cap = 上限要求
form-coverage = 按面积折算
form-factor = 按系数折算
form-life = 按使用年限
form-per_capita_time = 按人数和时间
form-as_needed = 按需配备
form-away_at_most = 允许送修、外借比例
form-band = 按档次取值
form-classes = 分级表
form-optional = 可选配
form-per_capita = 按人数和时间
form-present = 须有配备
form-range = 按幅度
form-ratio = 按其他物资的比例
form-service_life = 使用年限
form-stated = 无数值的说明
form-rate = 按定额
form-ratio_to_item = 按其他物资的比例
form-rounding = 取整规则
form-selector = 以文字描述的物资
form-step = 分级递增

# 没有名称的代码：即代码本身。
code = { $code }

why-open-item = 需确认是哪种物资
why-open-no_item = 目录中没有相近物资
why-open-unlisted = 目录外物资
why-open-quantity = 数量无法识别
why-open-unit = 单位与物资不符
why-open-expiry = 有效期无法识别
why-open-condition = 状态无法识别
why-open-depot = 需确认所在库点
why-open-line = 不符合盘点规则

match-reason-code = 编码相同
match-reason-answer = 曾答复过
match-reason-name = 名称相同
match-reason-alias = 为其别名
match-reason-pinyin = 读音相同
match-reason-pinyin_initials = 拼音首字母相同
match-reason-characters = 名称部分相同
match-reason-specification = 规格相符
match-reason-specification_differs = 规格不同
match-reason-unit = 单位相符
match-reason-unit_unknown = 单位不明
match-reason-unit_contradicts = 单位不符

ledger-row-status-open = 待确认
ledger-row-status-counted = 已计入
ledger-row-status-unlisted = 目录外
ledger-row-status-replaced = 已被当日后来的台账取代
