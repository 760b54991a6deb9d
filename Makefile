# What one does daily, in the environment at hand (pip install -e '.[dev]').
.PHONY: check lint test ci

# Tests that are over in a minute on two cores: every package, through its own folder.
FAST = tests/rdf tests/turtle_text tests/things tests/sparql tests/cli/test_options.py tests/cli/test_query.py tests/shacl/test_rules.py \
  tests/shacl/test_report.py tests/stores/asking tests/test_graph.py tests/test_output.py tests/test_words.py

# Under a minute on two cores: before each commit.
check: lint
	pytest -n 2 $(FAST)

lint:
	ruff check .
	ruff format --check .
	lint-imports
	mypy

# The README's test command, in parallel.
test:
	pytest -n auto

# Everything, as CI does it; `make ci JOB=stores` does one job of it, `.ci/run --list` names them.
ci:
	.ci/run $(JOB)
