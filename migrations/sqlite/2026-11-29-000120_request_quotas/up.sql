-- The requests that callers made, told by all instances: the instant at which each quota is complete again. Only keyed hashes
-- of callers are kept, and a row says nothing once its instant has passed.
CREATE TABLE request_quotas (
    key_hash BLOB NOT NULL PRIMARY KEY,
    full_at BIGINT NOT NULL
);
CREATE INDEX request_quotas_by_age ON request_quotas (full_at);

-- A client's own quota, instead of the one for all clients.
ALTER TABLE clients ADD COLUMN requests_per_minute BIGINT CHECK (requests_per_minute > 0);
