"""What organisers do, as owners and auditors read it."""
