DROP TABLE resolution_voids;
DROP TABLE resolution_counts;
DROP TABLE resolutions;
