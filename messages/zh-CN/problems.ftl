# 请求出了什么问题，与其内容无关。

plain = { $text }

changed-meanwhile = 在您读取之后它已被他人修改：本次未作任何更改。请重新读取，再用新的 ETag 发送您的修改。
if-match-missing = 请说明修改所依据的状态：将读取时得到的 ETag 作为 If-Match 发送。

problem-internal = 服务内部出错，已按请求编号记入日志。
problem-malformed = 无法读取该请求。
problem-invalid = 请求中有不能接受的值。
problem-media-type = 请以 application/json 发送。
problem-too-large = 请求正文超过 { $bytes } 字节。
problem-no-route = 没有这个路径。
problem-method = 该路径存在，但不支持此方法。
problem-not-found = 没有找到：{ $thing }。
problem-busy = 服务繁忙：请稍后再次发送同一请求。
problem-unreachable = 无法连接数据库：请稍后再次发送同一请求。
problem-not-served = 无法处理该请求。
