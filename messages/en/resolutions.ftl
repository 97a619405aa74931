# Resolutions of conflicts by name, and their voids.

resolution-id-reused = This id was already used for another resolution; nothing was changed. Generate a new id for a new resolution.
resolution-already-voided = The resolution was already voided, for another reason: "{ $reason }". Nothing was changed.
resolution-count-unknown = There is no count { $id } in this depot: name counts that GET /counts lists for the depot.
resolution-count-silent = Count { $id } does not cover { $item }: leave it out.
