# The pages about standards and what bears on requirements: adoption, exemptions, targets, facts.

web-standards-part-list = Standards
web-standards-part-facts = Facts
web-standards-part-targets = Declared targets
web-standards-part-exemptions = Exemptions
web-standards-part-check = Check
web-standards-lead = Editions of standards with their clauses, and which of them bind in your region.
web-standards-editions = Editions
web-standards-show-all = All
web-standards-show-yes = Adopted
web-standards-show-no = Not adopted
web-standards-code = Number
web-standards-title = Title
web-standards-status = Status
web-standards-in-force = In force from
web-standards-adoption = Adoption
web-standards-rules = Rules
web-standards-not-adopted = not adopted
web-standards-adoption-over = no longer adopted
web-standards-since = since { $day }
web-standards-since-until = { $day } to { $end }
web-standards-from-day = from { $day }, not in effect yet
web-standards-replaced-by = Replaced by
web-standards-replaced-by-none = none named
web-standards-jurisdiction = Issued for
web-standards-note = Remark
web-standards-clauses = Clauses
web-standards-clauses-of = Clauses of { $code }
web-standards-clause = Clause
web-standards-text = Text
web-standards-strength = Strength
web-standards-reading = Basis
web-standards-basis-established = established
web-standards-basis-indicative = indicative
web-standards-basis-show-all = All
web-standards-basis-show-established = Established
web-standards-basis-show-indicative = Indicative
web-standards-basis-lead = Established: the text was compared with the standard itself. Other clauses are indicative: figures that rest on them are shown separately and are never added to the others.
web-standards-applies-to = Applies to: { $who }
web-standards-no-figure = gives no figure yet
web-standards-changes = Changes, by whom and when
web-standards-changes-of = Changes of { $code }
web-standards-rules-changed = { $n ->
    [0] the standard itself
    [one] { $n } rule
   *[other] { $n } rules
}
web-standards-from-ever = from the beginning
web-standards-decisions = Decisions, the latest first
web-standards-no-decisions = Nothing was decided yet.
web-standards-from = From
web-standards-decided = Decision
web-standards-by = By whom and when
web-standards-by-service = the service’s own data
web-standards-reason = Reason
web-standards-no-reason = none given
web-standards-revision = Revision
web-standards-effect-short = { $revision }: effect
web-standards-effect-of = Effect of revision { $revision }
web-standards-effect-title = Effect of revision { $revision }
web-standards-effect-title-day = Effect of revision { $revision } on { $day }
web-standards-effect-none = No organization changes by this.
web-standards-effect-none-lines = No line changes by this.
web-standards-effect-sum = { $n ->
    [one] The figures of { $n } organization change.
   *[other] The figures of { $n } organizations change.
} Becoming short: { $established } by established clauses, { $together } with indicative clauses counted in.
web-standards-effect-organizations = Before and after, by organization
web-standards-effect-of-lines = { $n ->
    [one] { $n } line changes: before and after
   *[other] { $n } lines change: before and after
}
web-standards-effect-lines = { $status }: { $before } → { $after } lines
web-standards-by-established = By established clauses
web-standards-by-together = Indicative clauses counted in
web-standards-gone = no longer there
web-standards-change = { $before } → { $after }
web-standards-no-line = no such line
web-standards-line = Line
web-standards-required = Required
web-standards-organization = Organization
web-standards-organizations = Organizations
web-standards-organization-find = Find an organization by its name or code
web-standards-organizations-found = { $n ->
    [0] No organization matches.
    [one] { $n } organization
   *[other] { $n } organizations
}
web-standards-region = Region
web-standards-today = today
web-standards-saved = Saved
web-standards-theirs-kept = Their change was kept
web-standards-nothing-changed = Nothing was changed
web-standards-first-day = First day
web-standards-today-hint = Today if left empty
web-standards-correction = Reason for a day in the past
web-standards-correction-hint = Only for a first day in the past: it corrects the record
web-standards-adopt = Adopt
web-standards-adopt-title = Adopt this edition
web-standards-adopt-change = Decide
web-standards-adopt-change-title = Change the decision
web-standards-adopt-day-hint = Today if left empty. With a later day it takes effect only then.
web-standards-strength-hint = A rule binds with the weaker of this and its own strength
web-standards-ended = ended
web-standards-foresee = Which organizations become short is calculated when you decide. Choose a later day to see the effect before it applies: it is shown at once, and the decision can be ended from the same day.
web-standards-foreseen-reach = { $n } of { $all } requirements apply, or may apply, to organizations of your region.
web-standards-foreseen-indicative = { $n ->
    [one] { $n } is indicative, and so are its figures.
   *[other] { $n } are indicative, and so are their figures.
}
web-standards-foreseen-no-figure = { $n ->
    [one] { $n } gives no figure yet.
   *[other] { $n } give no figure yet.
}
web-standards-foreseen-nobody = { $n ->
    [one] { $n } rule applies to nobody here
   *[other] { $n } rules apply to nobody here
}
web-standards-foreseen-findings = { $n ->
    [one] One thing to look at first
   *[other] { $n } things to look at first
}
web-standards-end-adoption = End the adoption
web-standards-end-adoption-title = End the adoption
web-standards-end-day = First day without it
web-standards-end-day-hint = Today if left empty; a day in the past corrects the record
web-standards-falling-show = Show what rests on this standard
web-standards-falling-none = No line rests on this standard today.
web-standards-falling-title = Lines that rest on { $code } today
web-standards-falling-gone = On it alone: removed
web-standards-falling-kept = On others too: remain
web-standards-lines = { $n ->
    [one] { $n } line
   *[other] { $n } lines
}
web-standards-none = none
web-standards-rule-title = Rule { $rule }
web-standards-rule = Rule
web-standards-rule-read = Read the rule
web-standards-rule-choose = Choose a rule
web-standards-standard = Standard
web-standards-role = Kind of rule
web-standards-item = Item
web-standards-who = Applies to
web-standards-waived = Waived for
web-standards-figure = Figure
web-standards-figure-yes = is calculated
web-standards-specification = Further requirements
web-standards-count-validity = A count is valid for
web-standards-inspected-within = Inspected within
web-standards-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
web-standards-months = { $n ->
    [one] { $n } month
   *[other] { $n } months
}
web-standards-agreement = May be met by agreement
web-standards-read-text = Text: { $how }
web-standards-read-attribution = Attribution to the standard: { $how }
web-standards-source = Source
web-standards-exempt-from-it = Organizations that are exempt from it
web-standards-exempt-nobody = No organization is exempt.
web-standards-if-always = everybody
web-standards-if-never = nobody
web-standards-if-and = ,{ " " }
web-standards-if-or = { " " }or{ " " }
web-standards-if-group = ({ $text })
web-standards-if-not = not { $text }
web-standards-if-sector = sector { $name }
web-standards-if-class = { $table }: { $name }
web-standards-if-less_than = <
web-standards-if-at_most = ≤
web-standards-if-equal_to = =
web-standards-if-at_least = ≥
web-standards-if-more_than = >
web-standards-check-title = Check of the adopted standards
web-standards-check-lead = What is required twice, which rules apply to nobody, and which organizations no mandatory rule covers.
web-standards-check-nothing = No problems were found.
web-standards-findings = Findings
web-standards-about = About
web-standards-severity = Severity
web-standards-severity-fault = fault
web-standards-severity-warning = warning
web-standards-finding = Finding
web-standards-exemptions-lead = An exemption lets an organization do without what a rule requires, for a stated reason and until a set day.
web-standards-exemptions-active = Current and upcoming
web-standards-exemptions-all = All
web-standards-exemptions-none = There is no exemption.
web-standards-exemptions-of = Exemptions of { $code }
web-standards-exemption-grant = Grant an exemption
web-standards-exemption-grant-for = Grant an exemption
web-standards-exemption-new = Exempt { $code } from a rule
web-standards-exemption-lead = Choose the rule: what it requires of the organization, and the current status, are shown beside it. An exemption cannot be extended; grant another.
web-standards-exemption-title = Exemption of { $code }
web-standards-exemption-today = holds today
web-standards-exemption-to-come = not in effect yet
web-standards-exemption-over = expired
web-standards-exemption-ended = ended early
web-standards-exemption-withdrawn = withdrawn
web-standards-exemption-ends = Ended early
web-standards-exemption-end = From { $day } the rule applies again. Reason: { $reason }
web-standards-exemption-end-title = End it early
web-standards-exemption-end-lead = The rule applies again from that day.
web-standards-exemption-end-act = End the exemption
web-standards-holds = Holds
web-standards-from-to = { $from } to { $to }
web-standards-granted-by = Granted by
web-standards-last-day = Last day
web-standards-last-day-hint = The exemption holds on this day too
web-standards-rests-on = What { $rule } requires
web-standards-rests-nothing = No line of the organization rests on this rule today.
web-standards-rests-alone = Only this rule requires it: with the exemption, the line is not required.
web-standards-rests-others = { $rules } also requires it: with the exemption, it is still required.
web-standards-and = ,{ " " }
web-standards-targets-lead = Where a rule says “as needed”, the organization declares the quantity. Until then its line has no target.
web-standards-targets-missing = Not declared yet
web-standards-targets-missing-by = Organizations with mandatory lines without a target
web-standards-targets-all-declared = All targets are declared.
web-standards-targets-other = Targets of an organization
web-standards-targets-of = Targets of { $code }
web-standards-targets-none = No rule leaves a quantity to this organization, and none is declared.
web-standards-lines-waiting = Mandatory lines waiting
web-standards-lines-waiting-of = { $name }: { $n } mandatory lines waiting
web-standards-rules-of = Rules
web-standards-target = Declared target
web-standards-since-head = Since
web-standards-act = Action
web-standards-history = History
web-standards-target-declare = Declare
web-standards-target-title = Target of { $code } for { $rule }
web-standards-target-quantity = Quantity needed ({ $unit })
web-standards-target-hint = The quantity that the organization needs
web-standards-target-withdraw-hint = Leave empty to withdraw the declaration
web-standards-target-withdrawn = withdrawn
web-standards-target-never = Nothing was declared for this rule yet.
web-standards-facts-lead = Numbers and properties of organizations that rules use. Lines stay unknown while a fact is missing.
web-standards-facts-missing = Missing facts
web-standards-facts-missing-caption = Missing facts, by how many lines wait for them
web-standards-facts-by-organization = Missing facts by organization
web-standards-facts-by-fact = The same by fact
web-standards-facts-none-missing = No mandatory line waits for a fact.
web-standards-facts-other = Facts of an organization
web-standards-fact = Fact
web-standards-fact-unit = { $name } ({ $unit })
web-standards-facts-day-hint = Today if left empty. A day in the past is allowed.
web-standards-sheet-title = Facts of { $code }
web-standards-sheet-edit = Record facts
web-standards-sheet-edit-title = Record facts of { $code }
web-standards-sheet-edit-lead = Only what you change is stored; an emptied field withdraws the fact.
web-standards-sheet-complete = The sheet is marked complete from { $day }: what is not recorded is absent, not unknown.
web-standards-sheet-incomplete = The sheet is not marked complete: what is not recorded is unknown.
web-standards-sheet-complete-mark = The sheet is complete
web-standards-sheet-complete-hint = What is not recorded is then absent (0 or no), not unknown
web-standards-sheet-mark = Sheet complete
web-standards-sheet-none-waits = No line waits for a fact.
web-standards-sheet-recorded = Recorded facts
web-standards-sheet-recorded-on = Recorded facts on { $day }
web-standards-sheet-nothing = No fact is recorded.
web-standards-sheet-absent = { $n ->
    [one] { $n } fact that is absent
   *[other] { $n } facts that are absent
}
web-standards-sheet-absent-text = They are not recorded, and the sheet is complete: 0 or no.
web-standards-sheet-unknown = { $n ->
    [one] { $n } fact that is unknown
   *[other] { $n } facts that are unknown
}
web-standards-sheet-unknown-text = They are not recorded, and no line waits for them today.
web-standards-sheet-list = Show the list
web-standards-sheet-save = Save
web-standards-sheet-group-missing = Missing: lines wait for them ({ $n })
web-standards-sheet-group-recorded = Recorded ({ $n })
web-standards-sheet-group-others = All others ({ $n })
web-standards-marked-complete = complete
web-standards-marked-open = not complete
web-standards-withdrawn = withdrawn
web-standards-value = Value
web-standards-yes = yes
web-standards-no = no
web-standards-not-recorded = not recorded
web-standards-absent-hint = Absent, as the sheet is complete.
web-standards-waits = { $n ->
    [one] { $n } line waits for it.
   *[other] { $n } lines wait for it.
}
web-standards-record = Record
web-standards-record-of = Record { $name }
web-standards-all-lines-waiting = Lines waiting
web-standards-binds = Strength and basis
web-standards-replaced-by-missing = { $code }, which is not here yet
web-standards-organization-sheet = Sheet of { $code }
web-standards-and-more = and { $n } more
