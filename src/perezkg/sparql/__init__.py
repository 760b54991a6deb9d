"""Queries: from canned files and parameters to SPARQL, engines, answers and their formats."""
