# Organizations.
organization-host-not-enterprise = { $host } is not an enterprise, and only an enterprise can host a rescue team: name one, or leave out hosted_by.
organization-hosted-not-team = Only a rescue team can be hosted by an enterprise: leave out hosted_by.
organization-unknown = There is no organization { $organization }: correct the code, or add the organization first.
