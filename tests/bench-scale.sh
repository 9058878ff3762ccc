#!/usr/bin/env bash
# What 100,000 users, 10,000 policies and 1,000,000 access keys cost: authenticate + authorize against a store of 100 users,
# in interleaved rounds, and the time from launch to "Ready." over the big store.
#
#   tests/bench-scale.sh                      the figures of the README
#   KMSGATEWAY_SCALE_USERS=100000             and _POLICIES=10000, _KEYS=1000000
#   KMSGATEWAY_SCALE_STARTS=5                 starts that are timed; the median counts
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

users=${KMSGATEWAY_SCALE_USERS:-100000}
policies=${KMSGATEWAY_SCALE_POLICIES:-10000}
keys=${KMSGATEWAY_SCALE_KEYS:-1000000}
starts=${KMSGATEWAY_SCALE_STARTS:-5}

gateway=$root/gateway/bin/Release/net10.0/KmsGateway.Gateway.dll
tool=$root/tests/Benchmarks/bin/Release/net10.0/KmsGateway.Benchmarks.dll
work=$(mktemp -d)
child=

cleanup() {
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

if [ ! -f "$gateway" ] || [ ! -f "$tool" ]; then
  dotnet build tests/Benchmarks -c Release -v q
  dotnet build gateway -c Release -v q
fi

printf '%s, %s cores, load average %s\n' "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(cut -d ' ' -f 1 /proc/loadavg)"
dotnet "$tool" scale --out "$work" --users "$users" --policies "$policies" --keys "$keys"
printf 'ram.db: %s MB\n' "$(($(stat -c %s "$work/large/ram.db") / 1000000))"

for _ in $(seq "$starts"); do
  began=$(date +%s%N)
  Kms__DataDirectory="$work/large" Kms__Management__Url=http://127.0.0.1:0 dotnet "$gateway" --urls http://127.0.0.1:0 >"$work/start.log" 2>&1 </dev/null &
  child=$!
  until grep -q '^Ready\.$' "$work/start.log"; do
    kill -0 "$child" 2>/dev/null || { cat "$work/start.log" >&2; exit 1; }
    sleep 0.01
  done
  printf '%s\n' $((($(date +%s%N) - began) / 1000000)) >>"$work/starts"
  kill "$child"
  wait "$child" || true
  child=
done
sort -n "$work/starts" | awk '{ v[NR] = $1 } END { printf "start-up over the big store: median %s ms of %d starts (%s to %s ms)\n", v[int((NR + 1) / 2)], NR, v[1], v[NR] }'
