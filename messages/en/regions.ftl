# Regions.

region-outside = You may not change this: an administrator changes the regions below their own, and their own only if there is no bureau above it; an officer changes data of their region and those below. Ask the bureau above.
region-time-zone = There is no time zone { $name }: send a name from the IANA database, such as Asia/Shanghai.
region-unknown = There is no region { $region }: correct the code, or add the region first.
region-unknown-below = There is no region { $region } within yours: correct the code, or add the region first.
