# make serve   install, build the sample collection, serve the chat page
# make models  install what runs any sentence-transformers model (PyTorch for CPU)
# make mcp     install what speaks the Model Context Protocol
# make train   install what makes an encoder
# make test    install, run the tests but the slow ones (PROCESSES= in one process)
# make test-slow  the slow ones and those in a browser
# make postgres  install what asks an index in PostgreSQL
# make milvus    install what asks an index in Milvus
# make ray     passages of a build can be encoded on a Ray cluster (the extra [ray])
# make objects documents can be kept on a shared folder or in an object storage (the extra [objects])
# make cluster-test  the tests of both, against a real server and a real cluster that are started and killed
# make lint    style, types, layers; types and style of the page where there is npx
# make clients other people's clients against a real service, in an environment of their own (see tests/clients/)
# make open-webui  Open WebUI in a browser against a real service, in an environment of its own (more than 2 GB)
# make schema  Schemathesis against the description of the service, in an environment of its own (see tests/bench/attack/)
# make sbom    what is installed, with licences, as sbom.json (CycloneDX)
# make lock    write requirements.txt anew: every file that the wheel needs, by its hash
# make bench   measurements (minutes; see tests/bench/)

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
TORCH  := torch==2.13.0
# The CPU build: the default one on Linux brings more than 4 GB of CUDA packages.
TORCH_CPU := https://download.pytorch.org/whl/cpu
# A process for each core, each with whole modules, so that what a module opens is opened once; conftest.py has the longest first.
PROCESSES ?= -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
PIP    := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: serve models mcp postgres milvus ray objects train test test-slow cluster-test lint clients open-webui schema sbom lock bench clean
.DEFAULT_GOAL := serve

serve: $(VENV)/.installed
	@FUENTE=$(BIN)/fuente .ci/samples "$${FUENTE_DATA:-data}"
	@exec $(BIN)/fuente serve

models: $(VENV)/.installed-models

mcp: $(VENV)/.installed-mcp

postgres: $(VENV)/.installed-postgres

milvus: $(VENV)/.installed-milvus

ray: $(VENV)/.installed-ray

objects: $(VENV)/.installed-objects

train: $(VENV)/.installed-train

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m "not slow and not browser" $(PROCESSES)

test-slow: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m "slow or browser" $(PROCESSES)

cluster-test: $(VENV)/.installed-test $(VENV)/.installed-cluster-test
	$(BIN)/python -m pytest tests/test_postgres.py tests/test_postgres_build.py tests/test_postgres_standby.py tests/test_postgres_back.py tests/test_postgres_graph.py tests/test_postgres_documents.py tests/test_postgres_jobs.py tests/test_postgres_keys.py tests/test_postgres_links.py tests/test_postgres_asked.py tests/test_postgres_moves.py tests/test_postgres_collections.py tests/test_postgres_backup.py tests/test_postgres_objects.py tests/test_milvus.py tests/test_milvus_server.py tests/test_searchable.py tests/test_objects.py tests/test_results.py tests/test_ray.py

lint: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	.ci/page

clients: $(VENV)/.installed $(VENV)/.installed-clients
	cd tests/clients && PYTHONPATH="$(CURDIR)" FUENTE="$(CURDIR)/$(BIN)/fuente" "$(CURDIR)/$(VENV)/clients/bin/python" -m pytest

open-webui: $(VENV)/.installed $(VENV)/.installed-open-webui
	cd tests/clients && FUENTE="$(CURDIR)/$(BIN)/fuente" "$(CURDIR)/$(VENV)/open-webui/bin/python" -m pytest test_open_webui.py

schema: $(VENV)/.installed-test $(VENV)/.installed-schema
	$(BIN)/python tests/bench/attack/schema.py --schemathesis $(VENV)/schema/bin/schemathesis

sbom: $(VENV)/.installed
	$(BIN)/python .ci/sbom > sbom.json

lock: $(VENV)/.created
	$(PIP) install -q uv
	@printf '# What the wheel needs, without extras, each file by its hash: pip install --require-hashes -r requirements.txt\n# Made by `make lock` from pyproject.toml and constraints.txt.\n' > requirements.txt
	$(BIN)/uv pip compile pyproject.toml -c constraints.txt --generate-hashes --no-annotate --no-header --python-version 3.11 >> requirements.txt

bench: $(VENV)/.installed-test
	$(BIN)/python tests/bench/samples.py
	$(BIN)/python tests/bench/start.py
	$(BIN)/python tests/bench/offsets.py
	$(BIN)/python tests/bench/crash.py --kills 40 --errors 12
	$(BIN)/python tests/bench/reload.py --builds 5
	$(BIN)/python tests/bench/latency.py --data data/bench
	$(BIN)/python tests/bench/doors.py

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, $$($(PYTHON) --version 2>&1) was found: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "no virtual environment could be made: sudo apt install python3-venv, then make again"; rm -rf $(VENV); exit 1; }
	@touch $@

# What is imported is compiled when it is first imported; to compile all of it here takes a quarter of the installing.
$(VENV)/.installed: $(VENV)/.created pyproject.toml constraints.txt
	$(PIP) install -q --no-compile -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-mcp: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e '.[mcp]'
	@touch $@

$(VENV)/.installed-postgres: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e '.[postgres]'
	@touch $@

$(VENV)/.installed-milvus: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e '.[milvus]'
	@touch $@

$(VENV)/.installed-ray: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e '.[ray]'
	@touch $@

$(VENV)/.installed-objects: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e '.[objects]'
	@touch $@

$(VENV)/.installed-cluster-test: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e '.[cluster-test]'
	@touch $@

$(VENV)/.installed-models: $(VENV)/.installed
	$(PIP) install -q --retries 0 --timeout 20 --no-deps --index-url $(TORCH_CPU) "$(TORCH)" || $(PIP) install -q -c constraints.txt "$(TORCH)"
	$(PIP) install -q -c constraints.txt -e '.[models]'
	@touch $@

$(VENV)/.installed-train: $(VENV)/.installed-models
	$(PIP) install -q -c constraints.txt -e '.[train]'
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed-models
	$(PIP) install -q -c constraints.txt -e '.[test]'
	$(PIP) install -q --no-deps --upgrade --target $(VENV)/sentence-transformers-5.5 sentence-transformers==5.5.0
	@touch $@

$(VENV)/.installed-clients: $(VENV)/.created tests/clients/requirements.txt tests/clients/package.json
	@$(PYTHON) -m venv $(VENV)/clients
	$(VENV)/clients/bin/python -m pip --disable-pip-version-check install -q -r tests/clients/requirements.txt
	@if command -v npm >/dev/null; then npm install --no-audit --no-fund --silent --prefix tests/clients; \
	  else echo "clients: those for JavaScript are skipped, there is no npm (apt-get install nodejs npm)"; fi
	@touch $@

$(VENV)/.installed-schema: $(VENV)/.created
	@$(PYTHON) -m venv $(VENV)/schema
	$(VENV)/schema/bin/python -m pip --disable-pip-version-check install -q schemathesis==4.32.5
	@touch $@

$(VENV)/.installed-open-webui: $(VENV)/.created tests/clients/open-webui.txt
	@$(PYTHON) -m venv $(VENV)/open-webui
	$(VENV)/open-webui/bin/python -m pip install -q --retries 0 --timeout 20 --no-deps --index-url $(TORCH_CPU) "$(TORCH)" || \
	  $(VENV)/open-webui/bin/python -m pip install -q "$(TORCH)"
	$(VENV)/open-webui/bin/python -m pip --disable-pip-version-check install -q -r tests/clients/open-webui.txt
	@touch $@

$(VENV)/.installed-lint: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e '.[lint]'
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
