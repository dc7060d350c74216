"""Pictures and papers of a hand-over or an answer: kept sealed, shown only where one said so."""
