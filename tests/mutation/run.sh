#!/usr/bin/env bash
# Mutation testing of the policy module, folder by folder. Run by hand; it takes an hour or more.
#
#   tests/mutation/run.sh                      every folder that has no result yet
#   tests/mutation/run.sh Matching Conditions  these folders, unless they have a result
#   tests/mutation/run.sh --again Matching     these folders, result or not
#   tests/mutation/run.sh --survivors Matching once more what these results left alive, and files that changed since
#   tests/mutation/run.sh --report             the table and the surviving mutants of the results there are
#
# What is mutated is the last commit, in a clone of its own (KMSGATEWAY_MUTATION_CLONE): edits meanwhile do no harm. A result is
# artifacts/mutation/FOLDER.json, the report of the tool with the commit beside it in FOLDER.commit; a run that was broken off
# leaves none and is repeated.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
results=$root/artifacts/mutation
clone=${KMSGATEWAY_MUTATION_CLONE:-${TMPDIR:-/tmp}/kmsgateway-mutation}
folders=(Documents Matching Conditions Evaluation)

# one worker node less, no compiler server left behind, no analyzers over mutated code
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false RunAnalyzers=false
# the random tests run once per mutant: at a two-hundredth of their volume, from one seed
export KMSGATEWAY_MUTATION=1

say() { printf '== %s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

prepare() {
  if [ ! -d "$clone/.git" ]; then
    git clone -q "$root" "$clone"
  fi
  git -C "$clone" fetch -q "$root" HEAD
  git -C "$clone" checkout -q --detach FETCH_HEAD
  (cd "$clone" && dotnet tool restore && dotnet restore tests/Policy.Tests) >"$results/prepare.log" 2>&1 ||
    { cat "$results/prepare.log" >&2; fail "could not restore"; }
}

# mutate FOLDER PATTERN...: leaves the report in $output
mutate() {
  local folder=$1 arguments=() pattern
  output=$clone/artifacts/mutation-$folder
  shift
  say "$folder, commit $(git -C "$clone" rev-parse --short HEAD)"
  rm -rf "$output"
  for pattern in "$@"; do
    arguments+=(-m "$pattern")
  done
  (cd "$clone/tests/Policy.Tests" &&
    dotnet stryker -f ../mutation/stryker-config.json "${arguments[@]}" -O "$output") >"$results/$folder.log" 2>&1 </dev/null ||
    { tail -n 40 "$results/$folder.log" >&2; fail "$folder: the tool failed, see $results/$folder.log"; }
  output=$output/reports/mutation-report.json
}

whole() {
  mutate "$1" "$1/**/*.cs"
  git -C "$clone" rev-parse --short HEAD >"$results/$1.commit"
  mv "$output" "$results/$1.json"
}

survivors_of() {
  local patterns
  [ -f "$results/$1.json" ] || fail "$1: no result yet"
  mapfile -t patterns < <(node "$root/tests/mutation/survivors.mjs" patterns "$results/$1.json" "$clone")
  [ "${#patterns[@]}" -gt 0 ] || { say "$1: nothing survived"; return; }
  mutate "$1" "${patterns[@]}"
  node "$root/tests/mutation/survivors.mjs" merge "$results/$1.json" "$output"
  git -C "$clone" rev-parse --short HEAD >>"$results/$1.commit"
}

# What the tool could not compile or was told to leave out (Ignored, CompileError) does not count, as in its own score.
row() {
  jq -r --arg folder "$1" '
    [.files[].mutants[].status] | (map(select(. == "Killed")) | length) as $killed | (map(select(. == "Timeout")) | length) as $timeout |
    (map(select(. == "Survived")) | length) as $survived | (map(select(. == "NoCoverage")) | length) as $uncovered |
    ($killed + $timeout + $survived + $uncovered) as $all |
    [$folder, $all, $killed, $timeout, $survived, $uncovered, (if $all == 0 then 0 else ($killed + $timeout) * 1000 / $all | round / 10 end)] |
    "| " + (map(tostring) | join(" | ")) + " |"'
}

survivors() {
  jq -r '
    .files | to_entries | sort_by(.key)[] | .key as $file | (.value.source | split("\n")) as $lines | .value.mutants | sort_by(.location.start.line)[] |
    select(.status == "Survived" or .status == "NoCoverage") |
    "\($file | split("/policy/") | last):\(.location.start.line) [\(.status), \(.mutatorName)]\n    \($lines[.location.start.line - 1] | ltrimstr(" "))\n    -> \(.replacement)"'
}

report() {
  local files=() folder
  echo '| folder | mutants | killed | timeout | survived | not covered | score % |'
  echo '| --- | ---: | ---: | ---: | ---: | ---: | ---: |'
  for folder in "${folders[@]}"; do
    [ -f "$results/$folder.json" ] || continue
    files+=("$results/$folder.json")
    row "$folder" <"$results/$folder.json"
  done
  [ "${#files[@]}" -gt 0 ] || fail "no results yet"
  jq -s '{files: (map(.files | to_entries) | add | map(select([.value.mutants[] | select(.status != "Ignored")] != [])) | from_entries)}' "${files[@]}" >"$results/all.json"
  row all <"$results/all.json"
  echo
  survivors <"$results/all.json"
}

main() {
  mkdir -p "$results"
  type -P jq node >/dev/null || fail "missing Debian packages: jq nodejs"
  local mode=missing wanted=() argument folder
  for argument in "$@"; do
    case $argument in
      --again) mode=again ;;
      --survivors) mode=survivors ;;
      --report) report; return ;;
      *) [[ " ${folders[*]} " == *" $argument "* ]] || fail "no such folder: $argument (there are ${folders[*]})"; wanted+=("$argument") ;;
    esac
  done
  [ "${#wanted[@]}" -gt 0 ] || wanted=("${folders[@]}")

  prepare
  for folder in "${wanted[@]}"; do
    local started=$SECONDS
    if [ "$mode" = survivors ]; then
      survivors_of "$folder"
    elif [ -f "$results/$folder.json" ] && [ "$mode" = missing ]; then
      say "$folder: there is a result already"
    else
      whole "$folder"
    fi
    say "$folder took $(((SECONDS - started) / 60)) minutes"
  done
  report
}

main "$@"
exit
