# 按编号核定盘点冲突，以及核定的作废。

resolution-id-reused = 该编号此前已用于另一项核定：本次未作任何更改。请为新的核定生成新的编号。
resolution-already-voided = 该核定此前已作废，理由不同：“{ $reason }”。
resolution-count-unknown = 该储备库没有盘点 { $id }：请只列本库的盘点，可用 GET /counts 查询。
resolution-count-silent = 盘点 { $id } 未涉及 { $item }：请不要列入。
