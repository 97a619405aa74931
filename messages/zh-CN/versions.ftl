# 各类基础数据（其内容自某日起生效）的共用文字。

too-many-unavailable = 不可用的编码或用户名过多：请在 { $seconds } 秒后重试。
unavailable = { $name } 不可用：请另选一个。
unavailable-closed-account = { $name } 不可用，因其属于已停用的账号：请用 POST /accounts/{ $id }/reopen 重新启用该账号，或另选一个用户名。
version-blank = 内容为空：请填写名称或说明。
version-blank-at-end = 文字首尾有空格：请删除。
version-code = 编码无效：由字母和数字组成，其间可用“-”“_”“.”，不得使用全角字符，最多 { $longest } 个字符，且不得为 UUID。
version-day = 日期须在 { $first } 年至 { $last } 年之间。
version-fixed = { $field } 不能更改，已有记录以其为依据：请省略，或以另一编码新建。
item-unit-rests = { $item } 的计量单位不能更改：已有盘点或规则以其为依据，或本次导入的另一行已填写不同的计量单位。请省略该项，或以另一编码新增物资。
item-packs-not-whole = { $item } 在其他日期的包装含非整数数量：请先更改这些包装，或保留为按量计量。
organization-kind-rests = { $organization } 的性质不能更改：其库点已有盘点、已申报需求量、已获豁免、为依托单位或依托其他单位，或本次导入的另一行已填写不同的性质。请省略该项，或以另一编码新增单位。
depot-owner-rests = { $depot } 的所属单位不能更改：该库点已有盘点，或本次导入的另一行已填写不同的单位。请省略该项，或关闭该库点后以另一编码新设。
version-key = 键无效：由小写字母、数字和“_”组成，以字母开头，最多 { $longest } 个字符。
version-needed = 新建时须填写 { $field }。
version-not-there = 该编码下没有可修改的内容：如需新建，请去掉 If-Match。
version-not-topmost = 此内容由各区划共用：只有最上级主管部门的主管人员和系统管理员可以修改，请与其联系。
version-text-needed = { $zh } 与 { $en } 均为空：请至少填写一项。
version-there-already = 该内容已存在，本次未作更改：如需修改，请去掉 If-None-Match 并发送 If-Match。
