# 地区。

region-outside = 管理员可修改下级地区；仅当没有上级主管部门时才可修改本级地区。
region-time-zone = 没有时区 { $name }：请使用 IANA 数据库中的名称，例如 Asia/Shanghai。
region-unknown = 没有这个地区：请用 GET /regions 查询。
region-unknown-below = 您的地区内没有这个地区：请用 GET /regions 查询。
