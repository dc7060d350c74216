"""Mail, from the transaction that causes it to the server that takes it."""
