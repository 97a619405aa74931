# Regions.

region-outside = An administrator may change the regions below their own; their own only where no bureau stands above it.
region-time-zone = There is no time zone { $name }: send a name from the IANA database, such as Asia/Shanghai.
region-unknown = There is no such region: look it up with GET /regions.
region-unknown-below = There is no such region within yours: look it up with GET /regions.
