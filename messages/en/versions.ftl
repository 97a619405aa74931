# Messages common to all reference data, whose versions hold from a day.

too-many-unavailable = Too many codes or user names were not available: try again in { $seconds ->
    [one] 1 second
   *[other] { $seconds } seconds
 }.
unavailable = { $name } is not available: choose another.
unavailable-closed-account = { $name } is not available because a closed account uses it: reopen that account with POST /accounts/{ $id }/reopen, or choose another user name.
version-blank = The text is blank: enter a name or a description.
version-blank-at-end = The text begins or ends with a blank: remove it.
version-code = This code is not valid: use letters and digits with "-", "_" and "." between them, no full-width characters, at most { $longest } characters, and not a UUID.
version-day = The day must be in the years { $first } to { $last }.
version-fixed = { $field } cannot be changed because earlier records depend on it: leave it out, or create a new entry under another code.
item-unit-rests = The unit of { $item } stays as it is: counts or rules name the item, or this import gives it another unit elsewhere. Leave it out, or add an item with another code.
item-packs-not-whole = { $item } has packs that hold a fraction of a unit on other days: change these first, or keep the item measured.
organization-kind-rests = The kind of { $organization } stays as it is: its depots were counted, it declared a target, has an exemption, hosts or is hosted, or this import gives it another kind elsewhere. Leave it out, or add an organization with another code.
depot-owner-rests = { $depot } stays with its organization: it was counted, or this import gives it to another elsewhere. Leave the organization out, or close the depot and open one with another code.
version-key = This key is not valid: use lower-case letters, digits and "_", begin with a letter, and use at most { $longest } characters.
version-needed = { $field } is required to create a new entry.
version-not-there = There is nothing to change under this code: leave out If-Match to create it.
version-not-topmost = All regions share this, and only officers and administrators of the topmost bureau may change it: ask that bureau.
version-text-needed = { $en } and { $zh } are both blank: enter one of them.
version-there-already = This already exists; nothing was changed. To change it, leave out If-None-Match and send If-Match.
