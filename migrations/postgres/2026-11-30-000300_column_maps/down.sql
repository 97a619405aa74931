DROP TABLE column_maps;
