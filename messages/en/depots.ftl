# Depots.

depot-organization-unknown = There is no such organization: look it up with GET /organizations.
