# 单位。
organization-host-not-enterprise = { $host } 不是企业：救援队伍以其所属企业为依托单位。请填写该企业，或省略 hosted_by。
organization-hosted-not-team = 只有救援队伍才以企业为依托单位：请省略 hosted_by。
organization-unknown = 没有单位 { $organization }：请改正编码，或先新建该单位。
