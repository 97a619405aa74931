# 区划。

region-outside = 此处由其他主管部门管理：管理员可修改下级地区，仅当没有上级主管部门时才可修改本级地区；工作人员可决定本级及下级地区的事项。
region-time-zone = 没有时区 { $name }：请使用 IANA 时区名称，如 Asia/Shanghai。
region-unknown = 没有地区 { $region }：请更正代码，或先添加该地区。
region-unknown-below = 您的地区内没有 { $region }：请更正代码，或先添加该地区。
