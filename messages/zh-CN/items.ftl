# 物资目录。

item-barcode-check-digit = { $barcode } 的末位不是 GTIN 校验码：请重新读取。自编码须为其他位数，或含有字母。
item-barcode-control = 条码含有控制字符：请去掉。
item-barcode-length = 条码须有 1 至 { $most } 个字符。
item-barcode-taken = 条码 { $barcode } 已属于 { $item }：一次扫描只能对应一种物资。
item-barcode-twice = { $barcode } 出现了两次：只发送一次。
item-class-unknown = 没有类别 { $class }：请用 GET /item-classes 查询。
item-pack-empty = 包装 { $pack } 的容量必须大于 0。
item-pack-not-whole = 该物资按整件计数：包装 { $pack } 的容量须为整数。
item-pack-twice = 已有名为 { $pack } 的包装：每种包装须有自己的名称。
