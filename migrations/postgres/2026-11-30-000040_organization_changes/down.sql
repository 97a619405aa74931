DROP INDEX regions_by_parent;
DROP INDEX acceptances_by_count;
DROP INDEX acceptances_by_inspection;
DROP TABLE organization_changes;
