"""Tests of the table of recipients, as spreadsheets write it."""
