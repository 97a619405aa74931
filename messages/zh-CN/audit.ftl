# 变更记录：每项变更的内容。

audit-set = { $field }：{ $new }
audit-replaced = { $field }：由“{ $old }”改为“{ $new }”
audit-ended = { $field }：取消“{ $old }”
audit-restated = { $field }：仍为“{ $new }”
audit-withheld = { $field }：已变更
audit-counted = { $item }：{ $quantity }{ $unit }
audit-part = { $part }：{ $change }
audit-from = { $change }（自 { $day } 起）

audit-value-waiting = 待处理
audit-value-applied = 已按盘点登记
audit-value-set_aside = 已搁置
audit-value-written = 已编写
audit-value-discarded = 已放弃
audit-value-published = 已发布
audit-value-submit_count = 提交盘点
audit-value-token_reused = 刷新令牌被重复使用
