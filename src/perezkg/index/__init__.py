"""Data kept in an index on disk: built once, opened by many, and built again whenever that is wanted."""
