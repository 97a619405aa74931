# Faults in an imported file, how to correct them, and the result of an import.

import-file-empty = The file has no rows: fill it in, or leave it out.
import-file-too-large = The file is larger than { $limit } MB: split it.
import-encoding-unknown = This line is not in any known encoding (UTF-8, UTF-16, GB18030, Big5, Shift_JIS): save the file as "CSV UTF-8" or as XLSX.
import-old-workbook = This is an Excel 97-2003 workbook: save it as .xlsx.
import-workbook-broken = The workbook cannot be read ({ $problem }): open it in a spreadsheet program and save it again as .xlsx.
import-workbook-too-large = The workbook is too large when unpacked: copy the rows into a new one.
import-sheet-too-large = The sheet has more than { $rows } rows, { $columns } columns or { $cells } cells, or a cell far away from the others: delete the empty rows and columns after the table, or split it.
import-sheet-hidden = The sheet is hidden and was not imported: unhide it to import it.
import-form-unknown = The kind of this table cannot be recognized: name the sheet or the file after its form, or choose the form. Forms: { $forms }.
import-form-ambiguous = This table could be of several forms: name the sheet or the file after its form, or choose the form. Possible forms: { $forms }.
import-header-missing = No header of { $form } was found: one of the first rows must name its columns: { $columns }.
import-column-missing = The column { $column } is missing. Any of these names will do: { $columns }.
import-column-unknown = This form has no column "{ $value }": correct the name, delete the column, or put # before its name to keep it for your own use. Columns: { $columns }.
import-column-ignored = The unknown column "{ $value }" was ignored.
import-column-left-out = The column "{ $value }" is for your own use and is not stored.
import-column-twice = The column { $column } appears twice: delete one.
import-quote-not-closed = A quote opened in this row is never closed: close it, or double it if it is part of the text.
import-quote-followed = Text follows a closing quote: double the quotes that are part of the text.
import-json-not-taken = The JSON is not valid here: { $problem }.
import-json-of-no-form = This JSON file is neither the dictionary of facts nor a standard: save other data as tables. (The files of data/demo are read by muster demo only.)
import-missing-field = This cell must be filled in.
import-cell-without-column = "{ $value }" has no column header: remove the extra separator before it, or name the column.
import-cell-error = The formula results in the error { $value }: correct it.
import-formula-not-calculated = The file does not contain the result of this formula: open it in a spreadsheet program and save it, or enter the value itself.
import-datum-missing = The position has no datum: say which system the degrees are in. Accepted: { $choices }.
import-day-unexpected = The cell holds a date or time, { $value }, where none belongs: format the cell as text and type it again.
import-day-with-time = { $value } includes a time of day: enter the date only.
import-day-as-number = { $value } is a number; as an Excel date it would be { $day }: format the cell as a date, or write 2026-11-24.
import-not-a-day = "{ $value }" is not a date: write 2026-11-24 or 2026/11/24.
import-control-character = The cell contains an invisible character, such as a line break: type it again.
import-length-out-of-bounds = The text has more than { $limit } characters: shorten it.
import-not-a-number = "{ $value }" is not a number: write digits and at most one decimal point, without a unit or thousands separators, such as 1200 or 2.5.
import-too-precise = { $value } has more than three decimals: round it.
import-too-large = { $value } must be less than 1000000000.
import-negative = { $value } must not be negative.
import-not-whole = { $value } must be a whole number.
import-out-of-range = { $value } must be between { $least } and { $most }.
import-unknown-value = "{ $value }" is not a possible value. Use one of: { $choices }.
import-not-a-pack = "{ $part }" is not a pack: write box=12; carton=144.
import-item-and-other = Enter what is required in one column only: an item, a choice of items (any_of), kinds (each_of), a kit, a capability with its items, a fact, or a description.
import-list-not-read = The list cannot be read from "{ $at }" on: write A | B*2 | C + D for a choice, A*2; B for a kit, name: A | B; … for kinds, 30-50: 15; 50-: 20 for bands, and class: condition; … for classes.
import-said-by-document = The document already states this: empty the cell.
import-document-of-another = The document belongs to another rule, not to { $code }: correct one of them.
import-condition-not-read = The condition cannot be read at "{ $at }": write, for example, kind = enterprise and sector = hazchem and (toxic or people_on_shift >= 30).
import-number-not-asked = The quantity of this row takes no number here: empty the cell, or correct the form in the column quantity.
import-spare-as-number = The spreadsheet turned this cell into a number or a time: format it as text and write 4:1 or 20%.
import-not-a-spare = "{ $value }" is not a spare ratio: write 4:1 (one for every four) or 20%.
import-row-twice = { $value } appears twice with the same starting day, first in row { $line }: delete one.
import-word-of-no-rule = No rule refers to "{ $value }": check that it is not a typing error.
import-fact-ambiguous = Several facts are called "{ $value }": use the key instead.
import-mark-withdrawn = Write "no" if the fact sheet is no longer complete.
import-more-faults = There are { $count ->
    [one] 1 fault
   *[other] { $count } faults
 } in all; only the first are listed.

import-in-rows = { $detail } ({ $count } rows: { $rows })
import-columns = { $names }
import-forms = { $names }
import-encoding-broken = This line contains bytes that are not valid { $encoding }, the encoding of the rest of the file: type its cells again, or save the file again as "CSV UTF-8" or as XLSX.
import-encoding-implausible = The file is not UTF-8, and as { $encoding } it is not readable from this line on: save it as "CSV UTF-8" or as XLSX, or name its encoding when you import it.
import-workbook-encrypted = A password protects the workbook: open it, remove the password, and save it again.
import-tables-too-large = The tables have more than { $entries } rows (of this form or in all), or more than { $size } MB of text: import them in parts.
import-too-many-faults = There are more than { $limit } faults; the rest of the table was not read: correct these first.
import-row-hidden = { $count ->
    [one] A hidden row was
   *[other] { $count } hidden rows were
 } not imported ({ $rows }): unhide to import.
import-row-left-out = { $count ->
    [one] A row that begins with # was
   *[other] { $count } rows that begin with # were
 } not imported ({ $rows }).
import-column-hidden = { $count ->
    [one] A hidden column was
   *[other] { $count } hidden columns were
 } not imported ({ $columns }): unhide to import.
import-invisible-character = The code "{ $value }" contains an invisible character, { $sign }: type the code again.
import-code-mangled = A spreadsheet program turned this code into the number { $value }: format the column as text and type the code again.
import-digits-lost = A spreadsheet program keeps 15 digits of a number, and { $value } has more: format the column as text and type the value again.
import-barcode-mangled = A spreadsheet program turned this barcode into the number { $value }, and some digits are lost: format the column as text and type or scan it again.
import-barcode-repaired = A spreadsheet program had changed the barcode { $value }; it was read as { $barcode }, which its check digit confirms.
import-list-too-long = The cell lists more entries than are allowed: shorten it.

import-ledger-heading = Read as a heading, not as stock: { $value }
import-ledger-labels = Read as labels of the ledger: { $value }
import-ledger-sum = Read as a sum, and not counted again: { $value }
import-ledger-footer = Read as a remark below the table: { $value }
import-ledger-header-again = Read as the header of the rows below: { $value }
import-ledger-row-empty = The row has a number and nothing beside it: { $value }
import-ledger-row-unplaced = This row belongs to no table of the ledger: delete it, or put it below a header with a name and a quantity. ({ $value })
import-ledger-labels-differ = "{ $value }" contradicts "{ $other }" in row { $line }: correct one of them, or delete the one that does not count.
import-one-of-two = Fill in only one of these: { $columns }.
import-not-a-time = "{ $value }" is not a time: write 2026-11-24 10:10, or 2026-11-24T02:10:00Z.

import-report-good = Everything was imported: revision { $revision }.
import-report-nothing = Nothing to change: everything is already stored.
import-report-dry = No faults found. This was a dry run: nothing was written.
import-report-bad = { $count ->
    [one] 1 fault
   *[other] { $count } faults
 }: nothing was written.
import-report-warnings = { $count ->
    [one] 1 warning
   *[other] { $count } warnings
 }:
import-report-encoding = { $file } was read as { $encoding }, the most likely encoding for its text; if that is wrong, name the encoding with --encoding.
import-report-form = form
import-report-added = added
import-report-changed = changed
import-report-unchanged = unchanged
import-place-sheet = sheet { $sheet }
import-place-line = row { $line }
import-place-column = column { $column }

form-not-known = There is no such form. Use one of: { $forms }.
form-of-csv = A CSV file holds one table: choose its form.
import-report-ledger = Rows of ledgers: { $counted } counted, in { $counts } new counts; { $open } open, until somebody says what they are (muster export --form item_answers); { $unlisted } not in the catalogue.
form-only-template = { $form } has no rows to export: what is counted leaves as stock. Ask for its template.
