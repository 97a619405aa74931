DROP TABLE voids;
DROP TABLE count_resolves;
DROP TABLE count_lines;
DROP TABLE counts;
