# Counts and their voids.

count-already-voided = The count was voided before, with another reason: "{ $reason }".
count-id-reused = The id was used for other content before: nothing was changed. Make a new id for a new count.
count-inspection-needs-officer = Only an officer submits an inspection; leave kind out for the organization's own count.
count-own-needs-quartermaster = Only its quartermaster submits an organization's own count; leave kind out for an inspection.
count-void-needs-officer = Only an officer voids an inspection.
count-counted-at = The instant must lie between { $first } and { $last }: check the device's clock.
count-empty = A listed count says nothing without lines: list what was counted, or send scope full.
count-resolves-unknown = There is no count { $id } in that depot: a count settles counts of its own depot only.
count-survey-unknown = There is no such survey: leave survey_id out.
count-depot-unknown = There is no such depot: look it up with GET /depots.
count-depot-closed = The depot { $depot } was not open on { $day }: choose the depot the things lay in.

line-duplicate = Line { $first } has the same item, lot, expiry, condition and place: add them up in one line.
line-item-unknown = There is no item "{ $item }" in the catalogue: look it up with GET /items.
line-not-whole = { $item } is counted in whole { $unit }: send a number without a fraction.
line-pack-differs = A { $pack } of { $item } holds { $size } { $unit } in the catalogue: count again in units.
line-quantity-and-packs = Send either quantity, or pack, packs and pack_size.
line-quantity-missing = Send quantity, or pack, packs and pack_size together.
line-negative = The number must not be below 0.
line-pack-empty = A pack must hold more than 0 units.
line-packs-too-many = packs × pack_size must be below 1000000000 and have at most three decimals.
line-expires-before-made = The lot expires before it was made: check both days.
line-day = The day must lie between { $first } and { $last }.

header-not-utf8 = The header { $header } cannot be read: send it in UTF-8.
header-device = The header Muster-Device cannot be taken: send 1 to 100 characters without control characters.
header-seq = The header Muster-Seq cannot be taken: send a whole number from 0 up.
header-seq-without-device = The header Muster-Device is missing: Muster-Seq counts a device's commands, so name the device too.
header-sent-at = The header Muster-Sent-At cannot be read: send an RFC 3339 instant such as 2026-11-23T02:10:00Z.
header-sent-at-range = The instant of the header Muster-Sent-At is out of range: check the device's clock.

# Commands that devices push.
command-not-object = This is no command: send an object with id, seq, type and data.
command-seq = seq cannot be read: send a whole number from 1 up, one more with each command of the device.
command-type-unknown = There is no command of the type "{ $kind }" here: the app may be newer than the service. It is kept for an officer.
command-failed = The command could not be applied because something failed here; it is kept and was logged.
command-deposited = You could not be let in any more when this arrived: it is kept for an officer to decide. Sign in again.
command-deposit-full = No more than { $commands } commands and { $bytes } bytes are kept for an account that cannot sign in: keep them on the device until an officer has decided or you are signed in.
receipt-not-genuine = The receipt is not genuine: leave it out to submit the count anew.
receipt-of-another = The receipt was given for another count, content or organization: send the one this count was given.
quarantine-decided = It was decided before, in another way or with another reason: "{ $reason }".
command-quarantine-full = No more than { $commands } commands of an account wait for an officer: keep them on the device until some are decided.
