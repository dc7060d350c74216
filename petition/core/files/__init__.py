"""Files on the disk, read and written with care, and archives that leave as they are made."""
