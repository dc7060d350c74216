"""Publishing: folders and tables are read into drafts, and written from what is published."""
