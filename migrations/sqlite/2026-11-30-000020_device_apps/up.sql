-- What the app on a device says of itself with its last push: its version, and what its browser lacks.
ALTER TABLE device_reports ADD COLUMN app TEXT;
