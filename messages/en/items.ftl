# The catalogue.

item-barcode-check-digit = The last digit of { $barcode } is not a valid GTIN check digit: scan the barcode again. A code of your own must have another number of digits, or contain a letter.
item-barcode-control = The barcode contains a control character: remove it.
item-barcode-length = The barcode must have 1 to { $most } characters.
item-barcode-taken = Barcode { $barcode } already belongs to { $item }: a scan must find exactly one item.
item-barcode-twice = { $barcode } appears twice: send it once.
item-class-unknown = There is no item class { $class }: correct the code, or add the class first.
item-pack-empty = A { $pack } must hold more than 0.
item-pack-not-whole = The item is counted in whole units: a { $pack } must hold a whole number.
item-pack-twice = There is already a pack { $pack }: give each pack its own name.
scan-unreadable = The scan cannot be read: scan the barcode again.
scan-element = { $element } is not a complete element: scan the barcode again, or type the number below it.
scan-day = { $day } is not a date (year, month, day): enter the date printed on the package.

# Labels to print
labels-title = Depot labels
