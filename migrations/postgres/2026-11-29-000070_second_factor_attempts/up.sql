-- Wrong codes of a second factor are counted apart from wrong passwords.
ALTER TABLE sign_in_attempts DROP CONSTRAINT sign_in_attempts_tried_check;
ALTER TABLE sign_in_attempts ADD CONSTRAINT sign_in_attempts_tried_check CHECK (tried IN ('address', 'account', 'account_at_address', 'device', 'holder', 'second_factor', 'code_address', 'client', 'client_address'));
