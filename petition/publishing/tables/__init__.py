"""Recipients as a table, from a spreadsheet and for one."""
