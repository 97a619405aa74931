# 所存内容自某日起生效：各类基础数据的共同之处。

version-blank = 文字为空：请填写名称或说明。
version-code = 代码由字母和数字组成，其间可用“-”“_”“.”，不得使用全角字符，最多 { $longest } 个字符，且不得为 UUID。
version-day = 请发送 { $first } 年至 { $last } 年之间的日期。
version-fixed = { $field } 不可更改，已有记录以它为依据：请省略，或以另一代码新建。
version-key = 键由小写字母、数字和“_”组成，以字母开头，最多 { $longest } 个字符。
version-needed = 新建时必须给出 { $field }。
version-not-there = 没有可修改的对象：如需新建，请去掉 If-Match。
version-not-topmost = 此内容为各地区共用：只有最上级主管部门的工作人员和管理员可以修改。
version-there-already = 它已存在：未作任何更改。如需修改，请去掉 If-None-Match 并发送 If-Match。
