"""Letter campaigns: their versions and texts, how they are loaded and halted."""
