# 基本情况及其词典。

fact-is-number = { $key } 是数值：请发送数值，或发送 null 撤回已有记录。
fact-is-tag = { $key } 是是非项：请发送 true 或 false，或发送 null 撤回已有记录。
fact-negative = { $key } 不能小于 0。
fact-tag-with-unit = 是非项没有单位：请省略。
fact-twice = { $key } 出现了两次：每项只发送一次。
fact-unknown = 词典中没有 { $key }：请用 GET /facts 查询。
