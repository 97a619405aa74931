# 区划。

region-outside = 您无权修改：系统管理员可修改下级区划，仅当没有上级主管部门时方可修改本级区划；主管人员可修改本级及下级区划的数据。请联系上级主管部门。
region-time-zone = 没有时区 { $name }：请使用 IANA 时区名称，如 Asia/Shanghai。
region-unknown = 没有区划 { $region }：请改正区划代码，或先新建该区划。
region-unknown-below = 您的管辖范围内没有区划 { $region }：请改正区划代码，或先新建该区划。
