# 标准、标准草案与采用；申报需求量。

draft-days-crossed = 截止日期 { $to } 早于起始日期 { $from }：请改正其一。
draft-replaces-itself = 标准不能代替自身：请填写新版标准号，或不填 replaced_by。
draft-successor-unknown = 尚无标准 { $standard }：在其发布并被采用之前，本版本继续有效。
draft-binds-nobody = 状态为“草案”的标准即使发布也不具约束力：正式印发时请改为其他状态。
draft-no-rules = 该标准没有规则，不会产生任何配备要求：请添加规则。
draft-rule-code-twice = 规则编码 { $rule } 出现了两次：每条规则须有不同的编码。
draft-rule-elsewhere = 规则编码 { $rule } 已用于 { $standard }：请为本规则另编。
draft-never-applies = { $rule } 的适用条件对任何单位都不成立：请改正，或删去该规则。
draft-not-evaluated = 暂不能计算“{ $form }”形式的规则：在此之前，应配数按待定处理。
draft-item-unknown = 物资目录中没有 { $item }：请用 GET /items 查询。
draft-unit-differs = { $item } 的计量单位是{ $unit }：规则请使用该单位。
draft-item-retired = 物资 { $item } 在该日已停用，不能再盘点：请另选物资。
draft-negative = 该数不得小于 0。
draft-per-nothing = 该数须大于 0。
draft-spare-per-nothing = 备份比的基数不能为 0：请填写大于 0 的数。
draft-bounds-crossed = 最高数 { $most } 小于最低数 { $least }：请改正其一。
draft-counts-nothing = 规则未指明按哪项指标计数，per 没有意义：请在 of 中指明，或不填 per。
draft-not-whole = 该物资按整数计量：数量将向上取整。
draft-name-length = 长度须在 1 至 64 之间。
draft-fact-unknown = 指标字典中没有 { $fact }：请用 GET /facts 查询。
draft-fact-kind = 指标 { $fact } 属于另一类型：数值用 compare，是非项用 tag。
draft-rule-repeated = { $one } 与 { $other } 在同一情形下要求相同：请删去其一。
draft-rules-contradict = { $one } 与 { $other } 在同一情形下要求的数量不同：将以较大者为准。
draft-band-gap = { $fact } 为 { $value } 时没有适用的规则，而其上下均有：请补齐。
draft-band-overlap = { $fact } 为 { $value } 时 { $one } 与 { $other } 同时适用：将以较大者为准。
draft-falls = { $fact } 增大而应配数反而减少：为 { $low } 时应配 { $before }，为 { $high } 时应配 { $after }。

draft-code-differs = 标准号须与路径中的 { $code } 一致。
draft-has-faults = 草案共有 { $faults } 处错误：请查看校验结果，改正后再发布。
needs-correction-reason = { $day } 已经过去：请选择 { $today } 或以后的日期；如需更正当时的记录，请填写 correction_reason。
correction-needs-officer = 只有主管人员可以更正过去的记录：请选择 { $today } 或以后的日期。
standard-is-draft = { $standard } 仍是草案，不具约束力：请先以其他状态发布。
adoption-not-there = { $day } 该区划未采用 { $standard }：无需终止。
target-not-asked = { $day } 规则 { $rule } 未规定由单位自行确定数量：只有“按需配备”的规则才可申报需求量。
target-not-whole = { $item } 须按整{ $unit }计量：请填写不带小数的数。
day-out-of-range = 日期须在 0001-01-01 至 9999-12-31 之间。
