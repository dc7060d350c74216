"""Tests of folders and tables, read and written."""
