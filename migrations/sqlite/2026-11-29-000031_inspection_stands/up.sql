-- The days for which an inspection stands against own counts that say more; without one, the setting of the region above.
ALTER TABLE region_versions ADD COLUMN inspection_stands_days BIGINT CHECK (inspection_stands_days > 0);
