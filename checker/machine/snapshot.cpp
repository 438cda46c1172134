#include "checker/machine/snapshot.hpp"

#include "checker/machine/sanitizer_hooks.hpp"

#include <link.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string_view>
#include <utility>

namespace heddle::checker {

namespace {

// In one piece each, whatever the type of what is there.
using Unit [[gnu::may_alias]] = std::uint64_t;

constexpr std::uint64_t factor = 0x9fb2'1c65'1e98'df25;

struct Parts {
  StaticMemory::Of of;
  std::vector<std::span<std::byte>> found = {};
};

std::span<std::byte> whole_units(std::uintptr_t begin, std::size_t size) {
  const std::uintptr_t end = (begin + size) / sizeof(Unit) * sizeof(Unit);
  begin = (begin + sizeof(Unit) - 1) / sizeof(Unit) * sizeof(Unit);
  return {reinterpret_cast<std::byte*>(begin), end > begin ? end - begin : 0};
}

// The variables of one loaded object: what is writable after relocation.
int add_parts(dl_phdr_info* info, std::size_t, void* parts_of) {
  auto& parts = *static_cast<Parts*>(parts_of);
  const std::string_view name = info->dlpi_name == nullptr ? "" : info->dlpi_name;
  const bool of_system =
      name.starts_with("/lib") || name.starts_with("/usr/lib") || name.starts_with("linux-");
  const bool keeps = parts.of == StaticMemory::Of::Libraries && name.find("libstdc++") != name.npos;
  if (of_system && !keeps) return 0;
  std::uintptr_t constant_end = 0;
  for (unsigned i = 0; i < info->dlpi_phnum; ++i)
    if (info->dlpi_phdr[i].p_type == PT_GNU_RELRO)
      constant_end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
  for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    const std::uintptr_t end = begin + header.p_memsz;
    if (header.p_type == PT_LOAD && (header.p_flags & PF_W) != 0) {
      if (constant_end > begin && constant_end <= end) begin = constant_end;
      parts.found.push_back(whole_units(begin, end - begin));
    } else if (header.p_type == PT_TLS && info->dlpi_tls_data != nullptr) {
      parts.found.push_back(
          whole_units(reinterpret_cast<std::uintptr_t>(info->dlpi_tls_data), header.p_memsz));
    }
  }
  return 0;
}

}  // namespace

// Four chains side by side, each a multiplication per 8 bytes.
HEDDLE_TOUCHES_ANYTHING Hash hash_of_memory(const void* begin, const void* end, Hash seed) {
  const Unit* unit = static_cast<const Unit*>(begin);
  const Unit* const last = static_cast<const Unit*>(end);
  std::uint64_t chains[4] = {seed, seed + 1, seed + 2, seed + 3};
  for (; last - unit >= 4; unit += 4)
    for (unsigned i = 0; i < 4; ++i) chains[i] = std::rotl((chains[i] ^ unit[i]) * factor, 29);
  for (; unit < last; ++unit) chains[0] = std::rotl((chains[0] ^ *unit) * factor, 29);
  return mixed(mixed(mixed(chains[0] + mixed(chains[1])) + chains[2]) + chains[3]);
}

StaticMemory::StaticMemory(Of of) {
  Parts parts{of};
  dl_iterate_phdr(add_parts, &parts);
  parts_ = std::move(parts.found);
}

bool StaticMemory::contains(const void* address) const {
  const auto* const byte = static_cast<const std::byte*>(address);
  return std::any_of(parts_.begin(), parts_.end(), [&](const std::span<std::byte> part) {
    return byte >= part.data() && byte < part.data() + part.size();
  });
}

Hash StaticMemory::hash() const {
  Hash hash = 0;
  for (const std::span<std::byte> part : parts_)
    hash = hash_of_memory(part.data(), part.data() + part.size(), hash);
  return hash;
}

}  // namespace heddle::checker
