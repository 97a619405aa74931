# Counts and their voids.

count-already-voided = The count was already voided, for another reason: "{ $reason }". Nothing was changed.
count-id-reused = This id was already used for different content; nothing was changed. Generate a new id for a new count.
count-inspection-needs-officer = Only an officer may submit an inspection: leave out kind to submit the organization's own count.
count-own-needs-quartermaster = Only its quartermaster may submit an organization's own count: leave out kind to submit an inspection.
count-void-needs-officer = Only an officer may void an inspection: ask the bureau.
count-received = The count with this id was already received: delete its draft here, and generate a new id for a new count.
count-drafts-too-many = There are { $most } count drafts already: send or delete one first.
count-counted-at = The time of counting must lie between { $first } and { $last }: check the device's clock.
count-empty = A count of listed items needs at least one line: list what was counted, or send scope full for the whole depot.
count-resolves-unknown = There is no count { $id } in this depot: a count can only resolve counts of its own depot.
count-resolves-inspection = Count { $id } is an inspection: only an officer's count may resolve it. Leave it out, or ask the bureau.
count-survey-unknown = There is no such survey: leave out survey_id.
count-changed-too-often = This list changed back and forth { $most } times already: void its counts, or give it another time.
count-place-left-out = The last count found { $number } of { $item } in the place { $place }, which the list leaves out though it has other places of it: a count speaks of the whole depot. Add a line for { $place }, with 0 where nothing is, or delete all lines of { $item }.
count-lent-left-out = The last count found { $number } of { $item } lent, which the list leaves out: add a line for them with the word for lent, with 0 if they have come back.
count-rest-left-out = The last count found { $number } of { $item } without a place, which the list leaves out though it has places of it: a count speaks of the whole depot. Add a line without a place, with 0 where nothing is, or delete all lines of { $item }.
count-by-two = Two people are named for { $item } in one depot and time: an item is counted by one. Put both into one cell, or give each their time.
count-depot-unknown = There is no such depot: use its code as the list of depots has it.
count-depot-closed = Depot { $depot } was not open on { $day }: choose the depot where the stock actually was.

line-duplicate = This line differs from line { $first } only in quantity or note: combine them in one line.
line-item-unknown = There is no item "{ $item }" in the catalogue: look it up with GET /items.
line-not-whole = { $item } is counted in whole units ({ $unit }): send a number without a fraction.
line-pack-differs = A { $pack } of { $item } holds { $size } { $unit } in the catalogue: count in units instead.
line-unit-changed = The unit of { $item } was changed from { $before } to { $unit } after the catalogue that this count was made with: get the new catalogue, and count the item in { $unit }.
line-quantity-and-packs = Send either quantity, or pack, packs and pack_size, not both.
line-quantity-missing = The number is missing: send quantity, or pack, packs and pack_size together.
line-negative = The number must not be negative.
line-pack-empty = A pack must hold more than 0 units: correct pack_size.
line-packs-too-many = packs × pack_size must be below 1000000000 with at most three decimals: check both numbers.
line-expires-before-made = The lot expires before it was made: check both dates.
line-day = The date must lie between { $first } and { $last }: check it.

header-not-utf8 = The header { $header } cannot be read: send it in UTF-8.
header-device = The header Muster-Device is not valid: send 1 to 100 characters without control characters.
header-seq = The header Muster-Seq is not valid: send a whole number, 0 or greater.
header-seq-without-device = The header Muster-Device is missing: Muster-Seq numbers a device's commands, so name the device too.
header-sent-at = The header Muster-Sent-At cannot be read: send an RFC 3339 instant such as 2026-11-23T02:10:00Z.
header-sent-at-range = The time in the header Muster-Sent-At is out of range: check the device's clock.

# Commands that devices push.
command-not-object = This is not a command: send an object with id, seq, type and data.
command-seq = seq cannot be read: send a whole number, 1 for the device's first command and one more for each that follows.
command-type-unknown = This service has no command type "{ $kind }": the app may be newer than the service. The command is kept for an officer to decide.
command-failed = The command could not be applied because of an internal error, which was logged. It is kept for an officer to decide: do not send it again, and tell the operator if it happens again.
command-deposited = Your sign-in had ended when this arrived: it is kept. Sign in again and send the same again: it is applied then, unless an officer has decided before.
command-deposited-closed = Your account had been closed when this arrived: it is kept for an officer to decide.
command-deposit-full = The service keeps at most { $commands } commands and { $bytes } bytes for an account that cannot sign in: keep the rest on the device until an officer has decided or you are signed in again.
quarantine-taken-over = It had been applied with other content before the service was restored; the count came back with its receipt.
quarantine-sent-again = Its sender signed in again and sent it once more.
receipt-not-genuine = The receipt is not genuine: leave it out to submit the count as a new one.
receipt-of-another = The receipt belongs to another count, other content or another organization: send the receipt that this count was given.
quarantine-decided = This command was already decided, differently or for another reason: "{ $reason }". Nothing was changed: load the command again to see the decision.
command-quarantine-full = An account may have at most { $commands } commands and { $bytes } bytes waiting for an officer, and all accounts together only as much as the service has room for: keep the rest on the device until some have been decided.
