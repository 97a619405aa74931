-- The devices on which commands wait, by how long: the oldest of them is a metric, read every few seconds.
CREATE INDEX device_reports_by_queued_since ON device_reports (queued_since) WHERE queued_since IS NOT NULL;
