"""The database: connections, columns, what its errors mean, and how long we wait for it."""
