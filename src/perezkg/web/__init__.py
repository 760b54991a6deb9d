"""The graph for those who look: a static site."""
