# The wall: a screen that is read from across a room.

web-wall-headline = Organizations
web-wall-by-established = { $n ->
    [one] { $n } organization, by established lines
   *[other] { $n } organizations, by established lines
}
web-wall-by-together = Indicative lines counted in
web-wall-none = There are no organizations in your region yet.
web-wall-first = What to do first
web-wall-nothing-first = No established line is short for certain, and none is unknown.
web-wall-of-required = of { $n } { $unit }
web-wall-and = {"; "}
web-wall-lines = { $n ->
    [one] { $n } line unknown
   *[other] { $n } lines unknown
}
web-wall-lines-unit = lines
web-wall-cause-depots = { $n ->
    [one] { $cause } ({ $n } depot)
   *[other] { $cause } ({ $n } depots)
}
web-wall-sectors = Sectors
web-wall-sector = Sector
web-wall-no-sector = rescue teams and others
web-wall-head-established = By established lines
web-wall-head-together = Indicative counted in
web-wall-of = Of
web-wall-more = and { $n } more
web-wall-more-unknown = { $n } more organizations unknown
web-wall-expiring = Expires within { $n } days
web-wall-nothing-expires = No lot expires within { $n } days.
web-wall-lots = { $n ->
    [one] lot
   *[other] lots
}
web-wall-become-short = { $n ->
    [one] { $n } makes a line short
   *[other] { $n } make a line short
}
web-wall-no-item = not in the catalogue
web-wall-refreshed = Refreshed at { $at }
web-wall-not-since = Not refreshed since { $at } ({ $age })
web-wall-not-yet = Not refreshed yet
web-wall-full = Full screen
web-wall-leave = Leave the wall
