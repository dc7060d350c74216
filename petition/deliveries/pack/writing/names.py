"""What the files of a pack are called that are made for people to read."""

LETTER = "cover-letter.pdf"
METHOD = "method.pdf"
RECEIPT = "receipt.pdf"
SHEETS = "sheets.pdf"
REASONS = "reasons.csv"
TOP_SHEET, FURTHER_SHEET = "blank-top-sheet.pdf", "blank-further-sheet.pdf"
