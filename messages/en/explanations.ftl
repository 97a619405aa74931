# Sentences of an explanation.

quantity = { $number } { $unit }
quantity-each = { $unit }
quantity-out-of-range = 1,000,000,000 or more
quantity-between = { $min } to { $max } { $unit }
quantity-from = at least { $min } { $unit }

working-rate = { $n } per { $per } × { $counted } = { $in_use }{ $bounds }{ $spare }; { $total }
working-rate-fixed = { $n } for the organization{ $bounds }{ $spare }; { $total }
working-counted = { $quantity } ({ $fact })
working-not-counted = { $fact } (not recorded)
working-in-use-open = an unknown number
working-least = { " " }(at least { $least })
working-most = { " " }(at most { $most })
working-least-and-most = { " " }(at least { $least }, at most { $most })
working-spare-ratio = ; spare { $for_each }:{ $reserve }, { $spare }
working-spare-percent = ; spare { $percent }%, { $spare }
working-total = { $quantity } required
working-away = at most { $n } of every { $per } held may be lent or in repair: of { $held }, { $allowed }; { $away } lent or in repair
working-total-at-least = not less than { $quantity }
working-total-at-most = not more than { $quantity }
working-total-open = number required not determined yet
working-total-out-of-range = the number required is 1,000,000,000 or more, which is not a possible quantity
working-target = as needed; declared target { $target }
working-no-target = as needed; no target declared
working-not-evaluated = cannot be calculated yet: { $form }
working-range = from { $from } to { $to } per { $per } × { $counted }; { $total }
working-range-fixed = from { $from } to { $to } for the organization; { $total }
working-coverage = ⌈{ $factor } × { $counted } ÷ { $capacity }⌉{ $unit_capacity ->
    [1] { "" }
   *[other] { " " }÷ { $unit_capacity } for one
} = { $in_use }{ $bounds }{ $spare }; { $total }
working-factor-further = { $factor } × { $further }
working-band = by the band of { $counted }: { $in_use }{ $spare }; { $total }
working-band-two = by the band of { $one } and { $two }: { $in_use }{ $spare }; { $total }
working-step = { $n } from { $from } on, and { $more } for each further { $per } { $rounding ->
    [floor] that is complete
   *[ceil] that has begun
}; { $counted } gives { $in_use }{ $bounds }{ $spare }; { $total }
working-per-capita = { $n } per { $per } and { $per_time } × { $counted } × { $time } = { $in_use }{ $bounds }{ $spare }; { $total }
working-ratio = { $n } for every { $per } required of { $of } ({ $required }) = { $in_use }{ $bounds }{ $spare }; { $total }
working-present = at least one; { $total }
working-optional = may be held; nothing is required
working-times = { $working }; times { $times } for this line: { $total }
working-kinds = { $working }; among them one of each of { $kinds } kinds
working-waived = { $working }; waived, so nothing is required
working-between = { $min } to { $max }
working-from = { $min } or more
selector-any-of = any of { $names }{ $more ->
    [0] { "" }
   *[other] { " " }and { $more } more
}
selector-each-of = each of { $names }{ $more ->
    [0] { "" }
   *[other] { " " }and { $more } more
}
selector-kit = a kit of { $names }{ $more ->
    [0] { "" }
   *[other] { " " }and { $more } more
}
working-exempt = { $working }; exempt, so nothing is required
working-perhaps = { $working }; whether the rule applies is not known
working-perhaps-missing = { $working }; whether the rule applies is not known without { $facts }

citation = { $number }, { $title }, { $clause } (rule { $rule })
citation-by-code = { $code }, { $title }, { $clause } (rule { $rule })

explained-figures = { $what }: { $required }, { $usable }, { $shortage }. Status: { $status }.
explained-required = { $quantity } required
explained-required-open = number required not determined yet
explained-usable = { $quantity } usable
explained-usable-open = number usable unknown
explained-shortage = { $quantity } missing
explained-shortage-open = number missing unknown
explained-rests = { $strength ->
    [mandatory] Mandatory
    [recommended] Recommended
    [optional] Optional
   *[other] Reference
 } requirement; figures { $basis }.
explained-rule = { $citation }: { $working }.
explained-left-out = Counted but not usable: { $list }.
explained-left-out-part = { $quantity } ({ $reason })
explained-taken-out = The count by { $counted_by } in depot { $depot } is disregarded: { $resolved_by } excluded it ("{ $reason }").
explained-conflict = Counts made at about the same time differ: the figures cover everything they found.
explained-contested = An inspection found less than the organization counted later: the figures cover both.
explained-accepted = In depot { $depot } an inspection found less; { $accepted_by } accepted the later count: { $reason }
explained-lot-not-mentioned = The latest count of depot { $depot } does not mention lot { $lot }, of which { $quantity } were found before.
explained-flags = Notes on the counts used: { $list }.

reason-condition-unknown = It is not known whether rule { $rule } applies: complete the fact sheet.
reason-fact-unknown = "{ $fact }", which rule { $rule } depends on, is not recorded: record it on the fact sheet.
reason-rule-not-evaluated = Rule { $rule } cannot be calculated yet: { $form }.
reason-not-evaluated = The requirement cannot be compared with stock yet: { $form }.
reason-target-not-declared = Rule { $rule } says "as needed" and the organization has declared no target: declare one.
reason-no-depot = The organization has no depot on record for that day: ask the bureau to open one.
reason-never-counted = The item has never been counted in depot { $depot }: count it there.
reason-stale-count = The last count of the item in depot { $depot } is too old: count it again.
reason-conflict = Counts made at about the same time in depot { $depot } differ: count again, or have the conflict resolved.
reason-contested = An inspection of depot { $depot } found less than the count after it: have an officer count again or accept the count.
reason-expiry-missing = A perishable lot in depot { $depot } has no expiry date: record it at the next count.
reason-inspection-unknown = A lot in depot { $depot } has no recent inspection date: record it at the next count.
reason-rule-out-of-range = Rule { $rule } gives, alone or together with others, 1,000,000,000 or more: check the facts and the declared target that it uses.
reason-depot-out-of-range = The counted quantities in depot { $depot } add up to 1,000,000,000 or more: count the item again.
reason-stock-out-of-range = The counted quantities of all depots add up to 1,000,000,000 or more: check the last counts.
reason-waived = Rule { $rule } is waived and requires nothing.
reason-search-limit = The best use of the stock was not found within the limit of the search: the figures cover every possible one.
reason-exempt = The organization is exempt from rule { $rule }: nothing is required until the exemption ends.
