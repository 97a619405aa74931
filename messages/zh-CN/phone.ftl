# 命令行参考客户端。

phone-copy-age = 副本日期 { $pulled_on }，距今{ $days }天；按 { $today } 计算。
phone-copy-none = 尚无副本：请先运行 muster phone sync。
