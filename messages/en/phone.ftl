# The reference client at the command line.

phone-copy-age = Copy of { $pulled_on }, { $days ->
    [one] 1 day
   *[other] { $days } days
 } old; calculated for { $today }.
phone-copy-none = No copy yet: use muster phone sync.
