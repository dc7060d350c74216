"""Files of signatures, and the record of each."""
