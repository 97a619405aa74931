# 计算说明中的文字。

interval-between = { $min } 至 { $max }
interval-from = 不少于 { $min }

working-rate = { $counted }，每 { $per } 配 { $n }{ $least }{ $most }，在用 { $in_use }{ $spare }；合计 { $total }
working-unknown-number = { $fact }（未登记）
working-least = ，至少 { $least }
working-most = ，至多 { $most }
working-spare-ratio = ；备份比 { $for_each }:{ $reserve }，备份 { $spare }
working-spare-percent = ；备份 { $percent } %，备份 { $spare }
working-target = 按需配备；申报需求量 { $target }
working-no-target = 按需配备；未申报需求量
working-not-evaluated = 未计算：{ $form }
working-perhaps = { $working }；或为零：是否适用不明

explained-figures = { $what }：应配 { $required } { $unit }，可用 { $usable } { $unit }，短缺 { $shortage } { $unit }。状态：{ $status }。
explained-rests = 要求强度：{ $strength }；数据依据：{ $basis }。
explained-rule = { $standard } { $clause }（条款 { $rule }）：{ $working }。
explained-left-out = 已盘点但未计入可用：{ $list }。
explained-taken-out = { $counted_by } 在储备库 { $depot } 的盘点不作数：已由 { $resolved_by } 核定排除（“{ $reason }”）。
explained-conflict = 同时进行的盘点结果不一致：数值范围涵盖各次所见。
explained-flags = 所依据盘点的提示：{ $list }。

reason-condition-unknown = 条款 { $rule } 是否适用不明。
reason-fact-unknown = 条款 { $rule } 所需的“{ $fact }”未登记：请在基本情况表中登记。
reason-rule-not-evaluated = 条款 { $rule } 的形式尚不能计算：{ $form }。
reason-not-evaluated = 所要求的内容尚不能与储备对应：{ $form }。
reason-target-not-declared = 条款 { $rule } 规定按需配备，而单位未申报需求量：请申报。
reason-no-depot = 该单位当日没有已登记的储备库。
reason-never-counted = 该物资在储备库 { $depot } 从未盘点：请盘点。
reason-stale-count = 储备库 { $depot } 对该物资的最近盘点已逾期：请重新盘点。
reason-conflict = 储备库 { $depot } 同时进行的盘点结果不一致：请重新盘点并核定。
reason-expiry-missing = 储备库 { $depot } 有易失效批次未登记有效期：请在下次盘点时登记。
reason-inspection-unknown = 储备库 { $depot } 有批次是否按期检验不明：请在下次盘点时登记检验日期。
reason-exempt = 该单位已获豁免，不适用规则 { $rule }：豁免结束前不要求配备。
working-exempt = { $working }；已豁免：0
