# The texts of the board: what several of its pages share, and the overview. A page with many texts has a file of its own, board-PAGE.ftl.

web-board-product = Emergency reserves
web-board-lead = For the people of the bureau: who is short of what, how sure that is, and whom to ask.
web-board-device = Board
web-board-offline = No network. What is shown is as of the time in the header; changes cannot be saved until the network is back.
web-pages = Pages
web-refresh = Refresh
web-sign-out = Sign out
web-sign-out-unheard = You are signed out on this page, but the service could not be told: there the session goes on until it expires.
web-to-phone = Counting on a phone
web-to-first-page = To the first page
web-nav-overview = Overview
web-nav-organizations = Organizations
web-nav-inbox = Inbox
web-nav-people = People
web-nav-data = Data
web-nav-standards = Standards
web-nav-wall = Wall
web-nav-account = My account
web-role-quartermaster = quartermaster
web-role-viewer = viewer
web-role-officer = officer
web-role-admin = administrator

web-failure-own-unreachable = The service cannot be reached: check the network and try again. What you typed is still here.
web-failure-own-not_signed_in = You are not signed in: sign in again.
web-failure-own-not_muster = Something other than the service answered: check the network and try again.
web-state-own-failed = Something went wrong: { $what }. Try again.

web-as-of = Data as of { $at } · revision { $revision }
web-as-of-day = For { $day }
web-value-unknown = unknown
web-nothing-set = not set
web-line-status-met = met
web-line-status-short = short
web-line-status-unknown = unknown
web-line-status-not_set = no target declared
web-line-status-not_required = not required
web-line-status-at = meets the recommendation
web-line-status-below = below the recommendation
web-org-status-met = up to standard
web-org-status-short = short
web-org-status-unknown = unknown
web-org-status-not_covered = not covered

web-no-right-title = Your account may not do this
web-no-right-ask-admin = Ask an administrator of the bureau: { $where }.
web-no-right-ask-bureau = Ask an officer of the bureau.
web-no-page-title = There is no such page
web-no-page-text = The address leads nowhere: it may be mistyped, or from an older version.
web-unsaved-title = Leave without saving?
web-unsaved-text = What you typed on this page is not saved and will be lost.
web-unsaved-leave = Leave without saving
web-session-over = Your session has ended
web-session-over-text = { $name }: enter your password, and what you were doing goes on. What you typed is still there.

web-field-optional = (optional)
web-field-missing = Fill this in.
web-table-find = Find
web-table-all = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
web-table-part = { $from }–{ $to } of { $n } rows
web-table-no-match = Nothing matches what you typed.
web-table-empty = There is nothing here yet.
web-table-previous = Previous
web-table-next = Next
web-chart-table = Show as a table
web-chart-part = Part
web-chart-number = Number
web-chart-time = Time
web-chart-required = Required
web-chart-usable = Usable
web-download-as = Download as { $format }
web-downloaded = Saved
web-editors-title = Somebody else changed this meanwhile
web-editors-text = Nothing is lost: compare, then keep their change or save yours over it.
web-editors-part = Part
web-editors-before = Before
web-editors-theirs = Their change
web-editors-mine = My change
web-editors-take-theirs = Keep their change
web-editors-take-mine = Save mine over it

web-password-title = Password
web-password-lead = A change ends all your other sessions.
web-password-current = Current password
web-password-current-hint = Leave empty if you signed in with a code and have none yet
web-password-new = New password
web-password-new-hint = At least ten characters, not easily guessed
web-password-act = Change the password
web-password-changed = The password was changed
web-factor-title = Second factor
web-factor-none = Sign-in asks for the password alone. An authenticator app makes it safer.
web-factor-required = The bureau requires a second factor for this account: set it up first.
web-factor-set-up = Set up the second factor
web-factor-is-set = Sign-in asks for a code of the app since { $at }. { $n ->
    [one] { $n } recovery code is left.
   *[other] { $n } recovery codes are left.
}
web-factor-start = Set up
web-factor-scan = Scan this with an authenticator app, then enter the code that it shows.
web-factor-picture = QR code for the authenticator app
web-factor-secret = Or type the secret:
web-factor-code = Code
web-factor-confirm = Confirm
web-factor-remove = Remove the second factor
web-factor-confirmed = The second factor is set up
web-factor-recovery = Note these recovery codes: each replaces one code of the app, and they are shown only now.
web-factor-noted = I noted them

web-overview-title = Overview
web-overview-headline = Organizations
web-overview-by-established = { $n ->
    [one] { $n } organization, by established lines
   *[other] { $n } organizations, by established lines
}
web-overview-by-together = { $n ->
    [one] { $n } organization, by established and indicative lines
   *[other] { $n } organizations, by established and indicative lines
}
web-overview-no-organizations = There are no organizations in your region yet.
