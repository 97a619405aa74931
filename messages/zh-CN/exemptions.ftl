# 豁免：准许暂不配备某规则要求的物资。

exemption-id-reused = 该编号已用于另一项豁免，本次未作更改：请为新的豁免生成新的编号。
exemption-days-crossed = 截止日期 { $to } 早于起始日期 { $from }：请改正其一。
exemption-end-too-early = 该豁免自 { $from } 起生效：请选择该日或以后的日期终止。
exemption-over = 该豁免到 { $to } 即已结束：无需再终止。
exemption-rule-unknown = 在 { $day } 没有该规则：请用 GET /rules 查询。
