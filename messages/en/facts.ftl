# Facts and their dictionary.

fact-is-number = { $key } is a number: send a number, or null to withdraw what was recorded.
fact-is-tag = { $key } is a yes-or-no fact: send true or false, or null to withdraw what was recorded.
fact-negative = { $key } must not be negative.
fact-tag-with-unit = A tag has no unit: leave it out.
fact-twice = { $key } appears twice: send each fact once.
fact-unknown = There is no fact { $key } in the dictionary: correct the key, or add it to the dictionary first.
