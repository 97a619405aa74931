DROP TABLE voids_of_depots;
