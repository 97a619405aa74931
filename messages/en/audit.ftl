# The audit: what each change did.

audit-set = { $field }: { $new }
audit-replaced = { $field }: { $old } → { $new }
audit-ended = { $field }: no longer { $old }
audit-restated = { $field }: { $new }, as before
audit-withheld = { $field }: changed
audit-counted = { $item }: { $quantity } { $unit }
audit-part = { $part }: { $change }
audit-from = { $change } (from { $day })

audit-value-waiting = waiting
audit-value-applied = applied
audit-value-set_aside = set aside
audit-value-written = written
audit-value-discarded = discarded
audit-value-published = published
audit-value-submit_count = a count
audit-value-token_reused = a refresh token was used twice
