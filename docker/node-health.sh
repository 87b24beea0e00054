#!/usr/bin/env bash
# Whether this node is the active one or a standby that streams, and its manager answers; with "agent" the former alone.
set -euo pipefail

# answers PORT PATH: whether the status is 200
answers() {
  local line
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3
  IFS= read -r -t 4 line <&3 || return 1
  exec 3<&- 3>&-
  [[ $line == *' 200 '* ]]
}

answers 7401 /active || answers 7401 /standby || exit 1
[[ ${1:-} == agent ]] || answers 8080 /q/health/live
