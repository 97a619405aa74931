# Signing in, and who may do what.

account-closed = The account was closed.
credentials-wrong = The user name or the password is wrong.
role-not-allowed = The role { $role } may not do this.
token-expired = The token has expired: sign in again.
token-invalid = The token is none of this service: sign in again.
token-missing = Sign in, and send the token as Authorization: Bearer TOKEN.
