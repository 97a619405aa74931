# 计算说明中的文字。

quantity = { $number }{ $unit }
quantity-each = { $unit }
quantity-out-of-range = 10亿或以上
quantity-between = { $min }至{ $max }{ $unit }
quantity-from = 不少于{ $min }{ $unit }

working-rate = { $counted }，每{ $per }配{ $n }，计{ $in_use }{ $bounds }{ $spare }；{ $total }
working-rate-fixed = 本单位配{ $n }{ $bounds }{ $spare }；{ $total }
working-counted = { $fact }{ $quantity }
working-not-counted = { $fact }未登记
working-in-use-open = 数待定
working-least = （最低{ $least }）
working-most = （最高{ $most }）
working-least-and-most = （最低{ $least }，最高{ $most }）
working-spare-ratio = ；备份比{ $for_each }:{ $reserve }，备份{ $spare }
working-spare-percent = ；按{ $percent }%备份，备份{ $spare }
working-total = 应配{ $quantity }
working-away = 借出和在修数量不超过持有数量的{ $n }/{ $per }：持有{ $held }，允许{ $allowed }，现有{ $away }借出或在修
working-total-at-least = 应不少于{ $quantity }
working-total-at-most = 应不超过{ $quantity }
working-total-open = 应配数待定
working-total-out-of-range = 应配数达到10亿，超出可计算范围
working-target = 按需配备；申报需求量{ $target }
working-no-target = 按需配备；未申报需求量
working-not-evaluated = 暂不能计算：{ $form }
working-range = 每{ $per }{ $from }至{ $to } × { $counted }；{ $total }
working-range-fixed = 本单位{ $from }至{ $to }；{ $total }
working-coverage = ⌈{ $factor } × { $counted } ÷ { $capacity }⌉{ $unit_capacity ->
    [1] { "" }
   *[other] { " " }÷ 单具{ $unit_capacity }
} = { $in_use }{ $bounds }{ $spare }；{ $total }
working-factor-further = { $factor } × { $further }
working-band = 按{ $counted }所在档次：{ $in_use }{ $spare }；{ $total }
working-band-two = 按{ $one }和{ $two }所在档次：{ $in_use }{ $spare }；{ $total }
working-step = 达到{ $from }时{ $n }，此后每{ $rounding ->
    [floor] 增加满
   *[ceil] 增加（不足的按一份计）
}{ $per }增加{ $more }；{ $counted }，计{ $in_use }{ $bounds }{ $spare }；{ $total }
working-per-capita = 每{ $per }每{ $per_time }{ $n } × { $counted } × { $time } = { $in_use }{ $bounds }{ $spare }；{ $total }
working-ratio = { $of }应配数（{ $required }）每{ $per }配{ $n } = { $in_use }{ $bounds }{ $spare }；{ $total }
working-present = 未规定数量，按最低数计；{ $total }
working-optional = 可选配，不作要求
working-times = { $working }；本项为其{ $times }倍：{ $total }
working-kinds = { $working }；其中{ $kinds }种各不少于一件
working-waived = { $working }；已免除，不作要求
working-between = { $min }至{ $max }
working-from = { $min }及以上
selector-any-of = { $names }{ $more ->
    [0] { "" }
   *[other] 等
}任选
selector-each-of = { $names }{ $more ->
    [0] { "" }
   *[other] 等
}各类
selector-kit = { $names }{ $more ->
    [0] { "" }
   *[other] 等
}成套
working-exempt = { $working }；已豁免，无需配备
working-perhaps = { $working }；该规则是否适用不明
working-perhaps-missing = { $working }；该规则是否适用不明，缺{ $facts }

citation = 《{ $title }》{ $number } { $clause }（规则{ $rule }）
citation-by-code = 《{ $title }》（{ $code }）{ $clause }（规则{ $rule }）

explained-figures = { $what }：{ $required }，{ $usable }，{ $shortage }。状态：{ $status }。
explained-required = 应配{ $quantity }
explained-required-open = 应配数待定
explained-usable = 可用{ $quantity }
explained-usable-open = 可用数不明
explained-shortage = 短缺{ $quantity }
explained-shortage-open = 短缺数不明
explained-rests = 要求程度：{ $strength }；数据依据：{ $basis }。
explained-rule = { $citation }：{ $working }。
explained-left-out = 已盘点但不可用：{ $list }。
explained-left-out-part = { $reason }{ $quantity }
explained-taken-out = { $counted_by }在库点 { $depot } 的盘点未采用：{ $resolved_by }核定时已排除（理由：“{ $reason }”）。
explained-conflict = 时间相近的盘点结果不一致：数值范围涵盖各次盘点结果。
explained-contested = 核查数少于本单位其后的自行盘点数：数值范围涵盖两者。
explained-accepted = 库点 { $depot } 的核查数较少；{ $accepted_by } 认可了其后的盘点：{ $reason }
explained-lot-not-mentioned = 库点 { $depot } 最近一次盘点未提及批次 { $lot }，此前盘点数为 { $quantity }。
explained-flags = 所依据盘点的提示：{ $list }。

reason-condition-unknown = 规则 { $rule } 是否适用不明：请补全基本情况表。
reason-fact-unknown = 规则 { $rule } 所需的“{ $fact }”未登记：请在基本情况表中登记。
reason-rule-not-evaluated = 规则 { $rule } 暂不能计算：{ $form }。
reason-not-evaluated = 该项要求暂不能与储备量比对：{ $form }。
reason-target-not-declared = 规则 { $rule } 规定按需配备，而单位未申报需求量：请申报。
reason-no-depot = 该单位当日没有启用的库点：请联系主管部门设立。
reason-never-counted = 该物资在库点 { $depot } 从未盘点：请盘点。
reason-stale-count = 库点 { $depot } 对该物资的最近盘点已逾期：请重新盘点。
reason-conflict = 库点 { $depot } 时间相近的盘点结果不一致：请重新盘点，或由主管人员核定。
reason-contested = 库点 { $depot } 的核查数少于其后的自行盘点数：请主管人员再次核查，或认可该次自行盘点。
reason-expiry-missing = 库点 { $depot } 有易失效批次未登记有效期：请在下次盘点时登记。
reason-inspection-unknown = 库点 { $depot } 有批次未登记近期检验日期：请在下次盘点时登记。
reason-rule-out-of-range = 规则 { $rule } 单独或与其他规则合计达到10亿：请核对其所用的基本情况和申报需求量。
reason-depot-out-of-range = 库点 { $depot } 的盘点数量合计达到10亿：请重新盘点该物资。
reason-stock-out-of-range = 各库点的盘点数量合计达到10亿：请核对最近的盘点。
reason-waived = 规则{ $rule }已免除，不作要求。
reason-search-limit = 在计算上限内未能确定储备物资的最佳分配：数值范围涵盖各种可能。
reason-exempt = 该单位已获豁免，不适用规则 { $rule }：豁免结束前无需配备。
