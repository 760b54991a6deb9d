"""Turtle as its author wrote it: where a triple stands, and the one canonical layout."""
