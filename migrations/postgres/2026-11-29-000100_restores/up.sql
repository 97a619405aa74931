-- The highest generation of a session's refresh tokens that was used. A token carries its own, authenticated by a key outside
-- of the database: one that a restored database never saw is told by it from one that was spent.
ALTER TABLE sessions ADD COLUMN generation BIGINT NOT NULL DEFAULT 0 CHECK (generation >= 0);

-- The counts that a count settles by name and that were not back yet when it came, after a restore. count_resolves has them
-- too once they are.
CREATE TABLE count_resolves_awaited (
    count_id UUID NOT NULL REFERENCES counts (id),
    resolved_id UUID NOT NULL,
    PRIMARY KEY (count_id, resolved_id)
);
CREATE INDEX count_resolves_awaited_by_resolved ON count_resolves_awaited (resolved_id);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER count_resolves_awaited_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON count_resolves_awaited
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
