# The ways into the board: the first account of an empty service, the accounts of a demo, and the first steps.

web-nav-start = First steps
web-setup-title = The first account
web-setup-lead = This service has no account yet. You are its first administrator: everything else follows in the browser.
web-setup-code = Code from the console
web-setup-code-hint = The service printed it when it was started. A new start prints a new one; each is valid for 24 hours.
web-setup-name = Your name
web-setup-username-hint = You sign in with it; upper and lower case are the same.
web-setup-password-hint = At least twelve characters, not easily guessed.
web-setup-region-code = Code of your region
web-setup-region-code-hint = As in GB/T 2260, such as 150825; it never changes. What you see and decide lies in this region.
web-setup-region-zh = Name of the region in Chinese
web-setup-region-en = Name of the region in English
web-setup-region-hint = One of the two names is enough.
web-setup-zone = Time zone
web-setup-zone-hint = In which the days of its organizations begin.
web-setup-act = Create the account

web-demo-title = Try it
web-demo-lead = A demo with the organizations of a made-up banner. Choose who you are:
web-demo-elsewhere = A demo with the organizations of a made-up banner. Choose who you are, and enter the password that the demo printed where it was started.
web-demo-viewer = Chief of the bureau
web-demo-viewer-does = Sees everything, changes nothing
web-demo-officer = Duty officer
web-demo-officer-does = Works the inbox, inspects, changes data
web-demo-admin = Administrator
web-demo-admin-does = Accounts, clients, audit
web-demo-quartermaster = Quartermaster of a team
web-demo-quartermaster-does = Sees one organization; counts on a phone

web-steps-title = First steps
web-steps-lead = { $done } of { $of } steps are done. Each is judged by what the service holds: leave whenever you like, and come back.
web-steps-all-done = All steps are done: the board shows who is short of what.
web-steps-to-overview = To the overview
web-steps-done = done
web-steps-next = next
web-steps-later = later
web-steps-how = What to do
web-steps-more = Add more

web-steps-account = Your account and the region
web-steps-account-done = { $name } is signed in for { $where }.

web-steps-supply = Catalogue and standards
web-steps-supply-lead = Muster comes with a catalogue of items, a dictionary of facts, and standards with their rules. No standard applies until you adopt it. You can also import your own.
web-steps-supply-done = There are items and standards.
web-steps-supply-act = Load what comes with Muster
web-steps-supply-at = { $at } of { $of } { $name }
web-steps-supply-reason = comes with Muster
web-steps-supply-admin = An administrator of the topmost bureau loads them.

web-steps-places = Organizations and depots
web-steps-places-lead = Fill in the template, a workbook with a sheet for each table, and import it. Or begin with one organization by hand.
web-steps-places-no-depot = There are organizations, but no depot yet: units are counted in depots.
web-steps-places-done = { $n ->
    [one] { $n } organization, with depots.
   *[other] { $n } organizations, with depots.
}
web-steps-template = Download the template
web-steps-template-name = muster-template
web-steps-template-lead = Every sheet has an example row that is not imported, marks what must be filled in, and offers lists where values are fixed. The sheets for organizations, their facts and depots are enough to begin with.
web-steps-import = Import
web-steps-hand = One organization by hand
web-steps-code = Code of the organization
web-steps-code-hint = Short, such as E1; it never changes.
web-steps-name = Name of the organization
web-steps-region = Region
web-steps-kind = Kind
web-steps-sector = Sector
web-steps-sector-none = none of these
web-steps-type = Type of team
web-steps-type-none = no rescue team, or none of these
web-steps-depot = Code of its depot
web-steps-depot-hint = Such as E1-D1; it is on the label of the depot.
web-steps-depot-name = Name of the depot
web-steps-keeper = Keeper
web-steps-hand-act = Save both
web-steps-hand-stored = { $name } is stored, with its depot

web-steps-adopt = Standards that bind
web-steps-adopt-lead = Adopt the standards that fit your organizations. From that day their rules say what is required.
web-steps-adopt-first = Once there are organizations and standards, those that fit are listed here.
web-steps-adopt-done = { $n ->
    [one] { $n } standard is adopted.
   *[other] { $n } standards are adopted.
}
web-steps-fitting = Standards whose rules may bind your organizations
web-steps-none-fits = No standard in force names the kinds and sectors of your organizations.
web-steps-strength = Adopt as
web-steps-strength-hint = A rule binds with the weaker of this and its own strength.
web-steps-standard = Standard
web-steps-status-in_force = in force
web-steps-status-superseded = superseded
web-steps-binds = May bind organizations
web-steps-rules = Rules
web-steps-adoption = Adoption
web-steps-adopt-act = Adopt
web-steps-adopt-one = Adopt { $title }
web-steps-adopted = adopted
web-steps-onward = On to the next step
web-steps-all-standards = All standards, with their rules

web-steps-people = Accounts and cards
web-steps-people-lead = Create an account for each organization, and print the cards with which phones sign in without a password.
web-steps-people-done = { $n ->
    [one] There is { $n } account beside yours.
   *[other] There are { $n } accounts beside yours.
}
web-steps-people-unattended = { $n ->
    [one] Nobody can count for { $n } organization yet.
   *[other] Nobody can count for { $n } organizations yet.
}
web-steps-people-act = Accounts and cards

web-steps-count = The first count
web-steps-count-lead = A quartermaster opens the phone's page, signs in with the card, counts, and submits. The count shows up here.
web-steps-count-waiting = No count has arrived yet. Last looked at { $at }.
web-steps-count-came = The first count has arrived
web-steps-count-done = The last count came from { $depot } at { $at }, counted by { $by }.
web-steps-phone = The phone's page:
web-steps-phone-code = QR code of the phone's page
web-steps-phone-local = This address works on this computer only. Phones need one of your network, with HTTPS to work offline: see docs/operating.md.
