#!/usr/bin/env bash
# Nanoseconds per policy decision: the compiled policies of the gateway, a scan of all statements of the same policies, and the
# same questions asked of cedar-wasm and iam-simulate on equivalent policies, all in one run on one machine.
#
#   tests/bench-policy.sh               1, 10, 100, 1,000, 10,000 statements once, 100 statements four times more (best of 5)
#   KMSGATEWAY_BENCH_SIZES="100 1000"   sizes that the other engines are asked with
#
# Reports are left in artifacts/bench-policy/. Exit code 1 when a decision of 100 statements takes over 1 microsecond or
# allocates, 10,000 statements cost over 3 times as much as 100, or cedar-wasm is not 100 times slower.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

sizes=${KMSGATEWAY_BENCH_SIZES:-100}
peers=tests/Benchmarks/peers
out=$root/artifacts/bench-policy
results=$out/results.tsv
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# benchmark NAME FILTER: appends "engine statements question ns bytes" of one BenchmarkDotNet run
benchmark() {
  local name=$1 filter=$2 report
  echo "== BenchmarkDotNet, $name" >&2
  dotnet run --project tests/Benchmarks -c Release --no-build -- \
    --filter "$filter" --inProcess --job short --exporters briefjson --artifacts "$out/$name" >"$out/$name.log" 2>&1 ||
    { tail -n 30 "$out/$name.log" >&2; exit 1; }
  report=$(find "$out/$name" -name '*-report-brief.json')
  jq -r '.Benchmarks[] | (.Parameters | capture("Statements=(?<n>[0-9]+)&Question=(?<q>[A-Za-z]+)")) as $p
         | [.Method, $p.n, $p.q, .Statistics.Mean, .Memory.BytesAllocatedPerOperation] | @tsv' "$report" >>"$results"
}

rm -rf "$out"
mkdir -p "$out"
dotnet build tests/Benchmarks -c Release -v q >"$out/build.log" 2>&1 || { cat "$out/build.log" >&2; exit 1; }
npm ci --prefix "$peers" --ignore-scripts --no-audit --no-fund >"$out/npm.log" 2>&1 || { cat "$out/npm.log" >&2; exit 1; }

benchmark run1 '*EvaluationBenchmarks*'
for run in 2 3 4 5; do
  benchmark "run$run" '*EvaluationBenchmarks*Statements: 100,*'
done

echo "== other engines" >&2
# shellcheck disable=SC2086
node "$peers/bench.mjs" $sizes | awk -F '\t' -v OFS='\t' '{ print $1, $2, $3, $4, "" }' >>"$results"

# best of all runs per engine, size and question; then the table and the bounds
awk -F '\t' '
  function at(engine, n, q) { return best[engine, n, q] }
  { k = $1 SUBSEP $2 SUBSEP $3; if (!(k in best) || $4 < best[k]) best[k] = $4 }
  $1 == "Indexed" && $5 > 0 { allocated = 1 }
  END {
    printf "| statements | question | compiled | naive scan | ratio | cedar-wasm | iam-simulate |\n|---:|---|---:|---:|---:|---:|---:|\n"
    split("1 10 100 1000 10000", size, " "); split("Hit Miss Deny Tag", question, " ")
    for (i = 1; i <= 5; i++) for (j = 1; j <= 4; j++) {
      n = size[i]; q = question[j]; own = at("Indexed", n, q)
      printf "| %d | %s | %.0f ns | %.0f ns | %.1fx | %s | %s |\n", n, q, own, at("Naive", n, q), at("Naive", n, q) / own,
        (("cedar-wasm", n, q) in best) ? sprintf("%.0f ns (%.0fx)", at("cedar-wasm", n, q), at("cedar-wasm", n, q) / own) : "",
        (("iam-simulate", n, q) in best) ? sprintf("%.0f ns (%.0fx)", at("iam-simulate", n, q), at("iam-simulate", n, q) / own) : ""
      if (n == 100 && own > 1000) bad = bad sprintf("%s of 100 statements takes %.0f ns\n", q, own)
      if (n == 10000 && own > 3 * at("Indexed", 100, q)) bad = bad sprintf("%s of 10,000 statements costs over 3 times as much as of 100\n", q)
      if (("cedar-wasm", n, q) in best && n == 100 && at("cedar-wasm", n, q) < 100 * own) bad = bad sprintf("cedar-wasm: %s is not 100 times slower\n", q)
    }
    if (allocated) bad = bad "a decision allocates\n"
    if (bad != "") { printf "%s", bad; exit 1 }
  }' "$results"
