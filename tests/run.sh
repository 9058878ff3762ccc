#!/usr/bin/env bash
# Builds everything and runs every test suite; the last line is the true sum "N passed, N failed".
#
#   tests/run.sh              what CI runs
#   KMSGATEWAY_FULL=1         the long forms: 20 rounds of the crash test instead of 2, finer first-start sweep
#   KMSGATEWAY_SUITES=REGEX   only what matches, out of: Policy.Tests, Core.Tests, Gateway.Tests,
#                             Wire.Tests (embedded), node (embedded), Wire.Tests (split), node (split)
#
# Debian packages that are missing are installed when this runs as root; otherwise they are named and the run fails.
# Logs and reports are left in artifacts/. Exit code 0 only when everything passed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

artifacts=$root/artifacts
results=$artifacts/results.tsv
wire=$root/tests/Wire.Tests
wanted=${KMSGATEWAY_SUITES:-.}
topologies=(embedded split)

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 TERM=dumb
export KMSGATEWAY_CONFIGURATION=Release
unset KMSGATEWAY_TOPOLOGY NODE_OPTIONS

say() { printf '== %s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# command:package pairs
tools=(node:nodejs npm:npm wrk:wrk openssl:openssl gcc:gcc curl:curl jq:jq kill:procps z3:z3 faketime:faketime go:golang-go)

# directory:package pairs; the Go packages that a client under test is built from
sources=(/usr/share/gocode/src/github.com/denverdino/aliyungo:golang-github-denverdino-aliyungo-dev)

missing_packages() {
  local pair
  for pair in "${tools[@]}"; do
    type -P "${pair%%:*}" >/dev/null || printf '%s\n' "${pair##*:}"
  done
  for pair in "${sources[@]}"; do
    [ -d "${pair%%:*}" ] || printf '%s\n' "${pair##*:}"
  done
}

install_packages() {
  local packages
  mapfile -t packages < <(missing_packages)
  [ "${#packages[@]}" -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ]; then
    fail "missing Debian packages: ${packages[*]} (install them, or run this as root)"
  fi

  say "installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  if ! apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$artifacts/apt.log" 2>&1; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >>"$artifacts/apt.log" 2>&1 ||
      { cat "$artifacts/apt.log" >&2; fail "could not install ${packages[*]}"; }
  fi

  mapfile -t packages < <(missing_packages)
  [ "${#packages[@]}" -eq 0 ] || fail "still missing after the installation: ${packages[*]}"
}

# Runs a step; its output goes to a log, which is shown when the step fails.
quietly() {
  local name=$1 log
  shift
  log=$artifacts/$name.log
  say "$name: $*"
  "$@" >"$log" 2>&1 </dev/null || { cat "$log" >&2; fail "$name failed; see above"; }
}

build() {
  quietly restore dotnet restore KmsGateway.sln
  quietly build dotnet build KmsGateway.sln -c Release --no-restore -v q -p:UseSharedCompilation=false
  quietly npm-ci npm ci --prefix "$wire" --ignore-scripts --no-audit --no-fund
}

# record NAME PASSED FAILED SKIPPED SECONDS
record() { (IFS=$'\t'; printf '%s\n' "$*") >>"$results"; }

counter() { sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1; }

# One xunit project; a crash and an empty run count as failures.
run_project() {
  local project=$1 topology=${2:-} name=$1 trx log code=0 passed=0 failed=0 skipped=0 total=0 started=$SECONDS
  [ -z "$topology" ] || name="$project ($topology)"
  [[ $name =~ $wanted ]] || return 0
  say "$name"
  trx=$artifacts/$project${topology:+-$topology}.trx
  log=${trx%.trx}.log
  rm -f "$trx"
  KMSGATEWAY_TOPOLOGY=${topology:-embedded} dotnet test "tests/$project/KmsGateway.$project.csproj" -c Release --no-build \
    --logger "trx;LogFileName=$trx" --logger "console;verbosity=normal" >"$log" 2>&1 </dev/null || code=$?
  if [ -f "$trx" ]; then
    total=$(counter "$trx" total)
    passed=$(counter "$trx" passed)
    skipped=$(counter "$trx" notExecuted)
    failed=$((${total:-0} - ${passed:-0} - ${skipped:-0}))
  fi

  if [ "$failed" -eq 0 ] && { [ "$code" -ne 0 ] || [ "${passed:-0}" -eq 0 ]; }; then
    failed=1
    echo "  $name: exit code $code and no named failure; the end of its log:"
    tail -n 25 "$log"
  elif [ "$failed" -gt 0 ]; then
    grep -E '^\s*Failed ' "$log" | head -n 60 || true
  fi

  record "$name" "${passed:-0}" "$failed" "${skipped:-0}" "$((SECONDS - started))"
}

# The Node suites of one topology; suites.mjs writes one row per suite.
run_node() {
  local topology=$1 code=0 rows_before rows_after
  [[ "node ($topology)" =~ $wanted ]] || return 0
  say "node suites ($topology)"
  rows_before=$(wc -l <"$results")
  node "$wire/suites.mjs" --topology "$topology" --results "$results" </dev/null || code=$?
  rows_after=$(wc -l <"$results")
  if [ "$rows_after" -eq "$rows_before" ] || { [ "$code" -ne 0 ] && ! tail -n "+$((rows_before + 1))" "$results" | cut -f 3 | grep -qv '^0$'; }; then
    record "node suites ($topology): exit code $code" 0 1 0 0
  fi
}

table() {
  printf '\n%-46s %8s %8s %8s %6s\n' suite passed failed skipped s
  awk -F '\t' '{ printf "%-46s %8d %8d %8d %6d\n", $1, $2, $3, $4, $5 }' "$results"
}

main() {
  mkdir -p "$artifacts"
  : >"$results"
  install_packages
  build
  # Why only now: npm may need it to reach its registry; the clients under test trust the service's own CA and nothing else.
  unset NODE_EXTRA_CA_CERTS

  local project topology
  for project in Policy.Tests Core.Tests Gateway.Tests; do
    run_project "$project"
  done
  for topology in "${topologies[@]}"; do
    run_project Wire.Tests "$topology"
    run_node "$topology"
  done

  table
  local passed failed
  passed=$(awk -F '\t' '{ n += $2 } END { print n + 0 }' "$results")
  failed=$(awk -F '\t' '{ n += $3 } END { print n + 0 }' "$results")
  [ -s "$results" ] || failed=1
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

main "$@"
