#!/usr/bin/env bash
# Run the kernel tests on sanitized libraries. The interpreter is not sanitized, so the run-time library goes in first.
# Usage: sanitized.sh FOLDER PYTHON
set -euo pipefail
folder=$(cd "$1" && pwd)
export NATIVE_UNDER_TEST=$folder
export LD_PRELOAD=$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libstdc++.so)
# Python keeps what it allocates; leaks are not looked for.
export ASAN_OPTIONS=detect_leaks=0
exec "$2" -m pytest -q -p no:cacheprovider tests/engine/native
