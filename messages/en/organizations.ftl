# Organizations.
organization-host-not-enterprise = { $host } is no enterprise: a rescue team is hosted by the enterprise that it belongs to. Name that one, or leave hosted_by out.
organization-hosted-not-team = Only a rescue team is hosted by an enterprise: leave hosted_by out.
organization-unknown = There is no organization { $organization }: correct the code, or add the organization first.
