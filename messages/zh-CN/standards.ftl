# 标准、草案与采用；申报的目标数量。

draft-days-crossed = 最后一天 { $to } 早于第一天 { $from }：请改正其一。
draft-replaces-itself = 标准不能被自己代替：请写较新的版本，或不填 replaced_by。
draft-successor-unknown = 这里还没有标准 { $standard }：在它发布并被采用之前，本版本继续有效。
draft-binds-nobody = 状态为草案的标准即使发布也不约束任何单位：正式印发后请改为其他状态。
draft-no-rules = 该标准没有条款：它不会要求任何物资。
draft-rule-code-twice = 条款代码 { $rule } 在此出现两次：请为每个条款使用各自的代码。
draft-rule-elsewhere = 条款 { $rule } 属于 { $standard }：请为本条款换一个代码。
draft-never-applies = { $rule } 的适用条件对任何单位都不可能成立：请改正，或删去该条款。
draft-not-evaluated = 目前还不能计算 { $form } 这种形式：在此之前该条款要求的数量未知。
draft-item-unknown = 目录中没有物资 { $item }：请用 GET /items 查找。
draft-unit-differs = { $item } 的计量单位是 { $unit }：条款请用该单位。
draft-item-retired = 物资 { $item } 在该日已停用：无法再盘点。
draft-negative = 数字不能小于 0。
draft-per-nothing = 数字必须大于 0。
draft-spare-per-nothing = “每使用 0 件备用若干”没有意义：请填大于 0 的数。
draft-bounds-crossed = 至多 { $most } 小于至少 { $least }：请改正其一。
draft-counts-nothing = 条款没有指明按什么计数，因此 per 没有意义：请在 of 中指明，或不填 per。
draft-not-whole = 该物资按整数计量：数量将向上取整。
draft-name-length = 长度必须在 1 到 64 之间。
draft-fact-unknown = 词典中没有事实 { $fact }：请用 GET /facts 查找。
draft-fact-kind = 事实 { $fact } 属于另一类：数值用比较，标签用 tag。
draft-rule-repeated = { $one } 与 { $other } 在同一情形下要求相同：请删去其一。
draft-rules-contradict = { $one } 与 { $other } 在同一情形下说法不同：将以较大的数为准。
draft-band-gap = 当 { $fact } 为 { $value } 时没有条款适用，而其上下都有：请补上空档。
draft-band-overlap = 当 { $fact } 为 { $value } 时 { $one } 与 { $other } 同时适用：将以较大的数为准。
draft-falls = { $fact } 增大时要求反而减少：为 { $low } 时要求 { $before }，为 { $high } 时却要求 { $after }。

draft-code-differs = 代码必须与路径中的 { $code } 相同。
draft-has-faults = 草案有错误，共 { $faults } 处：请查看检查结果，改正后再发布。
needs-correction-reason = { $day } 已经过去：请选择 { $today } 或以后的日期，或填写 correction_reason 以更正当时的记录。
correction-needs-officer = 只有管理人员可以更正过去的日期：请选择 { $today } 或以后的日期。
standard-is-draft = { $standard } 是草案，不约束任何单位：请先以其他状态发布。
adoption-not-there = { $standard } 在 { $day } 并未在该区域采用：没有可终止的。
target-not-asked = { $rule } 在 { $day } 并未把数量交由单位确定：只有写明“按需”的条款才接受申报目标。
target-not-whole = { $item } 按整{ $unit }计量：请填不带小数的数。
day-out-of-range = 请填 0001-01-01 到 9999-12-31 之间的日期。
