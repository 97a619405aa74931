# Signing in, accounts, clients and permissions.

already-set-up = This service is already set up. Sign in with the existing account and add others from there.
account-closed = This account has been closed. Ask an administrator of your region to open it again.
account-is-closed = The account is closed: open it again first.
account-not-manageable = You may not manage this account: ask an administrator of its region or of a region above it.
account-unknown = There is no such account: look it up with GET /accounts.
client-counts-need-organization = A client with counts:write must belong to one organization: send organization instead of region, or leave out counts:write.
client-id-reused = This id already belongs to another client; nothing was changed. Generate a new id for the new client.
client-is-closed = The client is closed for good: create a new one.
client-place-needed = Send either organization or region: it decides which data the client may see.
closed-to-clients = This operation is for people only: no scope opens it to a client.
code-not-accepted = The code is wrong, has been used, or has expired: ask for a new one.
credentials-wrong = The user name or the password is wrong: check both and try again.
current-password-missing = Send the current password as current.
current-password-wrong = The current password is wrong: check it and try again.
enrolment-used = The code has already been used: withdraw the device it signed in instead.
last-admin = This is the only administrator of its region: appoint another one first.
organization-needed = A quartermaster belongs to an organization: send organization and leave out region.
own-account = You cannot change your own role or place, or reset your own password: ask another administrator, or use POST /me/password.
password-changed-meanwhile = The password was changed in the meantime; this request changed nothing. Sign in with the new password.
password-guessable = This password is too easy to guess: choose a longer one that is not a name, a date, a common word or a keyboard pattern. Several unrelated words work well.
password-like-username = The password is too similar to the user name: choose another.
password-not-changed-here = A password can only be set here when the account is created: reset it with POST /accounts/ID/password.
password-too-short = The password is too short: use at least { $least } characters.
place-unknown = There is no such organization or region within your reach: check the code.
region-needed = Officers, viewers and administrators belong to a region: send region and leave out organization.
scope-missing = The token lacks the scope for this; it needs one of: { $scopes }. Request it at /oauth/token, or ask an administrator for a client that has it.
session-ended = Your session has ended: sign in again.
role-not-allowed = The role { $role } may not do this. Ask someone with the right role, or have yours changed.
other-region-at-the-top = The region { $region } is already at the top: send its code instead.
setup-code-wrong = The setup code is wrong or no longer valid. Use the one the service showed when it last started.
token-expired = The token has expired: refresh it; if that fails, sign in again.
token-invalid = Token not issued by this service: sign in again.
token-missing = You are not signed in: sign in and send the token as Authorization: Bearer TOKEN.
too-many-requests = Too many requests: try again in { $seconds ->
    [one] 1 second
   *[other] { $seconds } seconds
 }. Send fewer requests at once, and only what changed (If-None-Match).
too-many-attempts = Too many failed attempts: try again in { $seconds ->
    [one] 1 second
   *[other] { $seconds } seconds
 }.
username-fixed = A user name cannot be changed: close this account and create another.
username-letters = The user name contains other characters: use the letters a to z, digits, and . _ - @ only.
session-expired = You signed in too long ago: sign in again. Nothing on this device is lost.
idempotency-key-not-taken = The header Idempotency-Key cannot be used: send 16 to 255 visible ASCII characters, such as a UUID.
second-factor-needed = This account has a second factor: send the request again with second_factor, a code from the authenticator app.
second-factor-wrong = The code of the second factor is wrong or was already used: wait for the next code in the app, or use a recovery code.
second-factor-required = Your role requires a second factor on this service: set one up with POST /me/second-factor first.
second-factor-is-set = This account already has a second factor: remove it before setting up another.
second-factor-not-begun = No second factor is waiting for confirmation: start one with POST /me/second-factor.
