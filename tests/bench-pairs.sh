#!/usr/bin/env bash
# Signatures per second of one thread through the provider (key in a sealed record, opened once) against `openssl speed` on the
# same machine, in interleaved rounds of one run; medians and their ratio.
#
#   tests/bench-pairs.sh              5 rounds of 2 s each
#   KMSGATEWAY_BENCH_ROUNDS=5         rounds
#   KMSGATEWAY_BENCH_SECONDS=2        length of a round
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

rounds=${KMSGATEWAY_BENCH_ROUNDS:-5}
seconds=${KMSGATEWAY_BENCH_SECONDS:-2}
tool=$root/tests/Benchmarks/bin/Release/net10.0/KmsGateway.Benchmarks.dll
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1

[ -f "$tool" ] || dotnet build tests/Benchmarks -c Release -v q

# the fourth field of the lines that begin with +F: signatures per second, in older versions seconds per signature
openssl_rate() { openssl speed -mr -seconds "$seconds" "$1" 2>/dev/null | awk -F : '/^\+F/ { print ($4 < 1) ? 1 / $4 : $4 }'; }

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# compare NAME SPEC ALGORITHM
compare() {
  local name=$1 spec=$2 algorithm=$3
  for _ in $(seq "$rounds"); do
    openssl_rate "$name" >>"$work/$name.openssl"
    dotnet "$tool" pair --spec "$spec" --algorithm "$algorithm" --seconds "$seconds" >>"$work/$name.provider"
  done
  awk -v name="$spec $algorithm" -v provider="$(median "$work/$name.provider")" -v openssl="$(median "$work/$name.openssl")" \
    'BEGIN { printf "%-28s provider %8.0f/s, openssl speed %8.0f/s, ratio %.3f\n", name, provider, openssl, provider / openssl }'
}

printf '%s, %s cores, %s\n' "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(openssl version)"
compare rsa2048 RSA_2048 RSA_PKCS1_SHA_256
compare ecdsap256 EC_P256 ECDSA_SHA_256
