// checker/core/hash.hpp - hashes that are the same in every process and on every machine.
#pragma once

#include <cstdint>
#include <string_view>

namespace heddle::checker {

using Hash = std::uint64_t;

constexpr Hash mixed(Hash hash) {  // the finalizer of splitmix64 (Steele, Lea, Flood; OOPSLA'14)
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
  return hash ^ (hash >> 31);
}

// The hash of what `hash` stands for, followed by a text. Check sums in tokens are made of it.
constexpr Hash with_text(Hash hash, std::string_view text) {
  for (const char c : text) hash = mixed(hash + static_cast<unsigned char>(c) + 1);
  return hash;
}

}  // namespace heddle::checker
