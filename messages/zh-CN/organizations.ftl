# 单位。

organization-host-unknown = 没有该依托单位：请用 GET /organizations 查询。
organization-hosting-circle = 自 { $day } 起 { $host } 将间接以本单位为依托：请另选依托单位。
organization-hosts-itself = 单位不能以自身为依托：请省略 hosted_by。
