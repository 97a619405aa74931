DROP TABLE unavailable_answers;
