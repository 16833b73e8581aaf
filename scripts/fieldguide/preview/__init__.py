"""Show an edit at once: pages made when they are asked for, and what is wrong with the content over them."""
