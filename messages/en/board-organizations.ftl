# The texts of organizations: the list, the sheet, explanations, counts, inspections.
# The list of organizations
web-orgs-organization = Organization
web-orgs-list-caption = How each organization stands
web-orgs-group = Sector or kind
web-orgs-region = Region
web-orgs-basis = Filter by
web-orgs-any = All
web-orgs-all = All { $n }
web-orgs-status = Status
web-orgs-status-number = { $status } { $n }
web-orgs-established = Established
web-orgs-together = With indicative
web-orgs-why-unknown = What is unknown
web-orgs-cause = { $cause } ({ $n ->
    [one] { $n } line
   *[other] { $n } lines
})
web-orgs-none = There are no organizations in your region yet.
web-orgs-not-judged = not assessed yet
web-orgs-inactive = closed
web-orgs-judged = Assessed { $n } of { $of } so far; all can already be found by typing.
web-orgs-more = and { $n } more

# The sheet of an organization
web-orgs-to-sheet = To the organization
web-orgs-print = Print
web-orgs-on-this-page = On this page
web-orgs-lines = Required against counted
web-orgs-unknown = What is unknown, and whom to ask
web-orgs-depots = Depots
web-orgs-differences = Counts that differ
web-orgs-expiring = Expiring lots
web-orgs-counts = Counts
web-orgs-checks = People and premises
web-orgs-hosted-by = hosted by { $name }
web-orgs-standing-note = Mandatory lines. The two figures stand side by side and are never added.
web-orgs-type = Type
web-orgs-kind = Kind
web-orgs-sector = Sector
web-orgs-contact-keeper = Keeper
web-orgs-contact-second_keeper = Second keeper
web-orgs-contact-legal_representative = Legal representative
web-orgs-contact-safety_head = Head of safety
web-orgs-contact-duty = On duty

# Lines
web-orgs-line = Required item
web-orgs-required = Required
web-orgs-usable = Usable
web-orgs-shortage = Missing
web-orgs-required-open = not determined yet
web-orgs-binding = Strength · basis
web-orgs-lines-caption = Figures per line. Each leads to its explanation.
web-orgs-lines-none = No clause requires anything of this organization.
web-orgs-lines-short = Short
web-orgs-lines-unknown = Unknown
web-orgs-lines-differs = Counts differ
web-orgs-lines-met = Met
web-orgs-line-basis = Basis
web-orgs-line-strength = Strength
web-orgs-conflict = counts differ
web-orgs-contested = inspection found less
web-orgs-clauses-more = { $first }; { $n ->
    [one] { $n } more clause
   *[other] { $n } more clauses
}
web-orgs-left-out = { $n } { $why }
web-orgs-to-standards = Standards and clauses

# What is unknown
web-orgs-unknown-none = Nothing is unknown: all facts that rules ask for are recorded, and all counts are recent.
web-orgs-unknown-no-lines = No mandatory line is unknown.
web-orgs-cause-depots = Depots: { $list }
web-orgs-cause-rules = Rules: { $list }
web-orgs-ask = Ask: { $list }
web-orgs-facts-missing = Facts that are not recorded
web-orgs-fact-matters = { $n ->
    [one] { $n } result waits for it:
   *[other] { $n } results wait for it:
}
web-orgs-fact-check = Check: { $name }
web-orgs-fact-unknown = { $name }: not recorded
web-orgs-fact-found = { $name }: { $value } (from { $from })
web-orgs-fact-yes = yes
web-orgs-fact-no = no

# Checks
web-orgs-check = Check
web-orgs-check-limit = Limit
web-orgs-check-found = Found
web-orgs-check-text = Clause and calculation
web-orgs-checks-caption = People, premises and units away
web-orgs-checks-none = No clause checks people or premises of this organization.

# Depots
web-orgs-depots-none = This organization has no depot on record: ask the bureau to open one.
web-orgs-depot = Depot
web-orgs-depot-closed = closed
web-orgs-keepers = Keepers
web-orgs-keeper-none = none on record
web-orgs-phone-none = no telephone on record
web-orgs-last-count = Last count
web-orgs-depot-counts = History: { $n ->
    [one] { $n } count
   *[other] { $n } counts
}
web-orgs-inspect = Count this depot here
web-orgs-inspect-on = Go on with your count
web-orgs-count-on-phone = Count with the phone page

# Counts that differ
web-orgs-differences-none = No counts differ, and no inspection found less.
web-orgs-difference-both = The figures cover both:
web-orgs-to-inbox = Settle it in the inbox

# Lots that expire
web-orgs-lot = Item and lot
web-orgs-lot-short = Lot
web-orgs-last-day = Expires on
web-orgs-quantity = Quantity
web-orgs-then = What becomes short
web-orgs-then-same = no line becomes short
web-orgs-expired-ago = expired { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
web-orgs-expired-counted = not counted as usable
web-orgs-expires-in = { $n ->
    [0] expires today
    [one] in { $n } day
   *[other] in { $n } days
}
web-orgs-expiring-caption = Within { $n } days, and those that have expired
web-orgs-expiring-none = Nothing has expired or expires within { $n } days.

# Counts
web-orgs-counts-caption = Counts, the latest first
web-orgs-counts-none = Nothing has been counted yet.
web-orgs-counted = Counted at
web-orgs-counted-by = By
web-orgs-count-what = Kind · covers
web-orgs-count-voided = voided
web-orgs-voided-at = { $at }: { $reason }
web-orgs-count-title = Count of { $depot }
web-orgs-count-lines = What was found
web-orgs-count-caption = This count covers { $n ->
    [one] { $n } item
   *[other] { $n } items
}
web-orgs-count-caption-full = The whole depot: of { $n } items of the catalogue, those not listed were not there
web-orgs-item = Item
web-orgs-condition = Condition
web-orgs-inspected = Inspected
web-orgs-inspected-on = inspected { $day }
web-orgs-received = Received
web-orgs-revision = Revision
web-orgs-revision-number = { $revision }
web-orgs-device = Device
web-orgs-notes = Notes
web-orgs-remark = Remark
web-orgs-lots-not-mentioned = Lots found before that this count does not mention
web-orgs-receipt = Receipt
web-orgs-receipt-show = Receipt
web-orgs-receipt-of = Receipt of the count of { $depot }
web-orgs-receipt-genuine = Genuine: signature and content were checked in this browser
web-orgs-receipt-unknown_key = The service no longer has the key that signed it

# The explanation of a line
web-orgs-bar = Usable against required
web-orgs-proof = Explanation in words
web-orgs-line-past = This is the line as it was or will be on another day, or as known at another time.
web-orgs-line-now = Show it as of now
web-orgs-moment = For { $day }, as known at revision { $revision }: choose another day or revision
web-orgs-moment-day = Day
web-orgs-moment-day-hint = Expiry, validity and facts are taken for this day
web-orgs-moment-revision = Revision
web-orgs-moment-revision-hint = Up to { $revision }; what was recorded later is left out
web-orgs-moment-known = Or as known at
web-orgs-moment-known-hint = What the service had recorded by then
web-orgs-moment-act = Show
web-orgs-rules = { $n ->
    [one] { $n } clause requires it
   *[other] { $n } clauses require it
}
web-orgs-rule = rule { $rule }
web-orgs-rule-result = Requires
web-orgs-rule-governs = (this rule decides)
web-orgs-rule-strength = { $strength }, adopted by region { $region } from { $from }
web-orgs-rule-counted = Counts
web-orgs-strength = Strength
web-orgs-confidence = Text of the clause
web-orgs-certainty = certainty { $certainty }
web-orgs-attribution = attribution to the standard: { $confidence }
web-orgs-target = Declared target
web-orgs-from = from { $from }
web-orgs-exemption = Exemption
web-orgs-exempt = By { $name }, { $from } to { $to }: { $reason }
web-orgs-why-applies = Does it apply? { $holds }
web-orgs-holds-yes = holds
web-orgs-holds-no = does not hold
web-orgs-holds-unknown = unknown
web-orgs-condition-any = Any of these:
web-orgs-condition-all = All of these:
web-orgs-condition-not = Not:
web-orgs-condition-always = Always
web-orgs-condition-is = { $what }: { $wanted } (found: { $found })
web-orgs-condition-compare = Wanted: { $op } { $value }.
web-orgs-condition-class = Class { $wanted } of table { $table } (found: { $found })
web-orgs-op-less_than = less than
web-orgs-op-at_most = at most
web-orgs-op-equal_to = equal to
web-orgs-op-at_least = at least
web-orgs-op-more_than = more than
web-orgs-passed-over = { $n ->
    [one] { $n } other rule or adoption asks for the same and does not count here
   *[other] { $n } other rules and adoptions ask for the same and do not count here
}
web-orgs-passed-does_not_apply = It does not apply to this organization:
web-orgs-passed-weaker = A stronger one applies instead.
web-orgs-adoption-not_begun = Its adoption has not begun.
web-orgs-adoption-ended = Its adoption has ended.
web-orgs-adoption-weaker = A stronger or nearer adoption applies:
web-orgs-adoption-superseded = Another edition has replaced it:
web-orgs-adoption-draft = It is a draft.
web-orgs-adoption-edition_not_begun = The edition is not in force yet.
web-orgs-adoption-edition_ended = The edition is no longer in force.
web-orgs-adoption-edition_unknown = The edition is not known to this service.
web-orgs-evidence = Counts behind this line
web-orgs-evidence-none = No depot has stock that can count for this line.
web-orgs-validity = A count is valid for { $n ->
    [one] { $n } day
   *[other] { $n } days
}.
web-orgs-valid-through = valid through { $day }
web-orgs-found-none = none there
web-orgs-lot-not-mentioned = Lot { $lot } was found before and is not mentioned
web-orgs-not-usable = not usable: { $why }
web-orgs-taken-out = The count by { $name } is disregarded: { $by } excluded it ({ $reason })
web-orgs-other-counts = { $n ->
    [one] { $n } other count
   *[other] { $n } other counts
}
web-orgs-bearing-current = included
web-orgs-bearing-inspection = an inspection that still stands
web-orgs-bearing-taken_out = excluded by an officer
web-orgs-bearing-resolved = settled by a later count
web-orgs-bearing-superseded = replaced by a later count
web-orgs-bearing-not_in_catalogue = made with a catalogue without this item
web-orgs-bearing-voided = voided
web-orgs-line-check = Independent check
web-orgs-line-check-text = This digest identifies the figures and everything they are calculated from. It is the same in every language, and a program can recompute both from the API's answer.
web-orgs-engine = Version of the calculation

# An inspection on site
web-orgs-inspection-title = Inspection of { $depot }
web-orgs-inspection-lead = Type what you see. What is required and what was counted last shows once you typed a number. Items that you leave empty are not part of the count.
web-orgs-draft-kept = Your count begun at { $at } is kept in this tab, with { $n ->
    [one] { $n } item
   *[other] { $n } items
}.
web-orgs-draft-discard = Discard it
web-orgs-draft-discard-text = What you typed for this depot is deleted from this tab. This cannot be undone.
web-orgs-draft-not-kept = This browser cannot keep drafts: do not close or reload this page before you submit.
web-orgs-item-find = Find an item
web-orgs-item-find-hint = By name or code; any other item of the catalogue can be added
web-orgs-item-add = Add { $name } ({ $code })
web-orgs-items-here = Found in this depot before
web-orgs-items-required = Required of the organization
web-orgs-items-added = Added by you
web-orgs-row = row { $n }
web-orgs-lot-and-condition = Lot, expiry, condition
web-orgs-another-row = Another lot or condition
web-orgs-lot-number = Lot number
web-orgs-number-wrong = Enter a number, such as 12. If there is none, enter 0.
web-orgs-known-required = { $strength } of the whole organization:
web-orgs-known-not-required = No clause requires it of this organization.
web-orgs-known-last = Last counted here:
web-orgs-known-never = Never counted here.
web-orgs-inspection-send-title = Submit
web-orgs-inspection-scope = The count covers
web-orgs-inspection-counted_by = Counted by, if not you
web-orgs-inspection-note = Remark
web-orgs-inspection-progress = { $n ->
    [0] Nothing typed yet.
    [one] { $n } item has a number.
   *[other] { $n } items have a number.
}
web-orgs-inspection-full = You say that you counted the whole depot: every item of the catalogue that has no number here is recorded as 0.
web-orgs-inspection-full-title = Was the whole depot counted?
web-orgs-inspection-send = Submit the inspection
web-orgs-to-submit = Go to submit
web-orgs-inspection-empty = Type at least one number first.
web-orgs-send-again = Send again
web-orgs-not-sent = No answer yet: it is not known whether the count was stored
web-orgs-not-sent-text = It is kept here and sent again as it is, also by itself once the network is back. Sending twice stores it once.
web-orgs-stored-title = The inspection is stored
web-orgs-stored = { $depot }: { $n ->
    [one] { $n } line
   *[other] { $n } lines
}. The figures below are as they are now.
web-orgs-stored-count = Open this count
web-orgs-stored-lines = Lines affected
