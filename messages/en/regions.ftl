# Regions.

region-outside = An admin changes the regions below the own one; the own one only where no bureau stands above.
region-time-zone = There is no time zone { $name }: send a name of the IANA database such as Asia/Shanghai.
region-unknown = There is no such region: look it up with GET /regions.
region-unknown-below = There is no such region in yours: look it up with GET /regions.
