-- Lists tell what was recorded since an instant: the instant is found by its time, and the rows by their change sets.
CREATE INDEX revisions_by_time ON revisions (at);
CREATE INDEX counts_by_change_set ON counts (change_set);
CREATE INDEX voids_by_change_set ON voids (change_set);
CREATE INDEX resolutions_by_change_set ON resolutions (change_set);
CREATE INDEX resolution_voids_by_change_set ON resolution_voids (change_set);
CREATE INDEX acceptances_by_change_set ON acceptances (change_set);
CREATE INDEX quarantine_by_change_set ON quarantine (change_set);
CREATE INDEX quarantine_decisions_by_change_set ON quarantine_decisions (change_set);

-- The counts that an account sent, by time.
CREATE INDEX counts_by_account ON counts (account_id, effective_at);
