-- The voided counts of each depot by their time, so that an explanation finds the latest without looking through all counts.
CREATE TABLE voids_of_depots (
    count_id UUID NOT NULL PRIMARY KEY REFERENCES voids (count_id),
    depot_id UUID NOT NULL REFERENCES depots (id),
    effective_at TIMESTAMPTZ NOT NULL
);
INSERT INTO voids_of_depots (count_id, depot_id, effective_at)
SELECT counts.id, counts.depot_id, counts.effective_at FROM voids JOIN counts ON counts.id = voids.count_id;
CREATE INDEX voids_of_depots_by_depot ON voids_of_depots (depot_id, effective_at, count_id);

CREATE TRIGGER voids_of_depots_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voids_of_depots
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
