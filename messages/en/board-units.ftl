# Units of the facts of organizations, as the pages show them.

web-unit-10k-CNY = × 10,000 CNY
web-unit-arrangement = { $n ->
    [one] arrangement
   *[other] arrangements
}
web-unit-bay = { $n ->
    [one] bay
   *[other] bays
}
web-unit-bed = { $n ->
    [one] bed
   *[other] beds
}
web-unit-building = { $n ->
    [one] building
   *[other] buildings
}
web-unit-chamber = { $n ->
    [one] chamber
   *[other] chambers
}
web-unit-company = { $n ->
    [one] company
   *[other] companies
}
web-unit-compartment = { $n ->
    [one] unit
   *[other] units
}
web-unit-crew = { $n ->
    [one] crew
   *[other] crews
}
web-unit-diameter = { $n ->
    [one] diameter
   *[other] diameters
}
web-unit-dispenser = { $n ->
    [one] dispenser
   *[other] dispensers
}
web-unit-drill = { $n ->
    [one] drill
   *[other] drills
}
web-unit-floor = { $n ->
    [one] floor
   *[other] floors
}
web-unit-gate = { $n ->
    [one] gate
   *[other] gates
}
web-unit-group = { $n ->
    [one] group
   *[other] groups
}
web-unit-household = { $n ->
    [one] household
   *[other] households
}
web-unit-island = { $n ->
    [one] island
   *[other] islands
}
web-unit-km = km
web-unit-level = { $n ->
    [one] level
   *[other] levels
}
web-unit-person = { $n ->
    [one] person
   *[other] people
}
web-unit-plan = { $n ->
    [one] plan
   *[other] plans
}
web-unit-point = { $n ->
    [one] point
   *[other] points
}
web-unit-pond = { $n ->
    [one] pond
   *[other] ponds
}
web-unit-squad = { $n ->
    [one] squad
   *[other] squads
}
web-unit-station = { $n ->
    [one] station
   *[other] stations
}
web-unit-tank = { $n ->
    [one] tank
   *[other] tanks
}
web-unit-workplace = { $n ->
    [one] workplace
   *[other] workplaces
}
