# What one does daily, in the environment at hand (pip install -e '.[dev]').
.PHONY: check lint test ci

# Under a minute on two cores: before each commit.
check: lint
	pytest -n 2 -m fast

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
