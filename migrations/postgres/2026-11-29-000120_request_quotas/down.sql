ALTER TABLE clients DROP COLUMN requests_per_minute;
DROP TABLE request_quotas;
