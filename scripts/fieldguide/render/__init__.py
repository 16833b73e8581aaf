"""A catalog to texts: tables, comparisons, diagrams and data, and the templates that write them."""
