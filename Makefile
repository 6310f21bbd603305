# Two commands: `make run` shows Weir at work, `make test` runs every test. Both do all the set-up.

.DEFAULT_GOAL := help
.PHONY: help run test bench fuzz build ui lint clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16
	@echo
	@echo '  make run                                    watch a simulated cluster'
	@echo '  make run KAFKA=broker1:9092,broker2:9092    watch a cluster of yours'
	@echo '  make run CONFIG=weir.yaml                   watch what the file says'

run: ## Build everything, start Weir, print the URL and the keys
	@dev/run.sh

test: ## Set up and run every test: format, lints, unit, integration, UI, browser
	@dev/test.sh

bench: ## Measure build time, size, time to first data, size L beside klag-exporter, and the store beside others
	@dev/bench.sh

fuzz: ## Fuzz brokers' answers, NRQL and the store's files, ten minutes each (needs cargo-fuzz and nightly Rust)
	cargo +nightly fuzz run read_answer -- -max_total_time=600
	cargo +nightly fuzz run parse_nrql -- -max_total_time=600
	cargo +nightly fuzz run analyze_nrql -- -max_total_time=600
	cargo +nightly fuzz run read_wal -- -max_total_time=600
	cargo +nightly fuzz run read_segment -- -max_total_time=600
	cargo +nightly fuzz run read_manifest -- -max_total_time=600

build: ui ## Build the UI (where Node is) and the release binary
	cargo build --release --locked -p weir

ui: ## Build the web UI into web/dist; without Node it says so and goes on
	@dev/ui.sh

lint: ## Format check and lints, warnings are errors
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

clean: ## Remove what was built here
	rm -rf target web/dist web/node_modules
