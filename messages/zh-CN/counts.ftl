# 盘点及其作废。

count-already-voided = 该盘点此前已作废，理由不同：“{ $reason }”。
