# Ledgers as people keep them.

ledger-day-missing = The ledger has no date. Write it above the table or into a column, or send it with the import.
counted-ahead = { $day } is in the future: nothing was counted then.
ledger-organization-unknown = "{ $words }" is no organization known here. Use its code, or its name as it is registered.
ledger-organization-missing = Neither the row nor the title names an organization. Add a column for it, or send its code with the import.
ledger-item-missing = Name the item that the quantity is of.
ledger-item-too-long = { $item } has more than { $most } different lots in one ledger of one depot. Split the ledger by day or depot.
ledger-item-too-much = The quantity of { $item } in this ledger is out of range.
ledger-factor = A factor is more than 0 and at most { $most }.
ledger-row-counted = This row is in a count already. To correct it, void that count, or submit a new one.
ledger-row-open = This cannot be counted: { $why }. State the quantity in the unit of the item, or the depot, where the row does not tell them; if something else cannot be read, submit a count of it, and set the row aside with item null.
ledger-author-missing = A count has somebody who answers for it: import ledgers and counts as an account (--as USERNAME).
ledger-people-left-out = Names and phones of keepers are not kept with the ledger.
ledger-row-kept = This is in no count yet: { $why }. The row is kept.
ledger-answers-too-many = A region may have { $most } answers at most.
ledger-answer-unit = A factor needs an item.
ledger-remember = Only the bureau says what words mean for a region.
ledger-reference-first = Import regions, organizations, depots and items first, and then the ledgers and counts that name them.
