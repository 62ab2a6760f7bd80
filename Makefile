# Two commands matter: `make run` starts Mainstay, `make test` checks all of it.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# rustup installs here; a shell opened before that does not know it yet.
export PATH := $(PATH):$(HOME)/.cargo/bin
# The browser tests use the system's Chromium.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

target := $(or $(CARGO_TARGET_DIR),target)
mainstay := $(target)/release/mainstay

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: release ## Build what has changed and start Mainstay (options: ARGS="--listen 127.0.0.1:9000")
	@exec $(mainstay) serve $(ARGS)

.PHONY: test
test: tools ## Run every check and test (a part of them: ARGS="--only clippy,rust-tests")
	@cargo xtask test $(ARGS)

.PHONY: bench
bench: release ## Compare Mainstay with its alternatives (a part of it: ARGS="--only rooms")
	@bench/run $(ARGS)

.PHONY: tidy
tidy: tools web-install ## Check the house rules that the compiler does not know
	@cargo xtask tidy $(ARGS)

.PHONY: api
api: tools web-install ## Write the generated files: API, its TypeScript, configuration, CLI reference
	@cargo xtask generate

.PHONY: fmt
fmt: tools web-install ## Format the Rust and the web sources
	@cargo fmt --all
	@npm --prefix web run --silent format

# What is known about the crates and packages in use comes from the network: this is for a schedule, and before a
# release. How soon each finding has to be mended is in SECURITY.md.
.PHONY: audit
# ASVS 15.2.1 - partly: nothing runs it on a schedule yet
audit: tools web-install ## Ask whether a dependency has a known weakness (needs the network)
	@command -v cargo-deny > /dev/null || { echo "cargo-deny is missing: cargo install --locked cargo-deny" >&2; exit 1; }
	@cargo deny --locked check advisories
	@npm --prefix web audit

.PHONY: sbom
sbom: tools ## Write a bill of materials (CycloneDX) into the build folder
	@cargo xtask sbom

.PHONY: hooks
hooks: ## Let git check each commit with .githooks/pre-commit
	@git config core.hooksPath .githooks
	@echo "git now runs .githooks/pre-commit before each commit"

.PHONY: release
release: tools web-build
	@cargo build --release --locked -p server --bin mainstay

# What the registries cannot bring. Everything missing is named at once.
.PHONY: tools
tools:
	@missing=0; \
	need() { echo "$$1" >&2; missing=1; }; \
	command -v cargo > /dev/null || need "Rust is missing: install it from https://rustup.rs"; \
	command -v cc > /dev/null || need "A C compiler is missing: on Debian or Ubuntu, apt-get install build-essential"; \
	command -v npm > /dev/null || need "npm is missing: install Node.js 20 with npm from https://nodejs.org"; \
	if ! command -v node > /dev/null; then \
		need "Node.js is missing: install version 20.19 or newer from https://nodejs.org"; \
	elif ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then \
		need "Node.js $$(node --version) is too old: install version 20.19 or newer from https://nodejs.org"; \
	fi; \
	exit $$missing

# Installing and building the web UI, only when something has changed. `cargo xtask test` uses these two as well.
.PHONY: web-install web-build
web-install: web/node_modules/.installed
web-build: web/dist/index.html

web/node_modules/.installed: web/package-lock.json
	@echo "Installing the web UI's packages"
	@cd web && npm ci --include=dev --no-audit --no-fund --loglevel=error
	@touch $@

# Folders are named too: theirs is the only date that changes when a file is deleted.
web_sources := $(shell find web/src web/public web/*.html web/*.json web/*.ts 2> /dev/null)

web/dist/index.html: web/node_modules/.installed $(web_sources)
	@echo "Building the web UI"
	@npm --prefix web run --silent build
	@touch $@
