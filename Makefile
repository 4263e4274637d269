# What a person types. Each goal installs what it needs; only `setup` touches the system, and only as root.

DUCKDB := 1.5.6-r.1
ARCH := $(subst aarch64,arm64,$(subst x86_64,x64,$(shell uname -m)))
LIBDUCKDB := target/libduckdb/libduckdb.so
# Programs, and the Debian packages that bring them.
NEEDED := cc:build-essential npm:npm python3:python3-venv curl:curl
CARGO_MISSING = Rust is missing: install the stable toolchain, 1.95 or newer (with rustup, see rust-lang.org), then run make again

.PHONY: demo build test bench ci setup libduckdb

## demo: build the server and start it on the demonstration project
demo: build
	target/release/belvedere serve --demo

## build: the release binary, target/release/belvedere
build: setup libduckdb
	cargo build --release --package belvedere-server

## test: everything, with the real clients
test: setup libduckdb
	cargo test --workspace --quiet
	cargo build --quiet --package belvedere-server
	tests/clients/run

## bench: the figures of the README
bench: setup libduckdb
	cargo bench --workspace
	cargo build --release --package belvedere-server
	tests/load/run

## ci: what a merge must pass
ci: setup libduckdb
	cargo xtask ci

## setup: the programs that the other goals call
setup:
	@command -v cargo >/dev/null || { echo '$(CARGO_MISSING)'; exit 1; }
	@missing=; for need in $(NEEDED); do \
	  command -v $${need%%:*} >/dev/null || missing="$$missing $${need##*:}"; done; \
	python3 -c 'import venv, ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	[ -z "$$missing" ] || if [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; \
	else echo "missing programs; run: sudo apt-get install -y$$missing"; exit 1; fi

libduckdb: $(LIBDUCKDB)

# The DuckDB project publishes its shared library inside this package; npm checks its digest.
$(LIBDUCKDB):
	mkdir -p $(@D)
	cd $(@D) && npm pack --silent @duckdb/node-bindings-linux-$(ARCH)@$(DUCKDB) >/dev/null && \
	  tar -xzf duckdb-node-bindings-linux-*.tgz --strip-components=1 package/libduckdb.so package/LICENSE && \
	  rm duckdb-node-bindings-linux-*.tgz
	touch $@
