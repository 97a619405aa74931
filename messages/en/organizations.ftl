# Organizations.

organization-host-unknown = There is no such host organization: look it up with GET /organizations.
organization-hosting-circle = From { $day }, { $host } would itself be hosted by this organization, through others: choose another host.
organization-hosts-itself = An organization cannot host itself: leave out hosted_by.
