# Regions.

region-outside = Another bureau keeps this: an admin changes the regions below the own one, and the own one where no bureau stands above; an officer decides for the own region and those below.
region-time-zone = There is no time zone { $name }: send a name from the IANA database, such as Asia/Shanghai.
region-unknown = There is no region { $region }: correct the code, or add the region first.
region-unknown-below = There is no region { $region } in yours: correct the code, or add the region first.
