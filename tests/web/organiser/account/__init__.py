"""One's own account: joining, logging in, sessions, recovery codes."""
