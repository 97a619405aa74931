# 库房。

depot-organization-unknown = 没有这个单位：请用 GET /organizations 查询。
