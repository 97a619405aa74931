# Names of codes. Codes never change; people are shown these names.

role-quartermaster = quartermaster
role-viewer = viewer
role-officer = officer
role-admin = administrator

status-met = met
status-short = short
status-unknown = unknown
status-not_set = no target declared
status-not_required = not required
status-at = meets the recommendation
status-below = below the recommendation

organization-status-met = up to standard
organization-status-short = short
organization-status-unknown = unknown
organization-status-not_covered = not covered

status-basis-established = established lines
status-basis-together = established and indicative lines together

cause-condition_unknown = not known whether a rule applies
cause-fact_unknown = fact not recorded
cause-not_evaluated = rule not evaluated yet
cause-target_not_declared = no target declared
cause-exempt = exempt
cause-waived = waived
cause-no_depot = no depot on record
cause-never_counted = never counted
cause-stale_count = last count too old
cause-conflict = counts differ
cause-contested = inspection found less
cause-expiry_missing = expiry date not recorded
cause-inspection_unknown = inspection date not recorded
cause-out_of_range = number too large
cause-search_limit = search limit reached

ask-keeper = keeper
ask-organization = organization
ask-bureau = bureau
ask-author_of_standard = author of the standard
check-status-met = met
check-status-short = violated
check-status-unknown = unknown
check-status-not_required = not required
bound-at_least = at least
bound-at_most = at most

strength-mandatory = mandatory
strength-recommended = recommended
strength-reference = reference
strength-optional = optional

basis-established = established
basis-indicative = indicative

left-out-expired = expired
left-out-unserviceable = unserviceable
left-out-in_repair = in repair
left-out-lent = lent
left-out-inspection_overdue = inspection overdue
left-out-agreement = held under an agreement
left-out-capacity = production capacity

doubt-expiry_missing = expiry date not recorded
doubt-inspection_unknown = inspection date not recorded
doubt-out_of_range = sum of its lines too large

stock-state-counted = counted
stock-state-conflict = in conflict
stock-state-contested = contested
stock-state-stale = count too old
stock-state-never_counted = never counted

condition-serviceable = serviceable
condition-in_repair = in repair
condition-unserviceable = unserviceable

held-here = in the depot
held-lent = lent

holding-physical = physical stock
holding-agreement = held under an agreement
holding-capacity = production capacity

count-kind-own = own count
count-kind-inspection = inspection

count-scope-full = whole depot
count-scope-listed = listed items

count-flag-clock_corrected = device clock corrected
count-flag-clock_went_back = device clock was set back
count-flag-seq_jumped = device sequence number jumped
count-flag-seq_reused = device sequence number used twice
count-flag-counted_ahead = counted later than received
count-flag-catalogue_unknown = catalogue version unknown
count-flag-before_catalogue = made before the catalogue had items
count-flag-lots_not_mentioned = lots not mentioned
count-flag-ledger = taken from a ledger

source-device = device
source-account = account

organization-kind-rescue_team = rescue team
organization-kind-enterprise = enterprise
organization-kind-bureau = bureau

item-kind-equipment = equipment
item-kind-material = material

fact-kind-number = number
fact-kind-tag = tag

fact-state-recorded = recorded
fact-state-absent = confirmed absent
fact-state-unknown = not recorded

standard-status-draft = draft
standard-status-in_force = in force
standard-status-superseded = superseded
standard-status-comparison = for comparison
standard-status-reference = for reference
standard-status-illustrative = illustrative

confidence-verified = verified
confidence-recalled = from memory
confidence-illustrative = illustrative

certainty-high = high
certainty-medium = medium
certainty-low = low

rule-role-requirement = requirement
rule-role-parameter = parameter
rule-role-class_table = class table
rule-role-fact_check = check of people or premises

truth-no = no
truth-unknown = unknown
truth-yes = yes

subject-region = region
subject-organization = organization
subject-depot = depot
subject-contact = contact
subject-item_class = item class
subject-item = item
subject-fact_definition = fact definition
subject-fact = fact
subject-fact_sheet = fact sheet
subject-standard = standard
subject-rule = rule
subject-adoption = adoption
subject-declared_target = declared target
subject-exemption = exemption
subject-draft = draft
subject-column_map = column map
subject-count = count
subject-void = void
subject-quarantine = quarantined command
subject-resolution = resolution
subject-acceptance = acceptance
subject-account = account
subject-client = client
subject-enrolment = enrolment code
subject-device = device
subject-session = session
subject-table_check = check of tables
subject-ledger = ledger rows
subject-item_answer = meaning of words in ledgers

sector-crowded = crowded places
sector-fireworks = fireworks
sector-hazchem = hazardous chemicals
sector-metallurgy = metallurgy
sector-noncoal_mine = non-coal mines
sector-oil_storage_transport = oil and gas storage and transport
sector-pipeline = long-distance pipelines
sector-town_gas = town gas
team-type-fire_station = fire and rescue station
team-type-forest_fire_team = forest and grassland fire team
team-type-gas_repair_team = gas and pipeline repair team
team-type-hazchem_brigade = hazardous-chemicals rescue team
team-type-medical_emergency = emergency medical team
team-type-mine_rescue = mine rescue team

unit-piece = piece
unit-set = set
unit-pair = pair
unit-kg = kg
unit-g = g
unit-m = m
unit-m2 = m²
unit-m3 = m³
unit-L = L
unit-box = box
unit-roll = roll
unit-unit = unit
unit-vehicle = vehicle
unit-kind = kind
unit-minute = minute
unit-hour = hour
unit-day = day
unit-month = month
unit-person = person
unit-piece-extinguisher = piece
unit-piece-headgear = piece
unit-piece-machine = piece
unit-piece-stretcher = piece
unit-bed = bed
unit-building = building
unit-chamber = chamber
unit-company = company
unit-crew = crew
unit-dispenser = dispenser
unit-floor = floor
unit-gate = gate
unit-group = group
unit-household = household
unit-island = island
unit-km = km
unit-level = level
unit-point = point
unit-pond = pond
unit-squad = squad
unit-station = station
unit-tank = tank
unit-workplace = workplace
unit-10k-CNY = × 10,000 CNY
unit-arrangement = arrangement
unit-article = piece
unit-bag = bag
unit-bay = bay
unit-compartment = unit
unit-diameter = diameter
unit-drill = drill
unit-ft = foot
unit-plan = plan
unit-piece-cannon = piece
unit-piece-handset = piece
unit-piece-hose = piece
unit-piece-lamp = piece
unit-piece-ration = piece
unit-piece-rod = piece
unit-piece-section = piece
unit-piece-shield = piece
unit-piece-strip = piece
unit-piece-tool = piece
unit-piece-tube = piece

# Units after any number but 1.
units-piece = pieces
units-set = sets
units-pair = pairs
units-kg = kg
units-g = g
units-m = m
units-m2 = m²
units-m3 = m³
units-L = L
units-box = boxes
units-roll = rolls
units-unit = units
units-vehicle = vehicles
units-kind = kinds
units-minute = minutes
units-hour = hours
units-day = days
units-month = months
units-person = people
units-piece-extinguisher = pieces
units-piece-headgear = pieces
units-piece-machine = pieces
units-piece-stretcher = pieces
units-bed = beds
units-building = buildings
units-chamber = chambers
units-company = companies
units-crew = crews
units-dispenser = dispensers
units-floor = floors
units-gate = gates
units-group = groups
units-household = households
units-island = islands
units-km = km
units-level = levels
units-point = points
units-pond = ponds
units-squad = squads
units-station = stations
units-tank = tanks
units-workplace = workplaces
units-10k-CNY = × 10,000 CNY
units-arrangement = arrangements
units-article = pieces
units-bag = bags
units-bay = bays
units-compartment = units
units-diameter = diameters
units-drill = drills
units-ft = feet
units-plan = plans
units-piece-cannon = pieces
units-piece-handset = pieces
units-piece-hose = pieces
units-piece-lamp = pieces
units-piece-ration = pieces
units-piece-rod = pieces
units-piece-section = pieces
units-piece-shield = pieces
units-piece-strip = pieces
units-piece-tool = pieces
units-piece-tube = pieces

# Forms of rules that are not evaluated yet.
form-any_of = choice of several
form-availability_floor = minimum share in working order
form-band_range = bands
form-cap = upper bound
form-coverage = coverage of an area
form-factor = factor
form-life = service life
form-per_capita_time = per head and time
form-as_needed = as needed
form-away_at_most = share that may be away
form-band = bands
form-classes = class table
form-optional = may be held
form-per_capita = per head and time
form-present = at least one
form-range = from one number to another
form-ratio = ratio to another item
form-service_life = service life
form-stated = statement without a number
form-rate = rate
form-ratio_to_item = ratio to another item
form-rounding = rounding
form-selector = description instead of an item
form-step = steps

# A code without a name is shown as it is.
code = { $code }

why-open-item = which item it is must be said
why-open-no_item = nothing in the catalogue comes near
why-open-unlisted = no item of the catalogue
why-open-quantity = the quantity cannot be read
why-open-unit = the unit does not fit the item
why-open-expiry = the last day of use cannot be read
why-open-condition = the condition cannot be read
why-open-depot = which depot it is in must be said
why-open-line = a rule for counts refuses it

match-reason-code = same code
match-reason-answer = answered before
match-reason-name = same name
match-reason-alias = other name of it
match-reason-pinyin = sounds alike
match-reason-pinyin_initials = same initials
match-reason-characters = characters in common
match-reason-specification = specification agrees
match-reason-specification_differs = specification differs
match-reason-unit = unit fits
match-reason-unit_unknown = unit not known
match-reason-unit_contradicts = unit does not fit

ledger-row-status-open = open
ledger-row-status-counted = counted
ledger-row-status-unlisted = not in the catalogue
ledger-row-status-replaced = replaced by a later ledger of the day
