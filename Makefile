# Everything a newcomer needs: `make demo`, then `make test`.

SWIFT ?= swift
# The Swift runtime goes into the binary, so that it can be copied; system libraries stay shared.
RELEASE = $(SWIFT) build -c release --static-swift-stdlib --product winnow
BINARY = .build/release/winnow
DEMO = Tests/Fixtures/demo/WEB01

# pkg-config name : Debian package : what Winnow uses it for
LIBRARIES = \
	libpcre2-8:libpcre2-dev:regular_expressions_of_rules \
	libxml-2.0:libxml2-dev:Windows_event_XML \
	zlib:zlib1g-dev:.gz_inputs \
	libcrypto:libssl-dev:SHA-256_of_inputs_and_findings

.PHONY: help demo build test bench bench-screen ceiling lint format deps clean

help:
	@echo "make demo    install missing libraries, build, show the findings of a real incident"
	@echo "make test    install missing libraries, check the format, build and run all tests"
	@echo "make build   the release binary: $(BINARY)"
	@echo "make bench   speed beside ripgrep, grep -P, Hyperscan and xmllint: docs/performance.md"
	@echo "             BENCH='--quick' for small inputs, BENCH='--rows log,gz' for some of it"
	@echo "make bench-screen  speed of the scan for literals alone"
	@echo "make lint    check the format of the sources; make format mends it"

demo: build
	@echo
	@echo "== winnow scan $(DEMO)  (an NSSM log and two event exports)"
	@$(BINARY) scan $(DEMO) --format pretty --fail-on never

build: deps
	$(RELEASE)

test: deps lint
	$(SWIFT) test
	@$(MAKE) --no-print-directory ceiling

bench: build
	python3 bench/compare.py --winnow $(BINARY) $(BENCH)

# Instructions of small scans by the debug build that the tests leave; says so where none are counted.
ceiling:
	@if command -v python3 >/dev/null; then \
	  python3 bench/ceiling.py --configuration debug --winnow .build/debug/winnow; \
	else echo "ceiling: no python3 here, instructions are not counted"; fi

# The scan for literals alone, on a generated log.
RULES = Sources/WinnowRules
bench-screen:
	@mkdir -p .build/bench
	swiftc -O -wmo -swift-version 6 -o .build/bench/screen bench/screen/*.swift \
	  $(RULES)/Literals/Literal.swift $(RULES)/Literals/LiteralRarity*.swift \
	  $(RULES)/Matching/LiteralScan.swift $(RULES)/Matching/GramPass.swift
	python3 bench/generate.py log --mb 200 > .build/bench/service.log
	.build/bench/screen .build/bench/service.log

lint:
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Plugins Tests

format:
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Plugins Tests

# Installs what is missing with apt, and says what and why; silent where nothing is.
deps:
	@command -v $(SWIFT) >/dev/null || { \
	  echo "Swift 6.2 or later is needed: https://www.swift.org/install/linux/"; exit 1; }
	@missing=""; \
	command -v pkg-config >/dev/null || { \
	  missing=pkg-config; echo "missing: pkg-config (finds the libraries below)"; }; \
	for entry in $(LIBRARIES); do \
	  name=$${entry%%:*}; rest=$${entry#*:}; package=$${rest%%:*}; \
	  why=$$(echo "$${rest#*:}" | tr _ ' '); \
	  if ! pkg-config --exists $$name 2>/dev/null; then \
	    echo "missing: $$package ($$why)"; missing="$$missing $$package"; \
	  fi; \
	done; \
	if [ -n "$$missing" ]; then \
	  command -v apt-get >/dev/null || { \
	    echo "no apt-get here: install the packages above by hand"; exit 1; }; \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing with apt-get:$$missing"; \
	  $$sudo apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $$missing >/dev/null || exit 1; \
	fi

clean:
	rm -rf .build
