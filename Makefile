# What a person types. Each goal installs what it needs; only `setup` touches the system, and only as root.

DUCKDB := 1.5.6-r.1
ARCH := $(subst aarch64,arm64,$(subst x86_64,x64,$(shell uname -m)))
LIBDUCKDB := target/libduckdb/libduckdb.so
# Programs, and the Debian packages that bring them.
NEEDED := cc:build-essential npm:npm python3:python3-venv curl:curl java:default-jre-headless
ci test: NEEDED += chromium:chromium pg_createcluster:postgresql
bench: NEEDED += wrk:wrk
# What the pages are made of.
PAGES := target/web/dist/index.html
WEB := $(wildcard web/*.html web/*.json web/*.ts) $(shell find web/src crates/http/src/pages/style -type f)
# The tests of the server that are run on PostgreSQL too.
PEOPLE := api_auth user role group session oauth permission
CARGO_MISSING = Rust is missing: install the stable toolchain, 1.95 or newer (with rustup, see rust-lang.org), then run make again

.PHONY: demo build test bench ci setup libduckdb pages

## demo: build the server and start it on the demonstration project
demo: build
	target/release/belvedere serve --demo

## build: the release binary, target/release/belvedere
build: setup libduckdb pages
	cargo build --release --package belvedere-server --features web

## test: everything, with the real clients
test: setup libduckdb pages
	cargo test --workspace --features belvedere-server/web --quiet
	BELVEDERE_TEST_STORE=postgres cargo test --package belvedere-server --features web --test it --quiet -- $(PEOPLE)
	cargo build --quiet --package belvedere-server --features web
	tests/clients/run
	tests/web/run

## bench: the figures of the README
bench: setup libduckdb pages
	cargo bench --workspace
	cargo build --release --package belvedere-server --features web
	cargo build --release --package belvedere-http --example bare
	cargo build --release --package belvedere-store --example people
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

## pages: the API Explorer, for `cargo build --features web`
pages: $(PAGES)

$(PAGES): target/web/node_modules $(WEB)
	ln -sfn ../target/web/node_modules web/node_modules
	cd web && npm run --silent build

target/web/node_modules: web/package.json web/package-lock.json
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || \
	  { echo 'the pages need Node.js 20.19 or newer'; exit 1; }
	mkdir -p $(@D)
	cp $^ $(@D)
	cd $(@D) && npm ci --silent --no-audit --no-fund
	touch $@
