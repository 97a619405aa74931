# The overview of the board: each block, the lists behind its figures, and what is said of them.

web-overview-print = Print
web-overview-back = Back to the overview
web-overview-comma = {", "}
web-overview-and = {", "}
web-overview-and-more = {" "}and { $n } more

web-overview-since = Since { $day }:
web-overview-since-same = no change

web-overview-first = What to do first
web-overview-top-established = Short for certain, by established lines
web-overview-top-indicative = Short by indicative lines
web-overview-top-none = No mandatory line is short for certain.
web-overview-top-part = Ranked among the first { $n } lines that are short.
web-overview-top-all = All of them
web-overview-top-all-n = { $n ->
    [one] The one line that is short
   *[other] All { $n } lines that are short
}
web-overview-missing = Missing
web-overview-ask-first = Ask about what is unknown
web-overview-ask-none = Nothing is unknown that a count or an answer could settle.
web-overview-ask-part = Ranked among the first { $n } organizations.
web-overview-ask-all = All organizations with something unknown
web-overview-ask = Ask { $who }
web-overview-lines-n = { $n ->
    [one] { $n } line
   *[other] { $n } lines
}
web-overview-cause-never_counted = { $n ->
    [one] { $n } depot was never counted
   *[other] { $n } depots were never counted
}
web-overview-cause-stale_count = { $n ->
    [one] the count of { $n } depot is overdue
   *[other] the counts of { $n } depots are overdue
}
web-overview-cause-conflict = counts differ
web-overview-cause-contested = an inspection found less
web-overview-cause-expiry_missing = an expiry is missing
web-overview-cause-inspection_unknown = an inspection date is missing
web-overview-cause-fact_unknown = { $n ->
    [one] { $n } fact is missing
   *[other] { $n } facts are missing
}
web-overview-cause-target_not_declared = a target is not declared
web-overview-cause-condition_unknown = whether a rule applies is not known
web-overview-cause-no_depot = there is no depot
web-overview-who-keeper = the keeper
web-overview-who-organization = the organization
web-overview-who-bureau = the bureau
web-overview-who-author_of_standard = the author of the standard

web-overview-sectors = Mandatory lines by sector
web-overview-sector = Sector
web-overview-classes = Mandatory lines by class of items
web-overview-class = Class
web-overview-several = any of several items
web-overview-established = established
web-overview-indicative = indicative
web-overview-established-lines = Established lines
web-overview-indicative-lines = Indicative lines
web-overview-all-lines = All lines
web-overview-short-by-established = Organizations short, established
web-overview-short-by-together = Organizations short, with indicative
web-overview-no-lines = no lines
web-overview-not-added = requirements differ: not added up
web-overview-no-mandatory = No organization has a mandatory line yet: adopt the standards that apply in your region.

web-overview-lots = Lots that expire in 30 days
web-overview-lots-short = Lots whose expiry makes a line short
web-overview-lots-none = No lot expires in the next { $days } days.
web-overview-lots-soonest = The soonest
web-overview-expires-on = Expires on
web-overview-days-left = { $n ->
    [0] today
    [one] in { $n } day
   *[other] in { $n } days
}
web-overview-then = Then
web-overview-then-same = no line becomes short
web-overview-counts = Counts that become overdue
web-overview-stale-now = Depots overdue now
web-overview-stale-soon = Depots overdue within { $days } days
web-overview-stale-now-list = Overdue now
web-overview-stale-soon-list = Overdue soon
web-overview-stale-then = Without new counts, { $n } organizations will be unknown on { $day }.

web-overview-trend = Trend of 12 weeks
web-overview-trend-how = Each past day is calculated from today's data. The line is what is certainly short; the band above it is what is unknown and may be short.
web-overview-trend-loading = { $n } of { $of } weeks
web-overview-trend-organizations-established = Organizations, established lines
web-overview-trend-organizations-together = Organizations, with indicative lines
web-overview-trend-lines-established = Established lines
web-overview-trend-lines-indicative = Indicative lines
web-overview-trend-from = { $day }: { $short } short, { $unknown } unknown

web-overview-items = What is missing, by item
web-overview-items-caption = Missing of each item, in its unit
web-overview-items-how = Filled: missing for certain. Hatched: may be missing. Only mandatory lines of the same item are added up.
web-overview-items-none = No mandatory line of an item is short or unknown.
web-overview-item = Item
web-overview-missing-established = Missing, established
web-overview-missing-indicative = Missing, indicative
web-overview-certainty-sure = exactly known
web-overview-certainty-between = between the two
web-overview-certainty-open = { $n ->
    [one] at least; { $n } line is open
   *[other] at least; { $n } lines are open
}
web-overview-usable-of = usable { $usable } of { $required } { $unit }

web-overview-heat = Organizations × classes of items
web-overview-heat-caption = Organizations by class of items
web-overview-heat-how = Each cell has the most serious status of its mandatory lines and how many have it: established above, indicative in brackets below. A dash: nothing is required. Press a cell for the lines behind it.
web-overview-heat-find = Find an organization by name or code
web-overview-heat-part = { $n ->
    [one] { $n } organization is loaded: find any other by typing.
   *[other] { $n } organizations are loaded: find any other by typing.
}
web-overview-heat-before = Organizations before
web-overview-heat-after = More organizations

web-overview-organization = Organization
web-overview-status = Status
web-overview-basis = Basis
web-overview-lines-none = No such line now: the data has changed since the figure was shown.
