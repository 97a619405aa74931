# Regions.

region-outside = You may change only the regions below your own, and your own only if there is no bureau above it: ask the bureau above.
region-time-zone = There is no time zone { $name }: send a name from the IANA database, such as Asia/Shanghai.
region-unknown = There is no such region: look it up with GET /regions.
region-unknown-below = There is no such region within yours: look it up with GET /regions.
