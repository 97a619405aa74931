-- The last change set that changed anything that the figures of an organization are made of, but reference data; and the last
-- that changed something else than its counts. They tell a phone, and figures in memory, that there is nothing new.
CREATE TABLE organization_changes (
    organization_id BLOB NOT NULL PRIMARY KEY REFERENCES organizations (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    other_change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX organization_changes_by_change_set ON organization_changes (change_set);

-- Of what changed before this table nothing more is known than that it is past.
INSERT INTO organization_changes
SELECT organizations.id, newest.change_set, newest.change_set
FROM organizations, (SELECT change_set FROM revisions ORDER BY revision DESC LIMIT 1) AS newest;

-- Without these, each new count is looked for among all acceptances.
CREATE INDEX acceptances_by_inspection ON acceptances (inspection_id);
CREATE INDEX acceptances_by_count ON acceptances (count_id);

CREATE INDEX regions_by_parent ON regions (parent_id);
