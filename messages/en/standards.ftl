# Standards, their drafts and their adoption; declared targets.

draft-days-crossed = The last day, { $to }, is before the first, { $from }: correct one of them.
draft-replaces-itself = An edition cannot replace itself: name the later edition, or leave out replaced_by.
draft-successor-unknown = There is no standard { $standard } here yet: this edition stays in force until that one is published and adopted.
draft-binds-nobody = A standard with the status draft is not binding, even once published: set another status when it is issued.
draft-no-rules = The standard has no rules, so it will require nothing: add rules.
draft-rule-code-twice = The rule code { $rule } appears twice: give each rule its own code.
draft-rule-elsewhere = The rule code { $rule } already belongs to { $standard }: give this rule another code.
draft-never-applies = The condition of { $rule } cannot be true for any organization: correct it, or delete the rule.
draft-not-evaluated = Rules of the form { $form } cannot be calculated yet: until then, the number required counts as unknown.
draft-item-unknown = There is no item { $item } in the catalogue: look it up with GET /items.
draft-unit-differs = { $item } is counted in { $unit }: write the rule in that unit.
draft-item-retired = The item { $item } is retired on that day and can no longer be counted: choose another.
draft-negative = The number must not be negative.
draft-per-nothing = The number must be greater than 0.
draft-spare-per-nothing = A spare for each 0 in use is not possible: send a number greater than 0.
draft-bounds-crossed = The upper limit { $most } is below the lower limit { $least }: correct one of them.
draft-counts-nothing = The rule names no fact to count, so "per" has no meaning: name a fact in "of", or leave out "per".
draft-not-whole = The item is counted in whole units: the number will be rounded up.
draft-fact-unknown = There is no fact { $fact } in the dictionary: look it up with GET /facts.
draft-fact-kind = This test does not fit the kind of the fact { $fact }: use compare for numbers and tag for tags.
draft-rule-repeated = { $one } and { $other } require the same in the same case: delete one.
draft-rules-contradict = { $one } and { $other } require different numbers in the same case: the larger one will apply.
draft-band-gap = No rule applies where { $fact } is { $value }, although rules apply below and above it: close the gap.
draft-band-overlap = { $one } and { $other } both apply where { $fact } is { $value }: the larger number will apply there.
draft-falls = The number required falls as { $fact } rises: { $before } at { $low }, but { $after } at { $high }.

draft-code-differs = The code must be the same as in the path: { $code }.
draft-has-faults = The draft has { $faults ->
    [one] 1 fault
   *[other] { $faults } faults
 }: load its check, correct them, and publish it then.
needs-correction-reason = { $day } is in the past: choose { $today } or a later day, or give the reason for the correction (correction_reason; in a table, the column reason).
correction-needs-officer = Only an officer may correct past days: choose { $today } or a later day.
standard-is-draft = { $standard } is still a draft and not binding: publish it with another status first.
standard-is-adopted = { $standard } is adopted and cannot become a draft again: end its adoptions first.
draft-is-closed = The draft of { $standard } was published or discarded in the meantime: load it again, and write a new draft if one is needed.
adoption-not-there = { $standard } is not adopted there on { $day }: there is nothing to end.
target-not-asked = { $rule } does not leave the number to the organization on { $day }: declare a target only for a rule that says "as needed".
target-not-whole = { $item } is counted in whole units ({ $unit }): send a number without a fraction.
rule-unknown = There is no rule { $rule }: correct the code, or add the rule first.
standard-unknown = There is no standard { $standard }: correct the code, or add the standard first.
