# The catalogue.

item-barcode-check-digit = The last digit of { $barcode } is not the check digit of a GTIN: read it again. A free code has another number of digits, or a letter.
item-barcode-control = The barcode holds a control character: leave it out.
item-barcode-length = A barcode has 1 to { $most } characters.
item-barcode-taken = The barcode { $barcode } is that of { $item }: a scan must find one item.
item-barcode-twice = { $barcode } stands here twice: send it once.
item-class-unknown = There is no class { $class }: look it up with GET /item-classes.
item-pack-empty = A { $pack } must hold more than 0.
item-pack-not-whole = The item is counted in whole pieces: a { $pack } holds a whole number of them.
item-pack-twice = There is another pack { $pack }: give each a name of its own.
