"""Data checked against SHACL shapes: each fault with its file, line and column."""
