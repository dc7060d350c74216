"""The measurements: `bin/bench` fills PostgreSQL, serves the product and prints a table."""
