ALTER TABLE region_versions DROP COLUMN inspection_stands_days;
