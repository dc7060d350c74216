"""One letter: its row, its words, its links, and the mails to its writer."""
