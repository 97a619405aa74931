DELETE FROM sign_in_attempts WHERE tried = 'second_factor';
ALTER TABLE sign_in_attempts DROP CONSTRAINT sign_in_attempts_tried_check;
ALTER TABLE sign_in_attempts ADD CONSTRAINT sign_in_attempts_tried_check CHECK (tried IN ('address', 'account', 'account_at_address', 'device', 'holder', 'code_address', 'client', 'client_address'));
