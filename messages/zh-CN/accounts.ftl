# 登录与权限。

already-set-up = 已经有账号了：请由该账号登录并添加其他账号。
account-closed = 该账号已关闭。
credentials-wrong = 用户名或密码错误。
role-not-allowed = 角色“{ $role }”不能执行此操作。
other-region-at-the-top = 区域 { $region } 已是最上级：请发送它的代码。
setup-code-wrong = 设置码错误或已失效。服务每次启动时会显示新的设置码。
time-zone-unknown = 没有这个时区：请发送 IANA 时区数据库中的名称，例如 Asia/Shanghai。
token-expired = 令牌已过期：请重新登录。
token-invalid = 该令牌不属于本服务：请重新登录。
token-missing = 请先登录，并以 Authorization: Bearer TOKEN 发送令牌。
