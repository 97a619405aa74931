# 应急物资台账

ledger-day-missing = 台账没有写明日期。请在表格上方写明（如“盘点日期：2026-10-31”）、增加日期列，或在导入时给出。
counted-ahead = { $day } 尚未到来，不可能已经盘点。
ledger-organization-unknown = 没有名为“{ $words }”的单位。请使用单位编码或登记的全称。
ledger-organization-missing = 行内和标题中都没有单位。请增加单位列，或在导入时给出单位编码。
ledger-item-missing = 请写明数量对应的物资。
ledger-item-too-long = 同一库点同一台账中 { $item } 的不同批次超过 { $most } 个。请按日期或库点拆分台账。
ledger-item-too-much = 台账中 { $item } 的数量超出范围。
ledger-factor = 换算系数须大于 0 且不超过 { $most }。
ledger-row-counted = 该行已计入盘点。如需更正，请作废该盘点或另报盘点。
ledger-row-open = 该行不能计入：{ $why }。行内没有数量（以物资单位计）或库点的，请写明；其他内容无法识别的，请另报盘点，并将该行以空物资（null）搁置。
ledger-author-missing = 盘点须有责任人：请以账号身份导入台账和盘点表（--as 用户名）。
ledger-people-left-out = 保管人姓名和电话不随台账保存。
ledger-row-kept = 该行未计入盘点：{ $why }。该行已保留。
ledger-answers-too-many = 一个区划最多保存 { $most } 条台账用语答复。
ledger-answer-unit = 有换算系数时须写明物资。
ledger-remember = 只有主管机构可以确定台账用语在本区划的含义。
ledger-reference-first = 请先导入区划、单位、库点和物资目录，再导入涉及它们的台账和盘点表。
