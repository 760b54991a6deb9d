"""Tables of results become a graph: `perezkg import`."""
