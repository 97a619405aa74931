# 指标及指标字典。

fact-is-number = { $key } 为数值：请填写数值，或填 null 撤回已登记的内容。
fact-is-tag = { $key } 为是非项：请填写 true 或 false，或填 null 撤回已登记的内容。
fact-negative = { $key } 不能小于 0。
fact-tag-with-unit = 是非项没有单位：请省略。
fact-twice = { $key } 出现了两次：每项指标只填写一次。
fact-unknown = 指标字典中没有 { $key }：请改正，或先加入指标字典。
