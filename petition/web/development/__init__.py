"""Pages for those who develop or try the software, on a loopback address only."""
