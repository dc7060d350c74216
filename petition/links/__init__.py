"""Links from mails and receipts: each opens one thing, for one purpose, for some hours."""
