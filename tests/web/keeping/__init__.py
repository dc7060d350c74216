"""Tests of what pages, their parts and files are kept for."""
