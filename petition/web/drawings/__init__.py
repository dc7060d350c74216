"""Drawings in SVG: charts, and codes to be scanned."""
