# 请求出了什么问题，与其内容无关。

changed-meanwhile = 在您读取之后它已被他人修改：本次未作任何更改。请重新读取，再用新的 ETag 发送您的修改。
if-match-missing = 请说明修改所依据的状态：将读取时得到的 ETag 作为 If-Match 发送。

problem-internal = 服务内部出错，已按请求编号记入日志。
problem-malformed = 无法读取该请求。
problem-invalid = 请求中有不能接受的值。
problem-media-type = 请以 application/json 发送。
problem-too-large = 请求正文超过 { $bytes } 字节。
problem-no-route = 没有这个路径。
problem-method = 该路径存在，但不支持此方法。
problem-not-found = 没有找到该{ $thing }。
problem-busy = 服务繁忙：请稍后再次发送同一请求。
problem-unreachable = 无法连接数据库：请稍后再次发送同一请求。
problem-not-served = 无法处理该请求。

thing-account = 账号
thing-count = 盘点记录
thing-depot = 储备库
thing-item = 物资
thing-organization = 单位
thing-region = 行政区域
thing-requirement-line = 配备要求项
thing-rule = 条款
thing-standard = 标准
thing-other = 内容

# 各类问题的标题，按其代码。
title-already_set_up = 已完成初始设置
title-other_region_at_the_top = 已有其他最上级区域
title-setup_code_wrong = 设置码错误
title-account_closed = 账号已关闭
title-already_voided = 此前已作废
title-busy = 服务繁忙
title-changed_meanwhile = 期间已被他人修改
title-credentials_wrong = 登录失败
title-database_unreachable = 数据库无法连接
title-id_reused = 编号已用于其他内容
title-if_match_missing = 缺少 If-Match
title-inspection_needs_officer = 核查盘点须由主管人员办理
title-internal = 服务内部错误
title-malformed = 请求无法读取
title-method_not_allowed = 不支持此方法
title-no_such_path = 路径不存在
title-not_found = 未找到
title-own_needs_quartermaster = 自行盘点须由物资管理员办理
title-role_not_allowed = 角色无此权限
title-token_expired = 令牌已过期
title-token_invalid = 令牌无效
title-token_missing = 尚未登录
title-too_large = 请求正文过大
title-unsupported_media_type = 不支持的媒体类型
title-values_not_taken = 有不能接受的值

title-other = 请求未能处理
