"""The floor: the least Python that loads the files with pyoxigraph, runs a query and prints CSV."""

import argparse
import json  # noqa: F401 - a command line with any formats imports it
import sys

import pyoxigraph

parser = argparse.ArgumentParser()
parser.add_argument("query")
parser.add_argument("data", nargs="+")
options = parser.parse_args()
store = pyoxigraph.Store()
for path in options.data:
    store.load(path=path, format=pyoxigraph.RdfFormat.TURTLE)
with open(options.query, encoding="utf-8") as file:
    results = store.query(file.read())
if isinstance(results, pyoxigraph.QuerySolutions):
    results.serialize(sys.stdout.buffer, pyoxigraph.QueryResultsFormat.CSV)
