# 无法读取或不能接受的值，不论出现在何处。

body-not-json = 请求正文不是有效的 JSON：请检查第 { $line } 行第 { $column } 列。
body-number-too-large = 请求正文中有数过大：请检查第 { $line } 行第 { $column } 列。
body-unreadable = 请求正文中断或无法解压：请重新发送。

field-duplicate = { $field } 出现两次：请只发送一次。
field-missing = 缺少 { $field }：请补上。
field-not-taken = 此处没有 { $field }：请省略。可用的有：{ $known }。
field-unknown-none = 此处没有 { $field }：请省略。此处不接受任何参数。

value-unknown = “{ $value }”不是可用的值。可用的值：{ $known }。
value-not-text = 该值须为文本。
value-empty = 没有值：请填写，或省略此参数。
query-not-utf8 = 查询参数无法读取：请以 UTF-8 百分号编码发送。
value-not-boolean = 该值须为 true 或 false。
value-not-natural = 该值须为不小于 0 的整数。
value-not-whole = 该值须为该字段允许范围内的整数。
value-not-number = 该值须为数值。
value-not-list = 该值须为列表。
value-not-object = 该值须为对象，并使用接口文档列明的字段。
value-not-day = 日期无效：请按 YYYY-MM-DD 填写。
value-not-instant = 时间无效：请按 RFC 3339 填写，如 2026-11-23T02:10:00Z。
value-not-uuid = 该值须为 UUID。
value-not-readable = 该值的格式不符合要求：请参阅接口文档。
value-not-accepted = 该值不可用：请参阅接口文档。
quantity-not-decimal = 该值须为十进制数，如 12 或 0.5。
quantity-too-precise = 该数超过三位小数：请四舍五入。
quantity-too-large = 该数须小于 1000000000。

length-between = 长度须在 { $min } 至 { $max } 之间。
length-at-most = 长度不得超过 { $max }。
length-at-least = 长度不得少于 { $min }。
number-between = 数值须在 { $min } 至 { $max } 之间。
number-at-most = 数值不得大于 { $max }。
number-at-least = 数值不得小于 { $min }。
control-character = 文本中含有控制字符：请删除。

as-of-out-of-range = 日期须在 0001-01-01 至 9999-12-31 之间。
revision-and-known-at = revision 与 known_at 只能填写一个。
revision-unknown = 没有修订号 { $revision }：最新为 { $newest }，请填写不大于此的修订号。
before-first-revision = 当时尚无任何记录：请查询更晚的时间。
cursor-unknown = 游标无效：请原样使用本列表返回的 next_cursor，或重新查询第一页。
cursor-gone = 该游标所指的状态已不存在：请重新查询第一页。
cursor-of-another-question = 该游标属于另一日期或修订号的查询：请重新查询第一页。
table-too-long = 表格超过 { $most } MB。请缩小单位范围，或用 limit 和 cursor 分批查询。
table-longer-than-a-sheet = 表格超过 { $rows } 行，工作簿容纳不下。请缩小单位范围，或改用 CSV。
header-beyond-limits = 此请求头最多 { $most } 个字符，且只能是可见的 ASCII 字符。
host-not-valid = 请求头 Host 不是有效的主机：请发送域名或地址，可带端口。
