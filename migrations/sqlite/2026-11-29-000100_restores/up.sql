-- The highest generation of a session's refresh tokens that was used. A token carries its own, authenticated by a key outside
-- of the database: one that a restored database never saw is told by it from one that was spent.
ALTER TABLE sessions ADD COLUMN generation BIGINT NOT NULL DEFAULT 0 CHECK (generation >= 0);

-- The counts that a count settles by name and that were not back yet when it came, after a restore. count_resolves has them
-- too once they are.
CREATE TABLE count_resolves_awaited (
    count_id BLOB NOT NULL REFERENCES counts (id),
    resolved_id BLOB NOT NULL,
    PRIMARY KEY (count_id, resolved_id)
);
CREATE INDEX count_resolves_awaited_by_resolved ON count_resolves_awaited (resolved_id);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER count_resolves_awaited_refuse_update BEFORE UPDATE ON count_resolves_awaited
BEGIN SELECT RAISE(ABORT, 'count_resolves_awaited is append-only'); END;
CREATE TRIGGER count_resolves_awaited_refuse_delete BEFORE DELETE ON count_resolves_awaited
BEGIN SELECT RAISE(ABORT, 'count_resolves_awaited is append-only'); END;
CREATE TRIGGER count_resolves_awaited_refuse_replace BEFORE INSERT ON count_resolves_awaited
WHEN EXISTS (SELECT 1 FROM count_resolves_awaited WHERE count_id = NEW.count_id AND resolved_id = NEW.resolved_id)
BEGIN SELECT RAISE(ABORT, 'count_resolves_awaited is append-only'); END;
