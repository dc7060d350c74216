"""What breaks on purpose: processes killed, mail servers away."""
