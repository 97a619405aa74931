# People: accounts, cards with codes, labels, devices, clients, contacts.

web-people-parts = Parts of this page
web-people-part-accounts = Accounts
web-people-part-cards = Cards to sign in
web-people-part-labels = Labels
web-people-part-devices = Devices
web-people-part-contacts = Contacts
web-people-part-clients = Clients
web-people-to-accounts = To the accounts
web-people-to-sheet = To the sheet of the organization
web-people-all = all
web-people-shown = Show
web-people-choose-all = Choose all listed
web-people-choose-none = Choose none
web-people-save = Save
web-people-saved = Saved
web-people-theirs-kept = The other editor's change was kept
web-people-act = Action
web-people-note = Note
web-people-never = never
web-people-reason = Reason
web-people-reason-hint = It is recorded in the audit, where others can read it
web-people-copy = Copy
web-people-copy-one = Copy: { $what }
web-people-copied = Copied
web-people-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}

web-people-account = Account
web-people-name = Name
web-people-name-hint = As others see it, such as the person's name or the office
web-people-username = User name
web-people-username-hint = Letters a to z, digits, and . _ - @; it cannot be changed later
web-people-role = Role
web-people-role-hint = A quartermaster counts; a viewer reads; an officer decides; an administrator also manages people and clients
web-people-role-officer-hint = Officers manage quartermasters; an administrator adds others
web-people-place = Organization or region
web-people-organization = Organization
web-people-organization-hint = Its code: type a part of the name or the code, and choose
web-people-region = Region
web-people-region-hint = Its code; the account sees it and everything below it
web-people-password = First password
web-people-password-hint = Leave empty to sign in with a code, and set a password then
web-people-card-too = Give out a code and print its card
web-people-state = State
web-people-open = open
web-people-closed = closed
web-people-signs-in = Signs in
web-people-by-password = with a password
web-people-by-code = with codes only
web-people-accounts-lead = Who may sign in, with which role, and where. Officers manage quartermasters; administrators manage everybody in their region and below.
web-people-accounts-caption = Accounts
web-people-accounts-none = There are no such accounts.
web-people-account-add = Add an account
web-people-account-added = The account was added
web-people-account-edit = Name, role and place
web-people-made-at = made { $at }
web-people-own-account = This is your own account: another administrator changes its role and place. Your password is at
web-people-not-manageable = You may look at this account, but not change it: ask an administrator.
web-people-signing-in = Signing in
web-people-has-password = This account has a password.
web-people-has-no-password = This account has no password: it signs in with codes.
web-people-code-give = Give out a code
web-people-password-reset = Reset the password
web-people-password-reset-text = { $who } is signed out everywhere and the password is removed. You get a card with a code that is valid for a day; with it a new password is set.
web-people-factor-reset = Reset the second factor
web-people-factor-reset-text = { $who } then signs in with the password alone, until a second factor is set up again. Do this only when you are sure who asks.
web-people-factor-gone = The second factor was removed
web-people-factor-none = This account has no second factor
web-people-close = Close the account
web-people-close-title = Close the account of { $who }?
web-people-close-text = It can no longer sign in, its sessions end at once and its codes are revoked. What it counted stays. It can be opened again.
web-people-closed-at = closed { $at }
web-people-reopen = Open the account again
web-people-reopened = The account is open again
web-people-quartermaster-of = Quartermaster of { $name }
web-people-quartermasters = Quartermasters

web-people-cards-lead = Each card signs one phone in, once. Hand it over in person: anyone who has the card can count for the organization.
web-people-cards-choose = Choose the organizations
web-people-cards-organizations = Organizations
web-people-cards-no-organizations = There are no organizations yet: import them on the Data page.
web-people-cards-take = Choose
web-people-cards-take-one = A card for { $name }
web-people-cards-account-new = none yet: one is made
web-people-cards-no-account = without an account
web-people-cards-no-phone = without a phone
web-people-cards-no-code = without a phone or a code
web-people-phones = Phones
web-people-codes-head = Open codes
web-people-cards-none-chosen = No organization is chosen.
web-people-cards-chosen = { $n ->
    [one] { $n } organization
   *[other] { $n } organizations
} chosen: { $cards ->
    [one] { $cards } card
   *[other] { $cards } cards
}, { $fresh ->
    [0] no new account
    [one] { $fresh } new account
   *[other] { $fresh } new accounts
}
web-people-cards-days = Codes are valid for
web-people-cards-days-hint = Shorter is safer: a lost card stops working afterwards
web-people-cards-replace = Codes given out before to these accounts stop working
web-people-cards-replace-hint = Only the new card works then. Phones that are signed in stay signed in
web-people-cards-make = Make the cards
web-people-cards-stop = Stop
web-people-cards-working = { $at } of { $n }: { $name }
web-people-cards-note = card printed { $at }
web-people-cards-part = { $done ->
    [one] { $done } card was made
   *[other] { $done } cards were made
}; { $left ->
    [one] { $left } organization is left
   *[other] { $left } organizations are left
}
web-people-cards-rest = Those that are left stay chosen: press “Make the cards” again to go on. No card is made twice.
web-people-cards-print = { $n ->
    [one] Print { $n } card
   *[other] Print { $n } cards
}
web-people-cards-again = Print again
web-people-cards-again-text = Codes are shown once. The cards made here stay in this window until you close it or sign out.
web-people-cards-batch = { $n ->
    [one] { $n } card
   *[other] { $n } cards
}, made { $at }
web-people-codes-open = Codes not used yet
web-people-codes-lead = Revoke a code whose card is lost. For another card choose its organization above: the earlier code then stops working.
web-people-codes-none = All codes are used, revoked or expired.
web-people-codes-caption = Open codes
web-people-expires = Valid until
web-people-codes-revoke = Revoke
web-people-codes-revoke-all = Revoke all listed
web-people-code-revoke-one = Revoke the code of { $who }
web-people-code-revoke-text = The code of { $who } stops working at once. Phones that are signed in stay signed in.
web-people-codes-revoke-text = { $n ->
    [one] { $n } code stops working at once.
   *[other] { $n } codes stop working at once.
} Phones that are signed in stay signed in.
web-people-codes-revoked = { $n ->
    [one] { $n } code revoked
   *[other] { $n } codes revoked
}

web-people-sheet-cards = Cards to sign in
web-people-sheet-labels = Labels
web-people-sheet-back = Back
web-people-sheet-text = { $n ->
    [one] { $n } card
   *[other] { $n } cards
} on { $pages ->
    [one] { $pages } page
   *[other] { $pages } pages
} of A4, at 100 %, without the browser's headers and footers. Cut along the marks.
web-people-sheet-secret = Each card is a key: do not photograph or forward it, and destroy what is not handed over.
web-people-sheet-address = The codes lead to { $address }.
web-people-sheet-local = The codes lead to { $host }: only this computer can open it.
web-people-sheet-local-text = Open the board by the address that phones reach (the service's public address), and print from there.
web-people-sheet-gone = These cards are no longer here
web-people-sheet-gone-text = Codes are shown once and kept in one window only. Choose the organizations again: their earlier codes are revoked and new cards made.
web-people-sheet-gone-act = Make cards again
web-people-sheet-more = { $n } more are not shown here, but printed.
web-people-card-qr = Code for { $name }
web-people-card-scan = Scan with the phone's camera
web-people-card-code = Code
web-people-card-by-hand = Without a camera: open
web-people-card-until = Works once, until { $at }

web-people-labels-lead = Signs of depots and their places, and a label for each line. A phone's camera opens the depot, or the count at the line.
web-people-labels-depots = Depots
web-people-labels-no-depots = There are no depots yet: import them on the Data page.
web-people-labels-take-one = Labels of { $name }
web-people-labels-chosen = { $n ->
    [0] No depot is chosen.
    [one] { $n } depot is chosen.
   *[other] { $n } depots are chosen.
}
web-people-labels-too-many = { $n } depots are chosen: print at most { $most } at a time.
web-people-labels-make = Make the labels
web-people-label-kind-depot = Signs of the depots
web-people-label-kind-depot-hint = For the door: opens the depot on the phone
web-people-label-kind-place = Signs of places
web-people-label-kind-place-hint = For shelves, as the last count found them; none where no count named a place
web-people-label-kind-line = Labels of lines
web-people-label-kind-line-hint = For each item that the depot has to count, with its four digits for phones without a camera
web-people-labels-text = { $n ->
    [one] { $n } label
   *[other] { $n } labels
} on { $pages ->
    [one] { $pages } page
   *[other] { $pages } pages
} of A4, at 100 %, without the browser's headers and footers. Cut along the marks. The labels hold no secret.
web-people-labels-print = { $n ->
    [one] Print { $n } label
   *[other] Print { $n } labels
}
web-people-labels-empty = These depots have nothing to count yet, and no labels of the chosen kinds.
web-people-depot = Depot

web-people-devices-lead = Phones and computers that are signed in. Withdraw one that is lost: it is signed out at once.
web-people-devices-caption = Devices
web-people-devices-none = There are no such devices.
web-people-devices-none-here = This account is signed in nowhere.
web-people-devices-present = signed in
web-people-devices-missing = with counts that did not arrive
web-people-devices-withdrawn = withdrawn
web-people-device = Device
web-people-last-seen = Last seen
web-people-unsent-head = Not arrived
web-people-unsent = { $n } not arrived
web-people-unsent-none = nothing missing
web-people-unsent-queued = { $n } waiting on the device
web-people-unsent-lost = { $n } missing
web-people-unsent-since = since { $at }
web-people-never-pushed = never sent anything
web-people-app = App
web-people-device-withdraw = Withdraw
web-people-device-withdraw-one = Withdraw { $name } of { $who }
web-people-device-withdraw-title = Withdraw { $name }?
web-people-device-withdraw-text = The device is signed out at once. It can sign in again with a new code or a password, as a new device.
web-people-device-withdraw-unsent = It holds or lost { $n ->
    [one] { $n } count
   *[other] { $n } counts
} that did not arrive: ask its holder to send or export them first, if you can.
web-people-device-withdrawn = The device was withdrawn
web-people-withdrawn-at = withdrawn { $at }

web-people-clients-lead = Clients are programs of other parties that read or send data through the API, each with its own secret and scopes.
web-people-clients-caption = Clients
web-people-clients-none = There are no clients.
web-people-client-add = Add a client
web-people-client-name = Name
web-people-client-name-hint = Such as the system and who runs it
web-people-client-reach = It sees
web-people-client-of-region = a region and everything below it
web-people-client-of-organization = one organization
web-people-client-quota = Requests a minute
web-people-client-quota-hint = Leave empty for the limit of all clients
web-people-client-close = Close
web-people-client-close-title = Close { $name }?
web-people-client-close-text = It loses access at once and cannot be opened again. What it sent stays.
web-people-client-id = Client ID
web-people-client-secret = Secret
web-people-scopes = Scopes
web-people-scope-catalogue-read = read the catalogue
web-people-scope-catalogue-read-hint = Items, classes, standards and rules
web-people-scope-stock-read = read stock
web-people-scope-stock-read-hint = Depots, counts and lots
web-people-scope-shortages-read = read shortages
web-people-scope-shortages-read-hint = Requirements, shortages and their explanations
web-people-scope-counts-write = send counts
web-people-scope-counts-write-hint = Only for a client of one organization
web-people-last-used = Last used
web-people-secret-since = Secret since
web-people-secret-renew = New secret
web-people-secret-renew-text = The secret of { $name } stops working at once, and so do its tokens. The new one is shown once.
web-people-secret-title = Secret of { $name }
web-people-secret-once = The secret is shown only now: note it in a safe place before you close this.
web-people-secret-use = The client gets its tokens at /api/v1/oauth/token with both.
web-people-secret-noted = I noted it

web-people-contacts-lead = Whom to call about a depot or an organization. Each read of a telephone is logged.
web-people-contacts-sheet-lead = Kept only for the purpose shown with each. Another name means another person: the earlier contact ends, and is erased some days later.
web-people-contacts-caption = Keepers of depots
web-people-contacts-none = There are no such depots.
web-people-contacts-without = depots without a keeper
web-people-contacts-of-organization = The organization
web-people-contacts-no-depots = This organization has no depot.
web-people-contacts-past = { $n ->
    [one] { $n } earlier contact
   *[other] { $n } earlier contacts
}
web-people-keeper = Keeper
web-people-second-keeper = Second keeper
web-people-contact-keeper = Keeper
web-people-contact-second_keeper = Second keeper
web-people-contact-legal_representative = Legal representative
web-people-contact-safety_head = Head of safety
web-people-contact-duty = On duty
web-people-contact-name = Name
web-people-contact-phone = Telephone
web-people-contact-certificate = Certificate number
web-people-contact-certificate-is = certificate { $number }
web-people-contact-purpose = Purpose
web-people-contact-purpose-hint = If empty, the usual purpose of this role
web-people-contact-new-person = Another name means another person: the earlier contact ends today, and is erased some days later.
web-people-contact-no-phone = no telephone on record
web-people-contact-nobody = nobody on record
web-people-contact-add = Enter
web-people-contact-change = Change
web-people-contact-erase = Erase
web-people-contact-erase-text = The name, the telephone and the certificate of { $who } are erased for good; figures and the audit stay. This cannot be undone.
web-people-contact-erased = erased
web-people-contact-ended = until { $day }
