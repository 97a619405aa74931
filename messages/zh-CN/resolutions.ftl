# 按编号核定盘点冲突，以及核定的作废。

resolution-id-reused = 该编号已用于另一项盘点核定，本次未作更改：请为新的核定生成新的编号。
resolution-already-voided = 该核定此前已作废，所填理由不同：“{ $reason }”。本次未作更改。
resolution-count-unknown = 该库点没有盘点 { $id }：请只列该库点的盘点，可用 GET /counts 查询。
resolution-count-silent = 盘点 { $id } 未涉及 { $item }：请勿列入。
