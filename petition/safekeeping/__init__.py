"""What an install must not lose, and what it must not keep: backups, restores, changes of keys."""
