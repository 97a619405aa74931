# 无法读取或不能接受的值，不论出现在何处。

body-not-json = 请求正文不是 JSON：请检查第 { $line } 行第 { $column } 列。
body-number-too-large = 请求正文中有数过大：请检查第 { $line } 行第 { $column } 列。
body-unreadable = 请求正文中断或无法解压：请重新发送。

field-duplicate = { $field } 出现两次：请只发送一次。
field-missing = 缺少 { $field }：请补上。
field-unknown = 此处没有 { $field }：请省略。可用的有：{ $known }。
field-unknown-none = 此处没有 { $field }：请省略。此处不接受任何参数。

value-unknown = “{ $value }”不是可用的值。可用的值：{ $known }。
value-not-text = 请发送文本。
value-not-boolean = 请发送 true 或 false。
value-not-natural = 请发送不小于 0 的整数。
value-not-whole = 请发送该字段范围内的整数。
value-not-number = 请发送数值。
value-not-list = 请发送列表。
value-not-object = 请发送对象，并使用此处可用的字段。
value-not-day = 请发送存在的日期，格式为 YYYY-MM-DD。
value-not-instant = 请发送存在的时间，按 RFC 3339 格式，如 2026-11-23T02:10:00Z。
value-not-uuid = 请发送 UUID。
value-not-readable = 该值的形式不符合此处要求：请参阅接口文档。
value-not-accepted = 该值不被接受。
quantity-not-decimal = 请发送十进制数，如 12 或 0.5。
quantity-too-precise = 该数超过三位小数：请四舍五入。
quantity-too-large = 该数须小于 1000000000。

length-between = 长度须在 { $min } 至 { $max } 之间。
length-at-most = 长度不得超过 { $max }。
length-at-least = 长度不得少于 { $min }。
number-between = 数值须在 { $min } 至 { $max } 之间。
number-at-most = 数值不得大于 { $max }。
number-at-least = 数值不得小于 { $min }。
control-character = 文本中含有控制字符：请删除。

as-of-out-of-range = 请发送 0001-01-01 至 9999-12-31 之间的日期。
revision-and-known-at = 请只发送 revision 或 known_at 之一。
revision-unknown = 没有修订号 { $revision }；最新的是 { $newest }。
before-first-revision = 当时尚无任何记录：请查询更晚的时间。
cursor-unknown = 请原样发送本列表给出的 next_cursor，或重新查询第一页。
cursor-gone = 该游标所指的状态已不存在：请重新查询第一页。
cursor-of-another-question = 该游标属于另一日期或修订号的查询：请重新查询第一页。
