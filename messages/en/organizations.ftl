# Organizations.

organization-host-unknown = There is no such organization to be the host: look it up with GET /organizations.
organization-hosting-circle = { $host } would be hosted by this organization, by way of others, on { $day }: name another host.
organization-hosts-itself = An organization is not hosted by itself: leave hosted_by out.
