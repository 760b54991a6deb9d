# What one does daily, in the environment at hand (pip install -e '.[dev]').
.PHONY: check lint test ci

# The fast tests: what is told in docstrings, and of each package the files that need no store, no reasoner and little time.
FAST = src tests/test_graph.py tests/test_output.py tests/test_words.py tests/turtle_text tests/things \
  $(addprefix tests/cli/test_, cite.py describe.py info.py options.py query.py) \
  $(addprefix tests/rdf/test_, formats.py jsonld.py reading.py xsd.py) \
  $(addprefix tests/sparql/test_, catalogue.py formats.py order.py prepare.py service.py) \
  $(addprefix tests/shacl/test_, locations.py patterns.py report.py rules.py) tests/shapes/test_profiles.py \
  $(addprefix tests/stores/asking/test_, options.py protocol.py) \
  $(addprefix tests/stores/loading/test_, again.py diff.py kinds.py services.py)

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
