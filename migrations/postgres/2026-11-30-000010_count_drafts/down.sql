DROP TABLE count_drafts;
