# What is put holds from a day: what all reference data has in common.

version-blank = The text says nothing: send a name or words.
version-code = A code is made of letters and digits, with "-", "_" and "." between them, without full-width characters; it has at most { $longest } characters and is no UUID.
version-day = Send a day of the years { $first } to { $last }.
version-fixed = { $field } never changes, as what was recorded rests on it: leave it out, or make a new thing under another code.
version-key = A key is made of small letters, digits and "_", begins with a letter and has at most { $longest } characters.
version-needed = A new thing needs { $field }.
version-not-there = There is no such thing to change: leave out If-Match to make a new one.
version-not-topmost = This is the same for all regions: only officers and admins of the topmost bureau change it.
version-there-already = It is there already: nothing was changed. Leave out If-None-Match and send If-Match to change it.
