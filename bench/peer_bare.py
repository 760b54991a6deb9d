"""The floor of floors: loads files with pyoxigraph, runs a query, prints CSV, and understands no options."""

import sys

import pyoxigraph

store = pyoxigraph.Store()
for path in sys.argv[2:]:
    store.load(path=path, format=pyoxigraph.RdfFormat.TURTLE)
with open(sys.argv[1], encoding="utf-8") as file:
    results = store.query(file.read())
if isinstance(results, pyoxigraph.QuerySolutions):
    results.serialize(sys.stdout.buffer, pyoxigraph.QueryResultsFormat.CSV)
