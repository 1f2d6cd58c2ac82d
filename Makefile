# Works with GNU make 3.81 (macOS) and later; `make` alone lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help

LOCKS := requirements-install.lock requirements.lock requirements-java.lock
BIN := .venv/bin
# The name holds the locks' content, not their time: a fresh clone or a branch switch installs only what differs.
INSTALLED := .venv/.installed-$(shell cat $(LOCKS) 2>/dev/null | cksum | cut -d ' ' -f 1)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"

ENV ?= dev
TERRAFORM := terraform -chdir=terraform
DEPLOYED = --env "$(ENV)" $(if $(PROJECT),--project "$(PROJECT)") $(if $(REGION),--region "$(REGION)")
# Linters in Go: not on PyPI, so found on PATH, or built once into .cache/bin where Go is found.
TFLINT := github.com/terraform-linters/tflint@v0.64.0
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
define with_go_tool
export PATH="$(CURDIR)/.cache/bin:$$PATH:/usr/local/go/bin"; \
	if ! command -v $(1) >/dev/null; then \
		if ! command -v go >/dev/null; then echo "No $(1) on PATH, and no Go to build it; cure: install either" >&2; exit 1; fi; \
		echo "Building $(1) into .cache/bin (once, a minute or more)"; \
		GOBIN="$(CURDIR)/.cache/bin" go install $(2) || exit 1; \
	fi
endef
LAKE ?= lake
# Through the environment, untouched: blanks, quotes and dollars of a path or a query are read by neither make nor shell.
unexport PEERS QUEUE DO BY WHY INPUT SOURCE MAX_ERROR_SHARE LAKE SQL MANIFEST FROM TO SCHEMA_POLICY AS_OF NAMED DAY CLAIM_ID TABLE TABLES AUDIT SNAPSHOT KEEP_DAYS ORPHAN_HOURS RUN FILE RELEASE REBUILD
export CLAIMS_INPUT = $(value INPUT)
export CLAIMS_SOURCE = $(value SOURCE)
export CLAIMS_SOURCES = $(value SOURCES)
export CLAIMS_MAX_ERROR_SHARE = $(value MAX_ERROR_SHARE)
export CLAIMS_LAKE = $(value LAKE)
export CLAIMS_SQL = $(value SQL)
export CLAIMS_MANIFEST = $(value MANIFEST)
export CLAIMS_FROM = $(value FROM)
export CLAIMS_TO = $(value TO)
export CLAIMS_SCHEMA_POLICY = $(value SCHEMA_POLICY)
export CLAIMS_AS_OF = $(value AS_OF)
export CLAIMS_NAMED = $(value NAMED)
export CLAIMS_DAY = $(value DAY)
export CLAIMS_CLAIM_ID = $(value CLAIM_ID)
export CLAIMS_TABLE = $(value TABLE)
export CLAIMS_TABLES = $(value TABLES)
export CLAIMS_AUDIT = $(value AUDIT)
export CLAIMS_SNAPSHOT = $(value SNAPSHOT)
export CLAIMS_KEEP_DAYS = $(value KEEP_DAYS)
export CLAIMS_ORPHAN_HOURS = $(value ORPHAN_HOURS)
export CLAIMS_RUN = $(value RUN)
export CLAIMS_FILE = $(value FILE)
export CLAIMS_QUEUE = $(value QUEUE)
export CLAIMS_DO = $(value DO)
export CLAIMS_BY = $(value BY)
export CLAIMS_WHY = $(value WHY)
export CLAIMS_PEERS = $(value PEERS)

# Compiled modules are kept whatever the machine says: else every process compiles Great Expectations and pandas anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run validate query audit export maintain undo requeue codesets summarize dashboard rules chaos build cloud cloud-demo cloud-apply plan deploy destroy review redrive test check lint tflint actionlint types boundaries docs docs-current lock install clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(INSTALLED) ## Run the job on a generated sample, or on INPUT=<file or folder> SOURCE=<name>, MANIFEST=<list of files>, FROM=, TO=<day of the files>; tables go to LAKE=lake
	@$(BIN)/python -m glue_jobs.cli run --lake "$$CLAIMS_LAKE" \
		$${CLAIMS_INPUT:+--input "$$CLAIMS_INPUT"} $${CLAIMS_SOURCE:+--source "$$CLAIMS_SOURCE"} \
		$${CLAIMS_SOURCES:+--sources "$$CLAIMS_SOURCES"} $${CLAIMS_MANIFEST:+--manifest "$$CLAIMS_MANIFEST"} \
		$${CLAIMS_FROM:+--from "$$CLAIMS_FROM"} $${CLAIMS_TO:+--to "$$CLAIMS_TO"} \
		$${CLAIMS_SCHEMA_POLICY:+--schema-policy "$$CLAIMS_SCHEMA_POLICY"} \
		$${CLAIMS_MAX_ERROR_SHARE:+--max-error-share "$$CLAIMS_MAX_ERROR_SHARE"} $${CLAIMS_AUDIT:+--audit "$$CLAIMS_AUDIT"}

validate: $(INSTALLED) ## Tell in seconds, without Spark, what is wrong with INPUT=<file or folder> SOURCE=<name>; MAX_ERROR_SHARE=0.05
	@$(BIN)/python -m glue_jobs.validate --input "$$CLAIMS_INPUT" $${CLAIMS_SOURCE:+--source "$$CLAIMS_SOURCE"} \
		$${CLAIMS_SOURCES:+--sources "$$CLAIMS_SOURCES"} \
		$${CLAIMS_MAX_ERROR_SHARE:+--max-error-share "$$CLAIMS_MAX_ERROR_SHARE"}

query: $(INSTALLED) ## Answer SQL="..." on the published tables of LAKE=lake, AS_OF=<day> as it was; or NAMED=<query> DAY=, CLAIM_ID=
	@$(BIN)/python -m glue_jobs.cli query --lake "$$CLAIMS_LAKE" \
		$${CLAIMS_AS_OF:+--as-of "$$CLAIMS_AS_OF"} $${CLAIMS_NAMED:+--named "$$CLAIMS_NAMED"} \
		$${CLAIMS_DAY:+--day "$$CLAIMS_DAY"} $${CLAIMS_CLAIM_ID:+--claim-id "$$CLAIMS_CLAIM_ID"} -- "$$CLAIMS_SQL"

export: $(INSTALLED) ## Write TABLE=medical_claim as ordinary Parquet to TO=<new folder>; SNAPSHOT=<id> instead of the current one
	@$(BIN)/python -m glue_jobs.cli export --lake "$$CLAIMS_LAKE" --table "$$CLAIMS_TABLE" --to "$$CLAIMS_TO" \
		$${CLAIMS_SNAPSHOT:+--snapshot "$$CLAIMS_SNAPSHOT"}

audit: $(INSTALLED) ## Hold TABLE=medical_claim against its rules, on a page of Data Docs; AUDIT=great_expectations: its own engine counts
	@$(BIN)/python -m glue_jobs.cli audit --lake "$$CLAIMS_LAKE" $${CLAIMS_TABLE:+--table "$$CLAIMS_TABLE"} \
		$${CLAIMS_AUDIT:+--audit "$$CLAIMS_AUDIT"}

undo: $(INSTALLED) ## Take back what RUN=<run id> published, as if it had never been
	@$(BIN)/python -m glue_jobs.cli undo --lake "$$CLAIMS_LAKE" --run "$$CLAIMS_RUN"

requeue: $(INSTALLED) ## List what waits in the quarantine; FILE=<held file>, RUN=<run> TO=<folder>, INPUT=<corrected> RUN=, RUN= RELEASE=1 send it back
	@$(BIN)/python -m glue_jobs.cli requeue --lake "$$CLAIMS_LAKE" \
		$${CLAIMS_FILE:+--file "$$CLAIMS_FILE"} $${CLAIMS_RUN:+--run "$$CLAIMS_RUN"} $${CLAIMS_TO:+--to "$$CLAIMS_TO"} \
		$${CLAIMS_INPUT:+--input "$$CLAIMS_INPUT"} $(if $(filter 1,$(RELEASE)),--release) \
		$${CLAIMS_SOURCES:+--sources "$$CLAIMS_SOURCES"}

codesets: $(INSTALLED) ## Load dated lists of codes (ICD-10-CM, ICD-10-PCS, ICD-9, HCPCS, CCSR, NUCC ...) from the folder INPUT=; claims are judged and enriched by them
	@$(BIN)/python -m glue_jobs.cli codesets --lake "$$CLAIMS_LAKE" $${CLAIMS_INPUT:+--input "$$CLAIMS_INPUT"}

summarize: $(INSTALLED) ## Make again what late files and corrections touched of enriched lines, member months, risk and summaries; TABLES=a,b, REBUILD=1: from scratch
	@$(BIN)/python -m glue_jobs.cli summarize --lake "$$CLAIMS_LAKE" $${CLAIMS_TABLES:+--tables "$$CLAIMS_TABLES"} \
		$(if $(filter 1,$(REBUILD)),--rebuild)

dashboard: $(INSTALLED) ## Write the summaries of LAKE=lake as one page, TO=dashboard.html: cost, conditions, hospital care, denials, quality
	@$(BIN)/python -m glue_jobs.cli dashboard --lake "$$CLAIMS_LAKE" $${CLAIMS_TO:+--to "$$CLAIMS_TO"}

maintain: $(INSTALLED) ## Compact the tables, expire snapshots, remove what dead runs left; TABLES=a,b KEEP_DAYS=7 ORPHAN_HOURS=24
	@$(BIN)/python -m glue_jobs.cli maintain --lake "$$CLAIMS_LAKE" $${CLAIMS_TABLES:+--tables "$$CLAIMS_TABLES"} \
		$${CLAIMS_KEEP_DAYS:+--keep-days "$$CLAIMS_KEEP_DAYS"} \
		$${CLAIMS_ORPHAN_HOURS:+--orphan-hours "$$CLAIMS_ORPHAN_HOURS"}

rules: $(INSTALLED) ## List the rules that rows are checked by, with what to do about each; TABLE=eligibility for one table
	@$(BIN)/python -m glue_jobs.runtime.rule_list $${CLAIMS_TABLE:+--table "$$CLAIMS_TABLE"}

.PHONY: benchmark
benchmark: $(INSTALLED) ## Run the product beside other ways to do the same work, and print ratios; LINES=6000000 RUNS=3 SEED=7 PEERS=<folder>; QUICK=1: only whether it has become slower; OF=small_files, scale, cold_function, latency, levers: these instead, FILES= LINES= RUNS=
	@$(BIN)/python -m benchmarks.$(if $(filter 1,$(QUICK)),regression_guard,$(or $(OF),compare_peers)) \
		$(if $(filter 1,$(QUICK))$(OF),,$${CLAIMS_PEERS:+--peers "$$CLAIMS_PEERS"}) $(if $(FILES),--files $(FILES)) $(if $(LINES),--lines $(LINES)) \
		$(if $(RUNS),--runs $(RUNS)) $(if $(SEED),--seed $(SEED))

chaos: $(INSTALLED) ## Kill runs at every step and at random while a reader looks on; nothing may be lost or doubled
	@$(BIN)/python -m tests.chaos.chaos $(CHAOS)

build: $(INSTALLED) ## Build what is deployed into build/artifacts: wheel, job scripts, zips of wheels, Lambda zips and their layer
	@$(BIN)/python -m terraform.artifacts

cloud: $(INSTALLED) ## The whole dev stack on this machine, served until Ctrl-C: files in, tables and messages out; needs terraform, no AWS account
	@$(BIN)/python -m tests.cloud

cloud-demo: $(INSTALLED) ## The same for one run: drops the generated sample, prints path, times, messages, tables, and ends
	@$(BIN)/python -m tests.cloud --demo

cloud-apply: $(INSTALLED) ## Apply the whole dev stack to a local cloud, plan again, use it, destroy it; needs terraform, no AWS account
	@$(BIN)/python -m pytest -v tests/cloud/test_roles.py tests/cloud/test_stack.py

.PHONY: plans estate checkov
plans: $(INSTALLED) ## Render the plan of each environment into build/plans, against a local cloud; needs terraform, no AWS account
	@$(BIN)/python -m tests.estate.rendering

estate: plans ## Write what the plans say: docs/compliance.md, and the picture and the costs in docs/deployment.md
	@$(BIN)/python -m terraform.estate

checkov: plans ## Run checkov over Terraform's source and the rendered plans; installs it into .cache the first time
	@$(BIN)/python -m tests.estate.checkov build/plans/dev.json build/plans/staging.json build/plans/prod.json

plan: build ## Show what a deploy of ENV=dev, staging or prod would change
	@$(TERRAFORM) init -input=false -reconfigure -backend-config=environments/$(ENV).s3.tfbackend
	@$(TERRAFORM) plan -var-file=environments/$(ENV).tfvars

deploy: build ## Deploy ENV=dev, staging or prod; Terraform shows the plan and asks, APPROVED=1: a person was asked before
	@$(TERRAFORM) init -input=false -reconfigure -backend-config=environments/$(ENV).s3.tfbackend
	@$(TERRAFORM) apply $(if $(filter 1,$(APPROVED)),-auto-approve) -var-file=environments/$(ENV).tfvars

destroy: build ## Take ENV=dev down; Terraform asks
	@$(TERRAFORM) init -input=false -reconfigure -backend-config=environments/$(ENV).s3.tfbackend
	@$(TERRAFORM) destroy -var-file=environments/$(ENV).tfvars

review: $(INSTALLED) ## List what waits in ENV=dev for a decision; FILE=<file_id> DO=show|release|reject or RUN=<run> DO=show|reject, BY=you WHY="reason"
	@$(BIN)/python -m lambdas.desk review $(DEPLOYED) $${CLAIMS_FILE:+--file "$$CLAIMS_FILE"} \
		$${CLAIMS_RUN:+--run "$$CLAIMS_RUN"} $${CLAIMS_DO:+--do "$$CLAIMS_DO"} \
		$${CLAIMS_BY:+--by "$$CLAIMS_BY"} $${CLAIMS_WHY:+--why "$$CLAIMS_WHY"}

redrive: $(INSTALLED) ## Start again in ENV=dev the dead letters of QUEUE=landing|failures|functions, or RUN=<job id> that was given up; BY=you WHY="reason"
	@$(BIN)/python -m lambdas.desk redrive $(DEPLOYED) $${CLAIMS_QUEUE:+--queue "$$CLAIMS_QUEUE"} \
		$${CLAIMS_RUN:+--run "$$CLAIMS_RUN"} $${CLAIMS_BY:+--by "$$CLAIMS_BY"} $${CLAIMS_WHY:+--why "$$CLAIMS_WHY"}

test: $(INSTALLED) ## Run every test on two workers, fast ones first; the last lines say what was skipped and why
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

# TESTED=1 is for .ci/run alone, which has just seen `make test` succeed and need not wait for it twice.
check: lint types boundaries docs-current $(if $(filter 1,$(TESTED)),,test) ## Everything CI runs: lint, format, types, boundaries, documents, tests

lint: $(INSTALLED) ## Check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

tflint: ## Check Terraform's style, the root and every module
	@$(call with_go_tool,tflint,$(TFLINT)); tflint --chdir=terraform --recursive --config "$(CURDIR)/terraform/.tflint.hcl"

actionlint: ## Check the workflows of GitHub Actions
	@$(call with_go_tool,actionlint,$(ACTIONLINT)); actionlint -color

types: $(INSTALLED) ## Check types
	@$(BIN)/mypy

boundaries: $(INSTALLED) ## Check which part may import which
	@$(BIN)/lint-imports

docs: $(INSTALLED) ## Write the documents that are generated from the contract
	@$(BIN)/python -m expectations.documents

docs-current: $(INSTALLED)
	@$(BIN)/python -m expectations.documents --check

lock: $(INSTALLED) ## Write the lock files from pyproject.toml; UPGRADE=1 takes newer versions
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group checkov --output-file requirements-checkov.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group install --output-file requirements-install.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group java --output-file requirements-java.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group sqlfluff --output-file requirements-sqlfluff.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group trino --output-file requirements-trino.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --all-extras --output-file requirements.lock pyproject.toml

install: $(INSTALLED) ## Install everything into .venv and .cache; done by the others when needed

clean: ## Remove what was installed and built; the lake stays
	rm -rf .venv .cache build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis spark-warehouse

# A package that the registry no longer serves as locked stops here: every hash is checked, by uv, or by pip where uv
# cannot reach the registry (pip has its own settings for mirrors and certificates).
$(INSTALLED):
	@echo "Installing into .venv (once, about two minutes)"
	@found=; for python in $(PYTHON) python3.11 python3 python; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "No Python 3.11 on PATH (looked for python3.11, python3, python); cure: install it, or make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	"$$found" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-install.lock
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes --no-build-isolation -r requirements.lock \
		|| $(BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-build-isolation -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m glue_jobs.runtime.java \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-java.lock
	@$(BIN)/python -m glue_jobs.runtime.iceberg || echo "Going on without it: the first run tries again" >&2
	@$(BIN)/python -m glue_jobs.runtime.class_archive || echo "Going on without saved classes: Spark starts slower" >&2
	@touch $@
