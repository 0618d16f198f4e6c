.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help demo image test test-snowflake e2e setup check clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## runs the flights pipeline on this machine against a stand-in API and prints the mart
	@scripts/setup.sh dbt
	@npx --no-install pipegen demo

image: ## builds the container of the steps; PUSH=1 pushes it and writes image.digest: see docs/container.md
	@scripts/image.sh

test: ## sets everything up, then runs every check and every test
	@scripts/setup.sh
	@npx --no-install node scripts/test.ts

test-snowflake: ## what warehouses must do, on a real account: see docs/snowflake.md for its variables
	@npx --no-install vitest run --config test/runtime/warehouse/account.config.ts --reporter=verbose

e2e: ## DAGs in pods of a real Kubernetes, started by real Airflows: see docs/e2e.md for what it needs
	@scripts/setup.sh
	@npx --no-install vitest run --config e2e/vitest.config.ts --reporter=verbose

setup: ## installs the npm packages and the Python environments, where they are not up to date
	@scripts/setup.sh

check: ## type check, format and lint; no test
	@npm run --silent check

clean: ## removes what these commands made: packages, environments, caches, and the local data under .pipegen
	rm -rf node_modules .venv .cache .pipegen dist dbt/target dbt/logs
