# Exemptions from rules.

exemption-id-reused = This id was already used for another exemption; nothing was changed. Generate a new id for a new exemption.
exemption-days-crossed = The last day, { $to }, is before the first, { $from }: correct one of them.
exemption-end-too-early = The exemption begins on { $from }: end it on that day or later.
exemption-over = The exemption ends on { $to } anyway: there is nothing to end earlier.
exemption-rule-unknown = There is no such rule on { $day }: look it up with GET /rules.
