# Counts and their voids.

count-already-voided = The count was voided before, with another reason: "{ $reason }".
