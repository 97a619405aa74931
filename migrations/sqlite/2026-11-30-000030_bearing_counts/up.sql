-- The counts of each depot that can bear on its stock, kept up by every write that changes which they are. They can be made
-- anew from the counts, voids, resolutions and acceptances at any time (`muster rebuild`): this table is no record. Without a
-- body they are to be made anew, and figures are read from the counts themselves until then.
CREATE TABLE bearing_counts (
    depot_id BLOB NOT NULL PRIMARY KEY REFERENCES depots (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    latest_effective_at BIGINT,
    form BIGINT NOT NULL CHECK (form > 0),
    body BLOB
);
CREATE INDEX bearing_counts_emptied ON bearing_counts (depot_id) WHERE body IS NULL;

-- The few entries by which items left the catalogue decide how much an earlier full count still covers.
CREATE INDEX item_versions_retired ON item_versions (change_set) WHERE retired;
