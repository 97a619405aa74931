# Standards, their drafts and their adoption; declared targets.

draft-days-crossed = The last day, { $to }, lies before the first, { $from }: change one of them.
draft-replaces-itself = No edition takes its own place: name the later edition, or leave replaced_by out.
draft-successor-unknown = There is no standard { $standard } here yet: this edition goes on binding until that one is published and adopted.
draft-binds-nobody = A standard whose status is draft binds nobody, even once it is published: set another status when it is issued.
draft-no-rules = The standard has no rules: it will ask for nothing.
draft-rule-code-twice = The rule code { $rule } stands here twice: give each rule a code of its own.
draft-rule-elsewhere = The rule { $rule } belongs to { $standard }: give this one another code.
draft-never-applies = The condition of { $rule } cannot hold for any organization: mend it, or leave the rule out.
draft-not-evaluated = The form { $form } is not worked out yet: the rule asks for an unknown number until it is.
draft-item-unknown = There is no item { $item } in the catalogue: look it up with GET /items.
draft-unit-differs = { $item } is counted in { $unit }: write the rule in that unit.
draft-item-retired = The item { $item } is retired on that day: nobody can count it any more.
draft-negative = The number must not be below 0.
draft-per-nothing = The number must be above 0.
draft-spare-per-nothing = A reserve for each 0 in use has no meaning: send a number above 0.
draft-bounds-crossed = At most { $most } is less than at least { $least }: change one of them.
draft-counts-nothing = The rule names no fact to count, so "per" has no meaning: name one in "of", or leave "per" out.
draft-not-whole = The item is counted in whole units: the number will be rounded up.
draft-name-length = The length must lie between 1 and 64.
draft-fact-unknown = There is no fact { $fact } in the dictionary: look it up with GET /facts.
draft-fact-kind = The fact { $fact } is of the other kind: compare numbers, and ask for tags by tag.
draft-rule-repeated = { $one } and { $other } ask for the same in the same case: leave one out.
draft-rules-contradict = { $one } and { $other } say different things in the same case: the larger number will govern.
draft-band-gap = No rule applies where { $fact } is { $value }, though rules apply below and above: close the gap.
draft-band-overlap = { $one } and { $other } both apply where { $fact } is { $value }: the larger number will govern there.
draft-falls = Less is asked for as { $fact } rises: { $before } at { $low }, but { $after } at { $high }.

draft-code-differs = The code must be that of the path, { $code }.
draft-has-faults = The draft has faults, { $faults } in all: ask for its check, mend them, and publish it then.
needs-correction-reason = { $day } is past: choose { $today } or a later day, or send correction_reason to correct what held.
correction-needs-officer = Only an officer corrects what held on past days: choose { $today } or a later day.
standard-is-draft = { $standard } is a draft and binds nobody: publish it with another status first.
adoption-not-there = { $standard } is not adopted there on { $day }: there is nothing to end.
target-not-asked = { $rule } does not leave the number to the organization on { $day }: only a rule that says "as needed" takes a target.
target-not-whole = { $item } is counted in whole { $unit }: send a number without a fraction.
day-out-of-range = Send a day from 0001-01-01 to 9999-12-31.
