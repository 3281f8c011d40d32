#!/usr/bin/env bash
# Brings Thunderbird 115, the oldest that the add-on supports, as Debian 11 has it, into the folder $1; prints its path.
set -euo pipefail

mkdir -p "$1"
folder=$(realpath "$1")
program=$folder/thunderbird
if [ ! -x "$program" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work"/{lists,cache}/partial
  # Of the mirror that this machine uses.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m1 '/debian/$')
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bullseye main" > "$work/sources"
  apt=(apt-get -qq -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" -o Dir::State::status=/dev/null
    -o Dir::Etc::sourcelist="$work/sources" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root)
  "${apt[@]}" update >&2
  # What it needs and newer Debians have no more lies beside it.
  (cd "$work" && "${apt[@]}" download thunderbird libffi7 libdbus-glib-1-2 >&2)
  for package in "$work"/*.deb; do dpkg -x "$package" "$folder"; done
  cat > "$program" <<'EOF'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/usr/lib
LD_LIBRARY_PATH=$here/thunderbird:$here/x86_64-linux-gnu exec "$here/thunderbird/thunderbird" "$@"
EOF
  chmod +x "$program"
fi
"$program" --version | grep -q ' 115\.' || { echo "not Thunderbird 115: $program" >&2; exit 1; }
echo "$program"
