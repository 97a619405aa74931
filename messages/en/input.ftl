# Values that cannot be read or taken, wherever they stand.

body-not-json = The body is no JSON: look at line { $line }, column { $column }.
body-number-too-large = A number of the body is too large: look at line { $line }, column { $column }.
body-unreadable = The body broke off or could not be unpacked: send it again.

field-duplicate = { $field } is there twice: send it once.
field-missing = { $field } is missing: send it.
field-unknown = There is no { $field } here: leave it out. Known are: { $known }.
field-unknown-none = There is no { $field } here: leave it out. Nothing is known here.

value-unknown = "{ $value }" is none of the values that are known: { $known }.
value-not-text = Send a text.
value-not-boolean = Send true or false.
value-not-natural = Send a whole number from 0 up.
value-not-whole = Send a whole number within the bounds of the field.
value-not-number = Send a number.
value-not-list = Send a list.
value-not-object = Send an object with the fields that are known here.
value-not-day = Send a day that there is, as YYYY-MM-DD.
value-not-instant = Send an instant that there is, as RFC 3339 has it, such as 2026-11-23T02:10:00Z.
value-not-uuid = Send a UUID.
value-not-readable = The value has not the form that is asked for here: the document of the API describes it.
value-not-accepted = The value is not accepted.
quantity-not-decimal = Send a decimal number, such as 12 or 0.5.
quantity-too-precise = The number has more than three decimals: round it.
quantity-too-large = The number must be smaller than 1000000000.

length-between = The length must lie between { $min } and { $max }.
length-at-most = The length must be at most { $max }.
length-at-least = The length must be at least { $min }.
number-between = The number must lie between { $min } and { $max }.
number-at-most = The number must be at most { $max }.
number-at-least = The number must be at least { $min }.
control-character = The text holds a control character: leave it out.

as-of-out-of-range = Send a day from 0001-01-01 to 9999-12-31.
revision-and-known-at = Send revision or known_at, not both.
revision-unknown = There is no revision { $revision }; the newest is { $newest }.
before-first-revision = Nothing was known then yet: ask for a later instant.
cursor-unknown = Send a next_cursor of this list as it came, or ask for the first page.
cursor-gone = The state of the cursor is not there: ask for the first page again.
cursor-of-another-question = The cursor is of another day or revision: ask for the first page again.
