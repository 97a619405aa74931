# Contacts: the people of depots and organizations.
contact-role = A depot has keeper and second_keeper; an organization has legal_representative, safety_head and duty.
contact-depot-unknown = There is no depot { $depot } that you can see.
contact-depot-later = { $depot } is not open yet: name its keepers with the depot itself.
contact-name-erased = This word stands for a name that was erased: enter the name of a person.
contact-phone = A telephone is at least 3 digits, with + - ( ) / , ; * # and blanks between them.
credit-code-form = A unified social credit code is 18 digits and capital letters without I, O, S, V and Z.
credit-code-check = The check character of { $code } does not match: one character is mistyped. Compare it with the business licence.
