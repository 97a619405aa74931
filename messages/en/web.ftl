# The texts of the phone page and the board.

web-product = Emergency stock count
web-again = Try again
web-back = Back
web-cancel = Cancel
web-or = or
web-keep = Save
web-working = Working…
web-copied = Copied
web-copy-by-hand = Not copied: hold the address and copy it by hand.
web-copy-address = Copy the address
web-skip-to-content = Skip to the content
web-tabs = Main pages
web-strips = Notices

web-tab-depots = Count
web-tab-shortages = Short
web-tab-expiring = Expiring
web-tab-records = Records
web-tab-settings = Settings

web-unsent = { $n } unsent
web-unsent-long = { $n ->
    [one] { $n } count not sent yet.
   *[other] { $n } counts not sent yet.
}
web-unsent-others = , others { $n }
web-unsent-others-long = { $n ->
    [one] { $n } count of another person on this phone is not sent yet.
   *[other] { $n } counts of other people on this phone are not sent yet.
}
web-amount = { $n } { $unit }
web-age-now = just now
web-age-minutes = { $n } min ago
web-age-hours = { $n } h ago
web-age-days = { $n } days ago

web-state-loading = Loading
web-state-failed-title = This could not be shown
web-state-failed = Something went wrong: { $what }. Counts stored on this phone are not affected. Try again.
web-state-request = Request { $id }: give this number when you report the problem.

web-failure-open_elsewhere = This page is open in another window: go on there, or press “Use it here”.
web-failure-store_lost = The browser closed its storage: open the page again and enter it once more.
web-failure-store_full = The phone's storage is full: free some and enter it again.
web-failure-store_newer = The data on this phone were stored by a newer version of the page: update it.
web-failure-unsent = Something is still unsent, so this cannot be done.
web-failure-not_signed_in = Not signed in: sign in again.
web-failure-no_person = Nobody is signed in: sign in first.
web-failure-unreachable = The service cannot be reached: check the network and try again. You can go on counting; everything is stored on this phone.
web-failure-not_muster = The network answered with something else: a wireless network may want a sign-in first.
web-failure-other_account = This belongs to another account: switch to that person first.
web-failure-faults = Something must be corrected first.
web-failure-empty = There is nothing to send: count something first.
web-failure-skipped_lines = Lines were skipped, so this cannot be sent as the whole depot.
web-failure-catalogue_incomplete = The catalogue on this phone is not complete, so this cannot be sent as the whole depot: sync first.
web-failure-review_again = Something changed meanwhile: look through it again, then send.
web-failure-draft_here = A count of this depot is in progress on this phone: submit or discard it first, then continue the other one.
web-failure-depot_closed = This depot is closed, so the count cannot be submitted.
web-failure-depot_unknown = This depot is not on this phone: sync first.
web-failure-no_draft = This count is no longer here: it was submitted or discarded.
web-failure-no_lot = This lot was removed: open the line again.
web-failure-too_long = The text is too long: shorten it.
web-failure-too_many = Too many at once: do it in parts.
web-failure-not_an_export = This is no file of counts: choose one that a phone page saved.
web-failure-file_of_other = This file belongs to another account, { $who }: switch to that person first.
web-failure-export_newer = This file was saved by a newer version of the page: update this page first.
web-failure-too_many_attempts = Too many attempts: try again in { $seconds } s.
web-failure-result_missing = The service did not answer for this count. It is sent again by itself.
web-failure-receipt_missing = The service has this count; its receipt comes after you sign in again.
web-failure-receipt_wrong = The receipt does not fit what was sent. It is sent again by itself; if this does not change, tell the bureau.
web-failure-keys_unreachable = The keys for checking receipts could not be fetched. They are asked for again automatically.
web-failure-quarantine_full = The service cannot take this count now. It is sent again by itself.
web-failure-id_reused = This id was used for another count.

web-strip-store = The last change was not stored on this phone: keep the page open, free some storage, and enter it again.
web-strip-elsewhere = This page is open in another window. Here you can only look.
web-strip-elsewhere-act = Use it here
web-strip-ended = Your session has ended. You can go on counting; it is sent after you sign in again.
web-strip-plain = This address is not HTTPS, so the phone cannot store counts offline: stay online.
web-strip-online-only = This browser cannot store counts offline: stay online, drafts are kept on the server.
web-strip-more = How to work offline
web-strip-version = There is a new version of this page.
web-strip-version-act = Update
web-strip-offline = No network. Data as of { $at } ({ $age }).
web-strip-offline-empty = No network. There are no data on this phone yet.
web-strip-old = Data on this phone are of { $day }, { $days } days ago; expiry is worked out for today.

web-start-lead = Count your depots with this phone. It works without a network, and nothing you count is lost.
web-start-lead-online = Count your depots with this phone. For now it works online only.
web-start-people = Who is counting?
web-start-code = Sign in with a code
web-start-password = Sign in with a password
web-person-current = now
web-person-signed-out = signed out
web-person-drafts = { $n ->
    [one] { $n } depot not submitted
   *[other] { $n } depots not submitted
}
web-person-add = Add a person
web-wechat-title = You are inside WeChat
web-wechat-text = WeChat may close this page at any time. To count offline, open it in the phone's browser.
web-code-title = Sign in with a code
web-code-lead = The bureau gives out codes. Each works once.
web-code-given = The address contains a code. It is used only when you press the button, not by opening this page.
web-code-label = Code
web-code-hint = 10 letters and digits, upper or lower case
web-code-act = Use it on this phone
web-code-missing = Enter the code.
web-signin-title = Sign in with a password
web-signin-lead = The first sign-in needs a network; after that it works offline.
web-signin-again-lead = Everything counted on this phone is kept, and is sent after you sign in.
web-sign-in-again = Sign in again
web-signin-name = User name
web-signin-password = Password
web-signin-act = Sign in
web-signing-in = Signing in…
web-signin-unreachable = The service cannot be reached: check the network and try again. Signing in needs a network.
web-signin-wait = { $n ->
    [one] Try again in { $n } second
   *[other] Try again in { $n } seconds
}
web-signin-wait-minutes = { $n ->
    [one] Try again in { $n } minute
   *[other] Try again in { $n } minutes
}
web-signin-name-missing = Enter the user name.
web-signin-password-missing = Enter the password.
web-factor-label = Code of the second factor
web-factor-needed = This account uses a second factor: enter the code of your authenticator app.
web-device-label = Name of this phone
web-device-hint = So that the bureau can tell phones apart

web-elsewhere-title = How to work offline
web-elsewhere-lead = To count offline, the browser must store what you enter. Open the page like this.
web-wechat-step-1 = Press “⋯” at the top right.
web-wechat-step-2 = Choose “Open in browser” (on an iPhone, “Open in default browser”).
web-wechat-step-3 = Sign in there. The sign-in in WeChat does not carry over: ask for another code.
web-browser-step-1 = Copy the address below into Chrome 87, Safari 15.4 or a later version.
web-browser-step-2 = Do not use a private window. On an iPhone choose “Add to Home Screen” and sign in inside that app.
web-plain-step-1 = Ask your bureau for the address that begins with https://.
web-plain-step-2 = For a trial, trust the service's certificate on the phone as its guide describes.
web-elsewhere-missing = What this browser lacks

web-depots-title = Depots
web-depots-no-copy = There are no data on this phone yet: sync once with a network.
web-depots-no-right = This account does not count: quartermasters and officers do.
web-depots-first = Fetching your depots and the catalogue…
web-depots-none = Your organization has no open depot: ask the bureau to open one.
web-standing-title = { $n ->
    [one] { $n } mandatory requirement
   *[other] { $n } mandatory requirements
}
web-standing-short = Short
web-standing-unknown = Unknown
web-standing-met = Met
web-depot-lines = { $n ->
    [one] { $n } item
   *[other] { $n } items
}
web-depot-last = Last counted { $at }
web-depot-never = Never counted
web-depot-stale = { $n } due
web-depot-closed = Closed
web-depot-start = Start counting
web-depot-continue = Continue
web-depot-progress = { $done } of { $all } counted
web-depot-empty = This depot has nothing to count yet: search above for an item.
web-depot-missing-title = Not found
web-depot-missing = { $code } is not on this phone: it may not be synced yet, or is not yours to see.
web-holding-agreement = Held by agreement
web-holding-capacity = Production capacity
web-drafts-elsewhere = You have an unsent count on another phone
web-drafts-here = { $depot }, saved { $at }: a count of this depot is in progress on this phone. Submit or discard it first, then continue the other one.
web-drafts-sent = Another phone sent the count of { $depot } that was in progress here, so it is no longer on this phone.
web-drafts-sent-left = { $n ->
    [one] One line that it does not have is still here: look through it and send it.
   *[other] { $n } lines that it does not have are still here: look through them and send them.
}
web-drafts-take = Continue here: { $depot }, saved { $at }
web-order = Order
web-order-worklist = Most urgent
web-order-shelf = By shelf
web-due-conflict = Counts differ
web-due-first = First: mandatory, short or overdue
web-due-must = Other mandatory items
web-due-other = Others
web-place-none = No shelf recorded
web-search = Find an item
web-search-hint = Name, code, label number
web-search-found = { $n ->
    [one] { $n } item found
   *[other] { $n } items found
}
web-search-none = Nothing matches “{ $text }”: try the code or another word of the name.
web-search-new = New here
web-stock-conflict = Counts differ
web-stock-contested = Differs from inspection
web-stock-stale = Overdue
web-stock-never_counted = Never counted
web-act-none = Not counted
web-act-counted = Counted
web-act-zero = None
web-act-skipped = Skipped
web-labels-link = Print labels
web-review-act = Review ({ $n })

web-keypad = Number pad
web-key-erase = Erase
web-key-point = Decimal point
web-act-zero-key = None 0
web-act-skip = Skip
web-act-next = Next
web-act-next-lot = Next lot
web-act-done = Done
web-quantity-empty = Count it
web-quantity-in = Quantity in { $unit }
web-quantity-wrong = Enter a number with at most three decimals.
web-quantity-whole = Enter a whole number.
web-required-mandatory = { $n } { $unit } required
web-required-recommended = { $n } { $unit } recommended
web-required-reference = { $n } { $unit } for reference
web-required-optional = { $n } { $unit } optional
web-count-conflict = Two counts of this differ; this count settles it
web-count-contested = The last count differs from an inspection
web-count-nothing = Enter a number. If there are none press “None 0”; to leave it press “Skip”.
web-count-sum = Total { $n } { $unit }
web-count-was-zero = Recorded: none
web-count-was-skipped = Skipped
web-stored = Stored
web-stored-server = On the server
web-stored-soon = Being sent
web-stored-too-large = Not on the server
web-stored-too-large-text = This count is too large for the server to keep. Submit what you have counted before you close the page.
web-not-stored = Not stored: { $why }
web-said-zero = Recorded: none
web-said-skip = Skipped
web-last = Last time { $n } ({ $day })
web-last-same = Last time { $n } ({ $day }), the same
web-last-more = Last time { $n } ({ $day }), { $more } more
web-last-less = Last time { $n } ({ $day }), { $less } fewer
web-last-zero = Last time none ({ $day })
web-last-never = First count
web-last-again = Count it once more.
web-lot-known = This lot has a row already: here it is.
web-lot-number = Lot { $lot }
web-lot-expires = use by { $day }
web-lot-expired = expired { $day }
web-lot-made = made { $day }
web-lot-none = No lot number
web-entry-none = not counted
web-entry-loose = Loose
web-entry-packs = By the { $pack } ({ $size } { $unit } each)
web-condition-in_repair = In repair
web-condition-unserviceable = Unserviceable
web-condition-lent = Lent
web-condition-serviceable = Serviceable
web-pack-case = case
web-pack-carton = carton
web-pack-box = box
web-pack-drum = drum
web-pack-bag = bag
web-way-lot = + Another lot
web-way-packs = By the { $pack }
web-way-remove = Remove this lot
web-way-place = Shelf: { $place }
web-way-place-none = Shelf…
web-lot-new = Another lot
web-lot-way = How the expiry is given
web-lot-way-expires = Use by
web-lot-way-made = Made on
web-lot-way-none = No expiry
web-lot-expires-hint = Year and month are enough: 3009 is September 2030
web-lot-made-hint = Year and month are enough: 2603 is March 2026
web-lot-none-hint = This lot has no expiry; its number tells it apart.
web-lot-day-more = Go on
web-lot-day-wrong = Not a date: enter year and month, such as 3009.
web-lot-reading = Last usable day { $day }
web-lot-reading-made = Made { $day }, shelf life { $months } months, last usable day { $last }
web-lot-reading-made-only = Made { $day }. The catalogue has no shelf life.
web-lot-number-label = Lot number (if there is one)
web-lot-number-needed = A lot without an expiry needs a lot number.
web-lot-take = Count this lot
web-place-title = Shelf
web-place-label = Where it is kept
web-place-hint = Such as A-3. The phone remembers it for the order by shelf.

web-review-title = Review and send
web-review-empty = Nothing has been counted yet.
web-review-numbers = Counted
web-review-zeros = None
web-review-skipped = Skipped
web-review-scope = What this count covers
web-scope-listed = Only these lines
web-scope-full = Whole depot
web-scope-listed-text = { $n ->
    [one] Only the { $n } line you counted is recorded; the rest stays as it is.
   *[other] Only the { $n } lines you counted are recorded; the rest stays as it is.
}
web-scope-full-text = You say that the whole depot was counted: everything else is recorded as 0.
web-zeros-title = { $n ->
    [one] This { $n } item will be recorded as 0
   *[other] These { $n } items will be recorded as 0
}
web-zeros-will = will be recorded as 0
web-zeros-change = Count it
web-zeros-others = { $n } other items of the catalogue will be recorded as 0 too: not required here, and never found here.
web-zeros-skipped = Lines were skipped, so this cannot be sent as the whole depot: count them, or choose “Only these lines”.
web-zeros-incomplete = The catalogue on this phone is not complete, so this cannot be sent as the whole depot: sync first, or choose “Only these lines”.
web-review-odd = Look again
web-review-before = last time { $n } { $unit }
web-review-lots = { $n ->
    [one] { $n } lot not mentioned: { $lots }
   *[other] { $n } lots not mentioned: { $lots }
}
web-review-counted = Counted
web-review-skipped-list = Skipped, not sent
web-faults-title = { $n ->
    [one] { $n } thing to correct
   *[other] { $n } things to correct
}
web-fault-not_a_number = not a number
web-fault-not_whole = must be a whole number
web-fault-negative = must not be below 0
web-fault-out_of_range = the number is too large
web-fault-too_long = the text is too long
web-fault-not_a_day = not a date
web-fault-before_made_on = it expires before it was made
web-fault-quantity_missing = the quantity is missing
web-fault-pack_unknown = there is no such pack
web-fault-duplicate_line = two lines are alike
web-fault-item_unknown = not in the catalogue
web-counted-by = Counted by
web-counted-by-hint = If not the holder of this account
web-note = Remark
web-note-hint = May be left empty
web-submit = { $n ->
    [one] Send { $n } line
   *[other] Send { $n } lines
}
web-submit-full = Send the whole depot, { $n } items
web-submit-not-yet = Cannot be sent yet
web-discard = Discard this count
web-discard-title = Discard this count?
web-discard-text = What was entered is deleted from this phone and cannot be brought back.

web-sent-title = Count submitted
web-sent-lines = { $n ->
    [one] { $n } line
   *[other] { $n } lines
}
web-sent-stored = Stored on this phone
web-sent-stored-text = Stored { $at }; closing the page loses nothing.
web-sent-waiting = Waiting to be delivered
web-sent-waiting-text = It is sent by itself when there is a network. You need not wait.
web-sent-delivered = Delivered
web-sent-delivered-text = The bureau's service signed a receipt, and this phone checked it.
web-sent-not-included = Not yet in the bureau's figure
web-sent-not-included-text = Known with the next sync after delivery.
web-sent-included = The bureau's figure includes this
web-sent-included-text = Shortages were worked out anew from it.
web-sent-back = Back to the depots
web-sent-record = See the record and receipt
web-included-yes = The bureau's figure includes this
web-included-replaced = A newer count has replaced it
web-included-not_yet = Not yet in the bureau's figure: sync later
web-included-unknown = Whether it is included is not known: sync
web-included-short = included

web-records-title = Counts
web-records-lead = Counts submitted on this phone, those first that need somebody.
web-records-empty = No count was submitted on this phone yet. Here you will see whether each was delivered, and its receipt.
web-state-only_here = Only on this phone
web-state-awaits_sign_in = Waits for your sign-in
web-state-delivered = Delivered
web-state-waiting_for_officer = Waiting for an officer
web-state-in_conflict = In conflict
web-state-set_aside = Set aside
web-state-refused = Not accepted
web-state-only_here-text = Not delivered yet; sent by itself when there is a network.
web-state-awaits_sign_in-text = Deposited after the session had ended. It is recorded once you sign in again, unless an officer decides before.
web-state-delivered-text = The receipt was checked.
web-state-waiting_for_officer-text = Delivered, but it cannot be recorded as it is; an officer decides.
web-state-in_conflict-text = Another count differs, or an inspection found less. Count again.
web-state-set_aside-text = An officer did not record it. You may count anew.
web-state-refused-text = The service cannot read it, and it is not sent again. Tell the bureau.
web-record-missing = No such record
web-record-missing-text = This count is not on this phone: it may be on another, or belong to another person of this phone.
web-record-no-depot = Depot not known
web-record-counted = Counted at
web-record-scope = Covers
web-record-seq = Number on this phone
web-record-id = Count
web-record-receipt = Receipt
web-record-lines = Content
web-record-by = Counted by { $name }
web-decision-applied = An officer recorded it
web-decision-set_aside = An officer set it aside
web-decision-waiting = Waiting for an officer
web-conflict-title = Two counts differ
web-conflict-text = Two counts less than 15 minutes apart differ. A new count settles it.
web-contested-title = The count differs from an inspection
web-contested-text = An inspection found less than was counted. Count again: if there is more than the inspection found, an officer decides.
web-conflict-again = Count again: { $item }
web-rivals-mine = Counted here
web-rivals-other = Another count
web-rivals-inspection = Inspection
web-rivals-unknown = number not known
web-receipt-none = No receipt yet: it comes with the delivery.
web-receipt-genuine = Genuine: signature and content were checked on this phone
web-receipt-other_content = It is for other content than was sent
web-receipt-other_thing = It is not the receipt of this count
web-receipt-wrong_hash = Its digest is wrong
web-receipt-wrong_signature = Its signature is wrong
web-receipt-unknown_key = The key that signed it is not on this phone: try again with a network
web-receipt-unreadable = It cannot be read
web-receipt-received = Received at
web-receipt-position = Chain
web-receipt-position-text = No. { $n } in the organization's chain
web-receipt-digest = Digest
web-receipt-key = Key
web-receipt-save = Save receipt
web-receipt-keys = Save keys
web-receipt-how = How to check a receipt
web-receipt-how-text = A receipt is signed by the service and proves what it received and when. Save the receipt and the keys; anybody can check it without the service:

web-shortages-title = Shortages
web-shortages-as-of = Data as of { $at }
web-shortages-as-of-old = Data as of { $at }, worked out for { $day }
web-shortages-aged = { $days ->
    [one] The data on this phone are { $days } day old; lots that expired since were taken off.
   *[other] The data on this phone are { $days } days old; lots that expired since were taken off.
}
web-shortages-rest = Others
web-shortages-empty = There are no requirements on this phone: sync once with a network. If there are none then, ask the bureau.
web-shortages-none-short = Nothing mandatory is surely short.
web-shortages-none-unknown = Nothing mandatory is unknown.
web-shortages-none-all = There are no other requirements.
web-status-short = Short
web-status-met = Met
web-status-unknown = Unknown
web-status-not_set = Need not declared
web-status-not_required = Not required
web-status-at = As recommended
web-status-below = Below recommended
web-strength-mandatory = Mandatory
web-strength-recommended = Recommended
web-strength-reference = Reference
web-strength-optional = Optional
web-basis-indicative = unverified, indicative only
web-figure-required = Required
web-figure-usable = Usable
web-figure-missing = Missing
web-figure-uncounted = Not counted
web-figure-unknown = Unknown
web-shortage-until = Counts hold until { $day }.
web-reason-depot-any = the organization
web-reason-conflict = Counts differ in { $depot }.
web-reason-contested = { $depot } differs from an inspection.
web-reason-stale = The count of { $depot } is overdue.
web-reason-never_counted = { $depot } was never counted.
web-reason-expired = { $depot }: { $n } { $unit } expired ({ $day }).
web-reason-in_repair = { $depot }: { $n } { $unit } in repair.
web-reason-unserviceable = { $depot }: { $n } { $unit } unserviceable.
web-reason-lent = { $depot }: { $n } { $unit } lent.
web-reason-expiry_missing = { $depot }: { $n } { $unit } without an expiry.
web-reason-no_stock = None in { $depot }.
web-reason-holding = { $depot } is held by agreement or as capacity.

web-expiring-title = Expiring
web-expiring-lead = Worked out for the phone's own day, also without a network.
web-expiring-within = Within
web-expiring-days = { $n } d
web-expiring-past = Expired
web-expiring-week = Within 7 days
web-expiring-month = Within 30 days
web-expiring-later = After 30 days
web-expiring-empty = Nothing expires within { $n } days.
web-expiring-ago = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
web-expiring-today = Last day today
web-expiring-in = { $n ->
    [one] { $n } day left
   *[other] { $n } days left
}

web-sync-title = Sync
web-sync-now = Sync now
web-sync-running = Syncing…
web-sync-only-here = Only here
web-sync-drafts = Drafts
web-sync-last = Last contact
web-sync-never = never
web-sync-contact = Last contact { $age }
web-sync-see = { $n ->
    [one] See the { $n } count that is only on this phone
   *[other] See the { $n } counts that are only on this phone
}
web-sync-next = { $n ->
    [one] { $n } attempt failed; the next is at { $at }.
   *[other] { $n } attempts in a row failed; the next is at { $at }.
}
web-sync-by-itself = Syncs by itself while the page is open: as soon as there is a network, then each minute.
web-sync-log = What each sync did
web-sync-log-empty = No sync yet.
web-sync-end-settled = Done
web-sync-end-again = Will retry
web-sync-end-refused = Needs attention
web-sync-end-sign_in = Sign in again
web-round-again = It did not succeed ({ $code }) and is tried again later.
web-round-nothing = Nothing new
web-round-sent = sent { $n }
web-round-waiting = for an officer { $n }
web-round-refused = refused { $n }
web-round-kept = kept { $n }
web-round-received = received { $n }
web-round-reset = the service was restored; sent again
web-clock-slow = This phone's clock is { $span } slow, and the days and times shown here follow it: set the time automatically.
web-clock-fast = This phone's clock is { $span } fast, and the days and times shown here follow it: set the time automatically.
web-span-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
web-span-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
web-span-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}

web-to-board = Board of the bureau
web-to-board-hint = Figures and decisions, for a larger screen
web-settings-title = Settings
web-settings-show = Display
web-settings-language = Language
web-settings-theme = Colours
web-theme-auto = As the phone
web-theme-light = Light
web-theme-dark = Dark
web-settings-large = Large type
web-settings-large-hint = Text and figures a quarter larger
web-settings-count = Counting
web-settings-last = Show the last count
web-last-after = After
web-last-not = Never
web-last-before = Always
web-settings-last-hint = People count better when they see the last figure afterwards.
web-settings-vibrate = Vibrate on keys
web-settings-people = People on this phone
web-settings-people-hint = Each person's counts are kept apart. Unsent counts are sent when their owner uses this phone with a network.
web-import-act = Take in a file of counts
web-import-hint = Unsent counts saved on another phone
web-import-done = { $taken ->
    [one] { $taken } count taken in, { $known } known already.
   *[other] { $taken } counts taken in, { $known } known already.
}
web-import-refused = { $n ->
    [one] { $n } count was not taken in: its number was used for another count. Tell the bureau.
   *[other] { $n } counts were not taken in: their numbers were used for other counts. Tell the bureau.
}
web-persist-act = Ask the browser to keep your data
web-persist-yes = The browser will keep your data.
web-persist-no = The browser did not agree: open the page often, or add it to the home screen.

web-leave-title = Sign out
web-leave-free = Nothing is unsent on this phone. Signing in again needs a network.
web-leave-act = Sign out
web-leave-held = You cannot sign out yet
web-leave-held-counts = { $n ->
    [one] { $n } count is only on this phone
   *[other] { $n } counts are only on this phone
}
web-leave-held-drafts = { $n ->
    [one] the count of { $n } depot is not submitted
   *[other] the counts of { $n } depots are not submitted
}
web-leave-held-text = Bring them to safety in one of these ways first.
web-leave-send = Send now
web-leave-sent = Synced.
web-leave-deposited = Deposited. It is recorded once you sign in again.
web-leave-awaits = { $n ->
    [one] { $n } deposited count is recorded only once you sign in again.
   *[other] { $n } deposited counts are recorded only once you sign in again.
}
web-leave-save = Save as a file
web-leave-draft = Send or discard: { $depot }
web-leave-deposit-hint = Any phone takes the file in under Settings, with the same ids and content, so that nothing is recorded twice.
web-leave-anyway = Sign out all the same
web-leave-anyway-title = Sign out all the same?
web-leave-anyway-text = Unsent counts stay on this phone and are sent after you sign in here again. If the phone is lost or the browser clears its data, they are lost.
web-export-done = { $n ->
    [one] Saved { $name } with { $n } count.
   *[other] Saved { $name } with { $n } counts.
}
web-export-left = { $n ->
    [one] { $n } more count did not fit: save another file once these are delivered.
   *[other] { $n } more counts did not fit: save another file once these are delivered.
}

web-selftest-title = What this phone can do
web-selftest-link = Check whether this phone can count offline
web-selftest-offline = It can count offline
web-selftest-online_only = It works online only
web-selftest-offline-text = Each key is stored on this phone; without a network nothing is lost.
web-selftest-online_only-text = This browser cannot store reliably: stay online, or use another browser.
web-selftest-yes = Yes
web-selftest-no = Missing
web-selftest-needed = Needed to count offline
web-selftest-secure = Encrypted connection (HTTPS)
web-selftest-indexedDb = Database on the phone (IndexedDB)
web-selftest-strictWrites = Each key written to disk
web-selftest-localCopy = Second copy (localStorage)
web-selftest-persisted = Browser promises to keep the data
web-selftest-serviceWorker = Opens without a network (service worker)
web-selftest-subtle = Browser's cryptography (WebCrypto)
web-selftest-ed25519 = Browser checks receipts (Ed25519)
web-selftest-compression = Compressed sending
web-selftest-locks = One window writes (Web Locks)
web-selftest-randomUuid = Browser makes ids
web-selftest-without-localCopy = One copy only
web-selftest-without-persisted = Open the page often, or add it to the home screen
web-selftest-without-subtle = The page uses its own code
web-selftest-without-ed25519 = The page uses its own code
web-selftest-without-compression = Sent uncompressed, a little more data
web-selftest-without-locks = The database on the phone decides
web-selftest-without-randomUuid = The page uses its own code
web-selftest-inside = Runs in
web-selftest-browser = Browser
web-selftest-agent = Browser's name
web-selftest-told = The result goes with your counts, so that the bureau knows which phones cannot work offline.

web-labels-title = Labels
web-labels-lead = { $n ->
    [one] { $n } label. Stick it to the shelf: the phone's camera or WeChat then opens the count at its line. Without a camera, type its four digits.
   *[other] { $n } labels. Stick each to its shelf: the phone's camera or WeChat then opens the count at its line. Without a camera, type its four digits.
}
web-labels-print = { $n ->
    [one] Print { $n } label
   *[other] Print { $n } labels
}

web-unit-piece = { $n ->
    [one] pc
   *[other] pcs
}
web-unit-set = { $n ->
    [one] set
   *[other] sets
}
web-unit-pair = { $n ->
    [one] pair
   *[other] pairs
}
web-unit-kg = kg
web-unit-g = g
web-unit-m = m
web-unit-m2 = m²
web-unit-m3 = m³
web-unit-L = L
web-unit-box = { $n ->
    [one] box
   *[other] boxes
}
web-unit-roll = { $n ->
    [one] roll
   *[other] rolls
}
web-unit-unit = { $n ->
    [one] unit
   *[other] units
}
web-unit-vehicle = { $n ->
    [one] vehicle
   *[other] vehicles
}
web-unit-kind = { $n ->
    [one] kind
   *[other] kinds
}
web-unit-article = { $n ->
    [one] pc
   *[other] pcs
}
web-unit-bag = { $n ->
    [one] bag
   *[other] bags
}
