#!/usr/bin/env bash
# The ratio: signed Encrypt requests of a RAM user against the full service, and against a bare Kestrel endpoint that does
# the same HMAC and AES-GCM (tests/Benchmarks/Load/BareEndpoint.cs), in interleaved rounds of one run.
#
#   tests/bench.sh                      full, bare, full, bare; 10 s each
#   KMSGATEWAY_BENCH_SECONDS=10         length of a round
#   KMSGATEWAY_BENCH_WARMUP=15          uncounted seconds before the rounds, each: the compiler works in tiers
#   KMSGATEWAY_BENCH_ROUNDS=2           rounds of each
#   KMSGATEWAY_BENCH_CONNECTIONS=32     connections of wrk
#   KMSGATEWAY_BENCH_THREADS=1          threads of wrk
#
# The service runs with its default log, the trail's events included; it goes to a file.
# Requests are signed just before their round, 1.5 times as many as it is expected to need. A round with any answer but 2xx
# is void and the run fails; one that exhausted its file is void and is run again. Needs wrk; tests/run.sh installs them.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

seconds=${KMSGATEWAY_BENCH_SECONDS:-10}
rounds=${KMSGATEWAY_BENCH_ROUNDS:-2}
warmup=${KMSGATEWAY_BENCH_WARMUP:-15}
connections=${KMSGATEWAY_BENCH_CONNECTIONS:-32}
threads=${KMSGATEWAY_BENCH_THREADS:-1}
probe_requests=60000
access_key_id=LTAI5tRootOfTheBenchmark

gateway=$root/gateway/bin/Release/net10.0/KmsGateway.Gateway.dll
tool=$root/tests/Benchmarks/bin/Release/net10.0/KmsGateway.Benchmarks.dll
work=$(mktemp -d)
children=()

cleanup() {
  local child
  for child in "${children[@]}"; do
    kill "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap cleanup EXIT

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

command -v wrk >/dev/null 2>&1 || fail "wrk is missing: apt-get install wrk"

# start NAME COMMAND...: the address it listens on goes to $work/NAME.url
start() {
  local name=$1 child url=
  shift
  "$@" >"$work/$name.log" 2>&1 </dev/null &
  child=$!
  children+=("$child")
  for _ in $(seq 600); do
    url=$(sed -n 's/^ *listening on:* *\(http:[^ ]*\).*/\1/p' "$work/$name.log" | head -n 1)
    [ -z "$url" ] || break
    kill -0 "$child" 2>/dev/null || { cat "$work/$name.log" >&2; fail "$name did not start"; }
    sleep 0.1
  done
  [ -n "$url" ] || fail "$name names no address"
  printf '%s\n' "${url%/}" >"$work/$name.url"
}

# sign COUNT: fills $work/requests
sign() { dotnet "$tool" sign --user "$work/user.json" --count "$1" --out "$work/requests"; }

# round NAME SECONDS: "verdict rate requests p50 p99 ran_out failed" of wrk over $work/requests
round() {
  local name=$1 length=$2 line
  wrk -t "$threads" -c "$connections" -d "${length}s" --latency -s tests/Benchmarks/Load/replay.lua \
    "$(cat "$work/$name.url")" -- "$work/requests" "$threads" >"$work/wrk.log" 2>&1 || { cat "$work/wrk.log" >&2; fail "wrk failed"; }
  line=$(sed -n 's/^round\t//p' "$work/wrk.log")
  [ -n "$line" ] || { cat "$work/wrk.log" >&2; fail "wrk gave no result"; }
  printf '%s\n' "$line"
}

# measured NAME: one counted round; the size of its file comes from the last rate of that name. A round that ran out of
# requests does not count and is run again with more.
measured() {
  local name=$1 rate verdict requests p50 p99 ran_out failed
  for _ in 1 2 3; do
    rate=$(cat "$work/$name.rate")
    sign $((rate * seconds * 3 / 2))
    IFS=$'\t' read -r verdict rate requests p50 p99 ran_out failed < <(round "$name" "$seconds")
    printf '%-5s %-5s %8s req/s  %9s requests  p50 %7s ms  p99 %7s ms\n' "$name" "$verdict" "$rate" "$requests" "$p50" "$p99"
    printf '%s\n' "$rate" >"$work/$name.rate"
    [ "$verdict" = void ] || break
    [ "$ran_out" -gt 0 ] || fail "the round is void: $failed requests failed"
    printf '%s\n' $((rate * 2)) >"$work/$name.rate"
  done
  [ "$verdict" = ok ] || fail "the round is void three times over: $ran_out threads ran out of requests"
  printf '%s\n' "$rate" >>"$work/$name.rates"
}

# A short round that may run out of requests: how fast is it about?
probe() {
  local name=$1 rate verdict rest ran_out failed
  sign "$probe_requests"
  IFS=$'\t' read -r verdict rate rest < <(round "$name" 1)
  ran_out=$(cut -f 4 <<<"$rest")
  failed=$(cut -f 5 <<<"$rest")
  # Why: requests that were sent twice are refused as replays, which is what an exhausted file looks like to the service
  [ "$verdict" = ok ] || [ "$ran_out" -gt 0 ] || fail "the $name endpoint refused $failed requests: $(tail -n 3 "$work/$name.log")"
  # the first second runs cold; the rounds will be faster
  printf '%s\n' $((rate * 2)) >"$work/$name.rate"
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

if [ ! -f "$gateway" ] || [ ! -f "$tool" ]; then
  dotnet build tests/Benchmarks -c Release -v q
  dotnet build gateway -c Release -v q
fi

secret=$(openssl rand -hex 15)
export DOTNET_NOLOGO=1
start full env Kms__DataDirectory="$work/data" Kms__Bootstrap__AccountId=1000000000000001 Kms__Bootstrap__AccessKeyId="$access_key_id" \
  Kms__Bootstrap__AccessKeySecret="$secret" Kms__Management__Url=http://127.0.0.1:0 Kms__Replay__MaxEntries=20000000 \
  dotnet "$gateway" --urls http://127.0.0.1:0
for _ in $(seq 600); do
  curl -fs -o "$work/ready" "$(cat "$work/full.url")/healthz/ready" && break
  sleep 0.1
done
[ -f "$work/ready" ] || fail "the service did not become ready: $(tail -n 5 "$work/full.log")"

KMSGATEWAY_ROOT_SECRET=$secret dotnet "$tool" prepare --url "$(cat "$work/full.url")" --root "$access_key_id" --out "$work/user.json"
start bare dotnet "$tool" bare --user "$work/user.json"

printf '%s, %s cores; wrk: %s threads, %s connections, %s s\n' "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
  "$threads" "$connections" "$seconds"
probe full
probe bare
seconds=$warmup measured full >/dev/null
seconds=$warmup measured bare >/dev/null
rm -f "$work"/*.rates
for _ in $(seq "$rounds"); do
  measured full
  measured bare
done

full=$(median "$work/full.rates")
bare=$(median "$work/bare.rates")
awk -v full="$full" -v bare="$bare" 'BEGIN { printf "full %.0f req/s, bare %.0f req/s, ratio %.3f\n", full, bare, full / bare }'
