# 命令行参考客户端。

phone-copy-age = 本机数据截至 { $pulled_on }，距今{ $days }天；按 { $today } 计算。
phone-copy-none = 本机尚无数据：请先运行 muster phone sync。
