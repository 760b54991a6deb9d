"""A graph in a triple store: its address, who asks, what goes over HTTP, what can fail."""
