# The texts of the inbox of the duty officer.

web-inbox-title = { $kind } · Inbox
web-inbox-back = To the inbox
web-inbox-back-to = To { $kind }
web-inbox-kinds = Kinds of tasks
web-inbox-kind-quarantine = Quarantine
web-inbox-kind-counts = Counts that differ
web-inbox-kind-phones = Phones
web-inbox-kind-ledger = Ledger rows
web-inbox-kind-ask = Whom to ask
web-inbox-about-quarantine = What phones sent that could not be applied as sent. It is not in the figures until somebody applies it.
web-inbox-about-counts = Sources that counted at about the same time differ, or an inspection found less than the organization's own later count. The figures cover both until it is settled.
web-inbox-about-phones = Phones that still hold counts, whose counts never arrived, or whose browser lacks a needed function.
web-inbox-about-ledger = Rows of imported ledgers that are not in a count until somebody says which item they are.
web-inbox-about-ask = Organizations for which it is unknown whether they meet mandatory lines. Those counted longest ago come first.
web-inbox-number-hidden = –
web-inbox-number-failed = not read
web-inbox-list-and = ,{" "}
web-inbox-officers-decide = An officer decides this.
web-inbox-organization-unknown = organization not known
web-inbox-choose = Choose
web-inbox-item-needed = Name the item.
web-inbox-choose-one = Choose one of these.
web-inbox-me = me
web-inbox-not-stored = not stored

web-inbox-show = Show
web-inbox-show-waiting = Waiting
web-inbox-show-decided = Decided
web-inbox-quarantine-waiting = Waiting, the oldest first
web-inbox-quarantine-decided = Decided, the latest first
web-inbox-quarantine-none = Nothing waits here: everything that phones sent could be applied.
web-inbox-quarantine-none-decided = Nothing has been decided yet.
web-inbox-from = From
web-inbox-received = Received
web-inbox-why = Why it waits
web-inbox-decision = Decision
web-inbox-deposited = Its sender could no longer sign in
web-inbox-faults = { $n ->
    [one] { $n } fault
   *[other] { $n } faults
}
web-inbox-faults-more = { $n ->
    [one] and { $n } more fault
   *[other] and { $n } more faults
}
web-inbox-status-waiting = waiting
web-inbox-status-applied = applied
web-inbox-status-set_aside = set aside
web-inbox-command-of = Sent by { $name }
web-inbox-sender = Sender
web-inbox-device = Phone
web-inbox-device-seq = { $device }, number { $seq }
web-inbox-counted-at = Counted at
web-inbox-notes = Notes
web-inbox-receipt = Receipt
web-inbox-with-receipt = It came with a receipt, which claims that it was accepted before the service was restored.
web-inbox-to-count = To the count that it became
web-inbox-sent = What was sent
web-inbox-sent-lines = Lines
web-inbox-as-sent = Exactly as it came
web-inbox-no-count = This is not a count.
web-inbox-depot = Depot
web-inbox-depot-unknown = unknown depot
web-inbox-depot-none = no depot named
web-inbox-scope = Covers
web-inbox-scope-listed = listed items
web-inbox-scope-full = whole depot
web-inbox-remark = Remark
web-inbox-item = Item
web-inbox-item-unknown = not in the catalogue
web-inbox-quantity = Quantity
web-inbox-lot = Lot
web-inbox-expires = Expires on
web-inbox-condition = Condition
web-inbox-packs = { $packs } × { $pack } of { $size }
web-inbox-packs-replace = A quantity replaces the packs.
web-inbox-decide = Decide
web-inbox-decide-how = What to do with it
web-inbox-decide-act = Save the decision
web-inbox-decide-apply = Apply as sent
web-inbox-decide-apply-more = It becomes a count of its sender, at the time of counting
web-inbox-decide-correct = Correct and apply
web-inbox-decide-correct-more = What was sent stays on record beside the correction
web-inbox-decide-aside = Set aside
web-inbox-decide-aside-more = It is not applied and stays on record
web-inbox-reason = Reason
web-inbox-reason-hint = It is kept with the decision and shown beside the counts
web-inbox-reason-told = It is kept with the decision, and the sender is told
web-inbox-line = Line { $n }
web-inbox-line-add = Add a line
web-inbox-line-remove = Remove
web-inbox-line-remove-n = Remove line { $n }
web-inbox-lines-all = { $n ->
    [one] Show { $n } more line, which has no fault
   *[other] Show { $n } more lines, which have no faults
}
web-inbox-applied-done = Applied: it is a count now
web-inbox-set-aside-done = Set aside

web-inbox-counts-caption = Items and depots whose counts differ
web-inbox-counts-none = Nothing waits here: no counts differ, and no inspection found less.
web-inbox-where = Where
web-inbox-counted = Counted
web-inbox-figure-covers = Current figure
web-inbox-no-stock = There is no such item in this depot.
web-inbox-means-conflict = Different sources counted within 15 minutes and differ. The figure covers all of them until one is counted again later, or an officer says which holds.
web-inbox-means-contested = An inspection found less than the organization's own later count. The figure covers both until there is another inspection, or an officer says which holds.
web-inbox-means-settled = Nothing differs here now.
web-inbox-was-taken-out = The count of { $by } is disregarded for this item. { $officer } decided: { $reason }.
web-inbox-was-accepted = The organization's own count holds. { $officer } decided: { $reason }.
web-inbox-taken-out = The count of { $by } is disregarded
web-inbox-accepted-own = The organization's own count holds
web-inbox-counted-since = Counted again
web-inbox-changed-since = Changed since
web-inbox-side-by-side = Who counted what
web-inbox-counted-by = Counted by
web-inbox-came-by = Source
web-inbox-lots = Found
web-inbox-quantity-beyond = 10⁹ or more
web-inbox-bears-on = Lines affected
web-inbox-bears-on-none = No clause requires this item of the organization.
web-inbox-missing = missing
web-inbox-settle = Settle it
web-inbox-settle-hint = It is best to have it counted again. If you know which count is right, say so here: the others stay on record.
web-inbox-settle-act = Save the decision
web-inbox-which-holds = Which count holds?
web-inbox-holds = { $kind }: { $quantity }
web-inbox-settled = Settled
web-inbox-still-differs = Saved. An earlier count now differs too: decide again.

web-inbox-meanwhile-title = Somebody else decided first
web-inbox-meanwhile-text = It was decided while you were working on it, and that decision is final. Yours is not stored.
web-inbox-meanwhile-both = Something was decided or counted while you were working on it. Compare before you store yours too.
web-inbox-meanwhile-theirs = Meanwhile
web-inbox-meanwhile-mine = My decision
web-inbox-meanwhile-keep = Leave it as it is now
web-inbox-meanwhile-store = Store mine too
web-inbox-decided-by = By
web-inbox-decided-at = At

web-inbox-phones-caption = Phones that need attention
web-inbox-phones-none = Nothing waits here: all counts from phones have arrived.
web-inbox-phones-no-right = Officers see which phones hold counts.
web-inbox-phone = Phone and account
web-inbox-phone-missing = Not arrived
web-inbox-phone-contact = Last contact
web-inbox-phone-notes = Reported by the phone
web-inbox-phone-all-arrived = all arrived
web-inbox-phone-count = { $n ->
    [one] { $n } count
   *[other] { $n } counts
}
web-inbox-phone-queued = { $n } waiting on the phone
web-inbox-phone-gaps = Lost numbers: { $list }
web-inbox-phone-since = Known since
web-inbox-phone-app-untold = not reported
web-inbox-phone-weak = browser lacks a needed function

web-inbox-ledger-caption = Rows that are not in a count
web-inbox-ledger-none = Nothing waits here: every row of a ledger is in a count or decided.
web-inbox-ledger-words = Words of the ledger
web-inbox-ledger-nameless = no name
web-inbox-ledger-day = Day of the ledger
web-inbox-ledger-nearest = Nearest: { $list }
web-inbox-ledger-decide = Which item is it?
web-inbox-ledger-which = This row is
web-inbox-ledger-other = Another item of the catalogue
web-inbox-ledger-none-of = Not in the catalogue
web-inbox-ledger-none-of-more = It is kept as written, and can be decided again
web-inbox-ledger-no-item = not in the catalogue
web-inbox-ledger-quantity-hint = In the item's unit; leave it empty to take the ledger's
web-inbox-ledger-remember = Treat the same words the same way from now on
web-inbox-ledger-done = Decided
web-inbox-by = By { $name }

web-inbox-ask-caption = Whom to ask next
web-inbox-ask-none = Nothing waits here: for every mandatory line it is known whether it is met.
web-inbox-organization = Organization
web-inbox-last-counted = Last counted
web-inbox-unknown = What is unknown
web-inbox-ask = Ask
web-inbox-unknown-lines = { $n ->
    [one] { $n } line
   *[other] { $n } lines
}
web-inbox-lines-more = {" "}and { $n } more
web-inbox-telephones = Show telephones
web-inbox-telephones-none = No telephone is on record.
web-inbox-contact-keeper = keeper
web-inbox-contact-second_keeper = second keeper
web-inbox-contact-legal_representative = legal representative
web-inbox-contact-safety_head = head of safety
web-inbox-contact-duty = on duty
