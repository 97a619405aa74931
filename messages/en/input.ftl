# Values that cannot be read or are not allowed, in any request.

body-not-json = The body is not valid JSON: see line { $line }, column { $column }.
body-number-too-large = The body contains a number that is too large: see line { $line }, column { $column }.
body-unreadable = The body was cut off or could not be decompressed: send it again.

field-duplicate = { $field } appears twice: send it once.
field-missing = { $field } is missing: send it.
field-not-taken = There is no field { $field } here: leave it out. Known fields: { $known }.
field-unknown-none = There is no field { $field } here: leave it out. No fields are accepted here.

value-unknown = "{ $value }" is not one of the known values. Use one of: { $known }.
value-not-text = The value must be text.
value-empty = There is no value: send one, or leave the parameter out.
query-not-utf8 = The query cannot be read: send it in UTF-8, percent-encoded.
value-not-boolean = The value must be true or false.
value-not-natural = The value must be a whole number, 0 or greater.
value-not-whole = The value must be a whole number within the limits of the field.
value-not-number = The value must be a number.
value-not-list = The value must be a list.
value-not-object = The value must be an object with the fields documented here.
value-not-day = This is not a valid date: send one as YYYY-MM-DD.
value-not-instant = This is not a valid time: send one as RFC 3339 defines it, such as 2026-11-23T02:10:00Z.
value-not-uuid = The value must be a UUID.
value-not-readable = The value does not have the form required here: see the API document.
value-not-accepted = The value is not allowed here: see the API document.
quantity-not-decimal = The value must be a decimal number, such as 12 or 0.5.
quantity-too-precise = The number has more than three decimals: round it.
quantity-too-large = The number must be less than 1000000000.

length-between = The length must be between { $min } and { $max }.
length-at-most = The length must be at most { $max }.
length-at-least = The length must be at least { $min }.
number-between = The number must be between { $min } and { $max }.
number-at-most = The number must be at most { $max }.
number-at-least = The number must be at least { $min }.
control-character = The text contains a control character: remove it.

as-of-out-of-range = The day must be between 0001-01-01 and 9999-12-31.
revision-and-known-at = Send either revision or known_at, not both.
revision-unknown = There is no revision { $revision } yet: ask for { $newest }, the newest, or an earlier one.
before-first-revision = Nothing was recorded at that time yet: ask for a later one.
cursor-unknown = The cursor is not valid: send next_cursor exactly as this list returned it, or ask for the first page.
cursor-gone = The state that the cursor points to no longer exists: ask for the first page again.
cursor-of-another-question = The cursor belongs to another day or revision: ask for the first page again.
table-too-long = The table takes more than { $most } MB. Ask for fewer organizations, or for parts of it with limit and cursor.
table-longer-than-a-sheet = The table has more than { $rows } rows, the most that a workbook can hold. Ask for fewer organizations, or for CSV.
header-beyond-limits = Send at most { $most } characters in this header, all of them visible ASCII.
host-not-valid = The header Host is not valid: send a host name or an IP address, with a port if needed.
