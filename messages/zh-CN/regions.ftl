# 区划。

region-outside = 只能修改下级区划；仅当没有上级主管部门时，方可修改本级区划：请联系上级主管部门。
region-time-zone = 没有时区 { $name }：请使用 IANA 时区名称，如 Asia/Shanghai。
region-unknown = 没有该区划：请用 GET /regions 查询。
region-unknown-below = 您的管辖范围内没有该区划：请用 GET /regions 查询。
