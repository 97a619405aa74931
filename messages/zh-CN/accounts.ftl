# 登录与权限。

account-closed = 该账号已关闭。
credentials-wrong = 用户名或密码错误。
role-not-allowed = 角色“{ $role }”不能执行此操作。
token-expired = 令牌已过期：请重新登录。
token-invalid = 该令牌不属于本服务：请重新登录。
token-missing = 请先登录，并以 Authorization: Bearer TOKEN 发送令牌。
