# Depots.
depot-unknown = There is no depot { $depot } that you may change: correct the code.
