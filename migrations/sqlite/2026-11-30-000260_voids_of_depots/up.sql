-- The voided counts of each depot by their time, so that an explanation finds the latest without looking through all counts.
CREATE TABLE voids_of_depots (
    count_id BLOB NOT NULL PRIMARY KEY REFERENCES voids (count_id),
    depot_id BLOB NOT NULL REFERENCES depots (id),
    effective_at BIGINT NOT NULL
);
INSERT INTO voids_of_depots (count_id, depot_id, effective_at)
SELECT counts.id, counts.depot_id, counts.effective_at FROM voids JOIN counts ON counts.id = voids.count_id;
CREATE INDEX voids_of_depots_by_depot ON voids_of_depots (depot_id, effective_at, count_id);

CREATE TRIGGER voids_of_depots_refuse_update BEFORE UPDATE ON voids_of_depots
BEGIN SELECT RAISE(ABORT, 'voids_of_depots is append-only'); END;
CREATE TRIGGER voids_of_depots_refuse_delete BEFORE DELETE ON voids_of_depots
BEGIN SELECT RAISE(ABORT, 'voids_of_depots is append-only'); END;
CREATE TRIGGER voids_of_depots_refuse_replace BEFORE INSERT ON voids_of_depots
WHEN EXISTS (SELECT 1 FROM voids_of_depots WHERE count_id = NEW.count_id)
BEGIN SELECT RAISE(ABORT, 'voids_of_depots is append-only'); END;
