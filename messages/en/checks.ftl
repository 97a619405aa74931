# Findings of the rule check.

check-always-waived = { $rule } is waived wherever it applies, so it never requires anything: correct waived_when.
check-applies-to-none = { $rule } applies to none of the organizations entered: correct its condition if it should apply to some.
check-asked-twice = { $rule } (scope { $scope }) and { $other } of { $standard } (scope { $theirs }) ask for the same thing, and both numbers add up: if one stock serves both, name { $theirs } in shares_with of { $rule }.
check-class-in-table = The row of a class table cannot ask for a class: write the facts that make the class.
check-class-table-elsewhere = { $standard } also has a class table { $table }, and only one of the two is read where both bind: give this one another name.
check-class-table-twice = There are two class tables { $table }, and only one of them is read: give each a name of its own.
check-class-table-unknown = There is no class table { $table }: correct the name, or add the table first.
check-class-unknown = The class table { $table } does not give the class { $class }: use one of { $classes }.
check-condition-too-deep = The condition has more than { $most } levels: write it with fewer.
check-contradicts-beside = { $other } and { $one } of { $standard } contradict each other: the upper limit of one is below the number of the other. Correct one of them.
check-fact-is-no-stock = A number on the fact sheet is not stock: give the rule the role fact_check, or name an item.
check-form-of-other-role = The form { $form } does not fit a rule of the role { $role }: choose another form or another role.
check-item-or-bundle = An alternative is either an item or a bundle: send one of the two.
check-item-twice = { $item } is named twice in this list: delete one.
check-length = The length must be between 1 and { $most }.
check-list-empty = The list is empty: add at least one entry.
check-list-too-long = The list has more than { $most } entries: shorten it.
check-months = The number of months must be between 1 and { $most }.
check-no-factor-of-one = No alternative has the factor 1, so none is counted in the rule's unit, { $unit }: give the factor 1 to the alternative in whose units the clause counts.
check-no-second-fact = The row limits a second fact, and the band names none: name it in "and", or leave out and_from and and_below.
check-not-fully-checked = There are more combinations of rules and conditions than the check can try, so some findings may be missing: simplify the conditions, or divide the standard.
check-organization-uncovered = No mandatory rule covers { $organization }: adopt a standard for it, or correct its kind, type, sector or facts.
check-ratio-circle = The ratios count each other in a circle ({ $rules }): give one of these rules a number of its own.
check-ratio-to-no-line = A ratio cannot count a kit or a fact: name an item, a choice of items, a capability, or kinds.
check-ratio-to-nothing = No rule of the scope { $scope } requires { $name } at this strength, so the ratio gives 0: correct what it counts, or the scope.
check-ratio-too-deep = The ratio counts others in more than { $most } ways: let the rules that it counts have numbers of their own.
check-repeats-beside = { $other } and { $one } of { $standard } require the same in the same case: one of them is enough.
check-replaced-in-circle = { $standard } is itself replaced by this edition: correct replaced_by of one of them.
check-row-crossed = The row ends at { $below }, which is not above its beginning { $from }: correct one of them.
check-row-gap = No row fits where { $fact } is { $value }, although rows fit below and above it, so nothing is required there: close the gap.
check-row-unreached = Row { $row } is never reached, because earlier rows take all its cases: correct its limits, or delete it.
check-rows-overlap = Row { $row } overlaps row { $first }, which is read first: correct the limits of one of them.
check-scope-like-another = No other standard uses the scope { $scope }, but { $other } is in use: if that is meant, write { $other }; the numbers of two scopes add up.
check-sector-unknown = The sector { $name } is not one of the usual ones, and no organization has it: correct it, or ignore this if such organizations will be entered.
check-selector-in-words = What is described only in words cannot be counted, so the rule stays unknown: name items, a choice of items, or a capability.
check-shared-scope-unused = No rule has the scope { $scope } with which units are to be shared: correct it, or leave it out.
check-shares-with-itself = The scope { $scope } always shares its units with itself: leave it out of shares_with.
check-stock-is-no-fact = A rule of the role fact_check compares a number on the fact sheet: name a fact, or give the rule the role requirement.
check-superseded-by-none = The standard is superseded, but no edition replaces it: name the later edition in replaced_by.
check-type-unknown = The type { $name } is not one of the usual ones, and no team has it: correct it, or ignore this if such teams will be entered.
check-units-mixed = { $item } is counted in { $unit } and another alternative in { $other }: give { $item } the factor that converts it.
check-fault = fault
check-warning = warning
check-summary = { $faults ->
    [one] 1 fault
   *[other] { $faults } faults
 }, { $warnings ->
    [one] 1 warning
   *[other] { $warnings } warnings
 }.
