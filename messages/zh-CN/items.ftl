# 物资目录。

item-barcode-check-digit = { $barcode } 的末位不是正确的 GTIN 校验码：请重新扫描。自编条码须采用其他位数，或含有字母。
item-barcode-control = 条码含有控制字符：请删除。
item-barcode-length = 条码须有 1 至 { $most } 个字符。
item-barcode-taken = 条码 { $barcode } 已用于 { $item }：一个条码只能对应一种物资。
item-barcode-twice = { $barcode } 出现了两次：请只填写一次。
item-class-unknown = 没有物资类别 { $class }：请改正编码，或先新建该类别。
item-pack-empty = 包装“{ $pack }”的容量须大于 0。
item-pack-not-whole = 该物资按整数计量：包装“{ $pack }”的容量须为整数。
item-pack-twice = 已有包装“{ $pack }”：每种包装须有不同的名称。
scan-unreadable = 无法识别扫码内容：请重新扫码。
scan-element = { $element } 不是完整的单元数据串：请重新扫码，或输入条码下方的数字。
scan-day = { $day } 不是有效日期（年月日）：请以包装上的日期为准。

# 打印标签
labels-title = 库点标签
