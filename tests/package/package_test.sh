#!/usr/bin/env bash
# tests/package/package_test.sh BUILD - installs what BUILD has built, and uses it from a project of its own: with
# find_package, with pkg-config, from the .deb packages; and the source tree with FetchContent.
set -euo pipefail

build=$(readlink -f "$1")
source=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../..")
readonly build source
readonly consumer=$source/tests/package/consumer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step() { echo "package: $*"; }
# quietly COMMAND...: shows what it prints when it fails.
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; return 1; }; }

# consume HOW ARGS...: builds the consumer, runs its tests and its command line.
consume() {
  local dir=$work/$1
  quietly cmake -S "$consumer" -B "$dir" -G Ninja -DHEDDLE_BY="$1" "${@:2}"
  quietly cmake --build "$dir" --target shop shop_test basket_test
  quietly ctest --test-dir "$dir" --output-on-failure --no-tests=error -R '^(basket_test|shop:shop\.basket)$'
  grep -q '100% tests passed, 0 tests failed out of 2' "$work/log"
  local status=0
  "$dir/shop" check shop/basket >"$work/log" || status=$?
  # The defect, with the source text beside it.
  if ((status != 1)) || ! grep -q 'const auto put' "$work/log"; then
    cat "$work/log"
    echo "package: shop check ended with status $status instead of 1, or without the source text"
    return 1
  fi
}

step install
quietly cmake --install "$build" --prefix "$work/prefix"

step find_package
consume find_package -DCMAKE_PREFIX_PATH="$work/prefix"

step pkg-config
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name heddle.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # several words
quietly c++ -std=c++20 "$consumer/plain.cpp" $(pkg-config --cflags --libs --define-variable=prefix="$work/prefix" heddle) -o "$work/plain"
"$work/plain"

step public headers compile alone
for header in "$work/prefix/include/heddle/"*.hpp; do
  if [[ $header == */gtest.hpp ]]; then continue; fi
  echo "#include <heddle/$(basename "$header")>" >"$work/alone.cpp"
  quietly c++ -std=c++20 -fsyntax-only -Wall -Wextra -I"$work/prefix/include" "$work/alone.cpp"
done

step deb
(cd "$work" && quietly cpack --config "$build/CPackConfig.cmake" -B "$work/deb")
for package in heddle libheddle-dev; do
  deb=("$work/deb/${package}_"*.deb)
  dpkg-deb --extract "${deb[0]}" "$work/root"
done
(cd / && "$work/root/usr/bin/heddle" check counter/locked --quiet >"$work/log")
test -e "$work/root/usr/include/heddle/check.hpp"
test -e "$work/root/usr/share/heddle/scenarios/counter/locked.cpp"

step FetchContent
consume FetchContent -DHEDDLE_SOURCE="$source" -DCMAKE_BUILD_TYPE=Debug -DHEDDLE_MERGE_SOURCES=ON
echo "package: passed"
