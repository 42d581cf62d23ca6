#!/bin/sh
# Builds the front end with Node 20+ from PATH, else with Node from a wheel in the virtual environment given as $1.
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")"
new_enough() { node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' >/dev/null 2>&1; }
if ! new_enough; then
  "$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r ../requirements/node.txt
  PATH="$bin:$PATH"
  new_enough || { echo "Node.js 20 or newer is needed to build the front end: install it and run again."; exit 1; }
fi
[ -d node_modules/esbuild ] && [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --ignore-scripts
node build.mjs
