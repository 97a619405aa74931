# What an explanation says in sentences.

interval-between = { $min } to { $max }
interval-from = { $min } or more

working-rate = { $counted } × { $n } per { $per }{ $least }{ $most } = { $in_use } in use{ $spare }; { $total }
working-unknown-number = { $fact } (unknown)
working-least = , at least { $least }
working-most = , at most { $most }
working-spare-ratio = ; spare { $for_each }:{ $reserve } → { $spare }
working-spare-percent = ; spare { $percent } % → { $spare }
working-target = as needed; declared target { $target }
working-no-target = as needed; no target declared
working-not-evaluated = not evaluated: { $form }
working-perhaps = { $working }, or nothing: whether it applies is not known

explained-figures = { $what }: { $required } { $unit } required, { $usable } usable, { $shortage } missing. Status: { $status }.
explained-rests = The requirement is { $strength }, and its figures are { $basis }.
explained-rule = { $standard }, { $clause } (rule { $rule }): { $working }.
explained-left-out = Counted and not usable: { $list }.
explained-taken-out = The count by { $counted_by } in depot { $depot } does not speak: { $resolved_by } took it out ("{ $reason }").
explained-conflict = Counts made together differ: the figures span what they saw.
explained-flags = About the counts that these figures rest on: { $list }.

reason-condition-unknown = It is not known whether rule { $rule } applies.
reason-fact-unknown = Nobody recorded "{ $fact }", which rule { $rule } asks for: record it on the fact sheet.
reason-rule-not-evaluated = Rule { $rule } has a form that is not worked out yet: { $form }.
reason-not-evaluated = What is asked for cannot be matched with stock yet: { $form }.
reason-target-not-declared = Rule { $rule } says "as needed", and the organization declared no target: declare one.
reason-no-depot = No depot of the organization is recorded for that day.
reason-never-counted = The item was never counted in depot { $depot }: count it there.
reason-stale-count = The last count of the item in depot { $depot } is too old: count it again.
reason-conflict = Counts made together in depot { $depot } differ: count again and settle them.
reason-expiry-missing = A perishable lot in depot { $depot } has no expiry day: write it down at the next count.
reason-inspection-unknown = It is not known whether a lot in depot { $depot } was inspected in time: write the day down at the next count.
reason-exempt = The organization is exempt from rule { $rule }: nothing is asked of it there until the exemption ends.
working-exempt = { $working }; exempt: 0
