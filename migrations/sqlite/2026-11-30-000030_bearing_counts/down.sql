DROP INDEX item_versions_retired;
DROP TABLE bearing_counts;
