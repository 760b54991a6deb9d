"""A server that is asked over HTTP: SPARQL, canned queries, the things and the pages of a graph, to be read."""
