# Leave not to hold what a rule asks for.

exemption-id-reused = The id was used for another exemption before: nothing was changed. Make a new id for a new exemption.
exemption-days-crossed = The last day, { $to }, lies before the first, { $from }: change one of them.
exemption-end-too-early = The exemption begins on { $from }: choose that day or a later one.
exemption-over = The exemption ends on { $to } anyway: there is nothing to end.
exemption-rule-unknown = There is no such rule on { $day }: look it up with GET /rules.
