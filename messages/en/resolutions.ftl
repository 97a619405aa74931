# Resolutions of conflicts by name, and their voids.

resolution-id-reused = The id was used for another resolution before: nothing was changed. Make a new id for a new resolution.
resolution-already-voided = The resolution was voided before, with another reason: "{ $reason }".
resolution-count-unknown = There is no count { $id } in that depot: name counts of the depot, as GET /counts lists them.
resolution-count-silent = The count { $id } says nothing of { $item }: leave it out.
