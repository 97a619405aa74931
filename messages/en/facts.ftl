# Facts and their dictionary.

fact-is-number = { $key } is a number: send one, or null to take back what was recorded.
fact-is-tag = { $key } is so or not: send true or false, or null to take back what was recorded.
fact-negative = { $key } cannot be below 0.
fact-tag-with-unit = A tag has no unit: leave it out.
fact-twice = { $key } stands here twice: send each fact once.
fact-unknown = There is no fact { $key } in the dictionary: look it up with GET /facts.
