-- Counts that somebody has begun, kept for that account alone until the count of that id is received. They are in no figure and no
-- record, and their rows change.
CREATE TABLE count_drafts (
    account_id UUID NOT NULL REFERENCES accounts (id),
    id UUID NOT NULL,
    depot_id UUID,
    content BYTEA NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX count_drafts_by_age ON count_drafts (updated_at);
