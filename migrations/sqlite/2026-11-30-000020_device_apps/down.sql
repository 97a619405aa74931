ALTER TABLE device_reports DROP COLUMN app;
