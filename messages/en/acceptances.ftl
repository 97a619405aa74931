# Acceptances of own counts that inspections contest.

acceptance-id-reused = This id was already used for another acceptance; nothing was changed. Generate a new id for a new acceptance.
acceptance-count-unknown = There is no count { $id } in this depot: name counts that GET /counts lists for the depot.
acceptance-count-silent = Count { $id } does not cover { $item }: name one that does.
acceptance-not-inspection = Count { $id } is not an inspection: name the inspection that found less.
acceptance-not-own = Count { $id } is an inspection: name the organization's own count that is accepted.
acceptance-voided = Count { $id } was voided: there is nothing to accept.
acceptance-too-early = Count { $id } was made before the inspection, which does not contest it: name a later one.
