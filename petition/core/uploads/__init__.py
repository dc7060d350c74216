"""Files that somebody brings: looked at, and made anew, before anything keeps or shows them."""
