# 准许暂不配备某条款要求的物资。

exemption-id-reused = 该编号此前已用于另一项豁免：未作任何更改。新的豁免请使用新的编号。
exemption-days-crossed = 最后一天 { $to } 早于第一天 { $from }：请改正其一。
exemption-end-too-early = 该豁免自 { $from } 开始：请选择该日或以后的日期。
exemption-over = 该豁免本就在 { $to } 结束：没有可终止的。
exemption-rule-unknown = 在 { $day } 没有这个条款：请用 GET /rules 查找。
