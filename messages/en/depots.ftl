# Depots.
depot-unknown = There is no depot { $depot } that is yours to change: correct the code.
