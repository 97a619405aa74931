# Signing in, and who may do what.

already-set-up = There is an account already. Its holder signs in, and adds others.
account-closed = The account was closed.
credentials-wrong = The user name or the password is wrong.
role-not-allowed = The role { $role } may not do this.
other-region-at-the-top = The region { $region } is at the top already: send its code.
setup-code-wrong = The code is wrong or no longer good. The service shows a new one each time it is started.
time-zone-unknown = There is no such time zone: send a name of the IANA database, such as Asia/Shanghai.
token-expired = The token has expired: sign in again.
token-invalid = The token is none of this service: sign in again.
token-missing = Sign in, and send the token as Authorization: Bearer TOKEN.
