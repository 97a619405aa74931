# 对与核查不符的自行盘点的认可。

acceptance-id-reused = 该编号已用于另一项盘点认可，本次未作更改：请为新的认可生成新的编号。
acceptance-count-unknown = 该库点没有盘点 { $id }：请填写该库点的盘点，可用 GET /counts 查询。
acceptance-count-silent = 盘点 { $id } 未涉及 { $item }：请填写涉及该物资的盘点。
acceptance-not-inspection = 盘点 { $id } 不是核查盘点：请填写所见较少的核查盘点。
acceptance-not-own = 盘点 { $id } 是核查盘点：请填写所认可的本单位自行盘点。
acceptance-voided = 盘点 { $id } 已作废，无可认可。
acceptance-too-early = 盘点 { $id } 早于该次核查，与其并无不符：请填写其后的盘点。
