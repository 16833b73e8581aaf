"""What shows an edit at once: pages on demand, served, with mistakes over them."""
