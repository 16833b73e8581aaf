"""What `scripts/` runs beside MkDocs."""
