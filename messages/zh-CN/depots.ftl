# 库点。

depot-organization-unknown = 没有该单位：请用 GET /organizations 查询。
