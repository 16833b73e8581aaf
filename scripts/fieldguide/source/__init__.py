"""Files to records: YAML, front matter and BibTeX, each value with its line and column, held against schemas."""
