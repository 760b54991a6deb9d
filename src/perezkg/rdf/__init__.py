"""RDF as files and as terms: read, streamed, canonical, written."""
