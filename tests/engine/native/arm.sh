#!/usr/bin/env bash
# Build the kernels for AArch64, and run driver.cpp on them in an emulator. Usage: arm.sh FOLDER CMAKE
set -euo pipefail
folder=$1 cmake=$2
root=$(cd "$(dirname "$0")/../../.." && pwd)
for tool in aarch64-linux-gnu-g++ qemu-aarch64; do
    if ! command -v $tool > /dev/null; then
        echo "Skipped: there is no $tool (Debian: g++-aarch64-linux-gnu and qemu-user)."
        exit 0
    fi
done
"$cmake" -S "$root/spliceai_cli/engine/native" -B "$folder" \
    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++
"$cmake" --build "$folder" --parallel
aarch64-linux-gnu-g++ -std=c++17 -O2 -I"$root/spliceai_cli/engine/native" "$root/tests/engine/native/driver.cpp" \
    -o "$folder/driver" -ldl
qemu-aarch64 -L /usr/aarch64-linux-gnu "$folder/driver" "$folder/kernels-neon.so"
