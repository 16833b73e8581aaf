"""A generator of sourced comparison sites: pages with facts in, matrices, pairs, diagrams and data out."""
