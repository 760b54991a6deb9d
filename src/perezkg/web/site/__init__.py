"""`perezkg site`: a folder of pages that are read from any host, or from disk, without a server."""
