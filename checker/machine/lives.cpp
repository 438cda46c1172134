#include "checker/machine/lives.hpp"

#include "checker/machine/scenario_memory.hpp"

#include <link.h>
#include <unwind.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace heddle::checker {

void Lives::clear() {
  for (const ObjectIndex object : begun_) lives_[object] = {};
  begun_.clear();
  ended_.clear();
}

void Lives::begin(ObjectIndex object, const Life& life) {
  if (object >= lives_.size()) lives_.resize(object + 16);
  lives_[object] = life;
  if (life.maker != no_thread) begun_.push_back(object);
}

void Lives::end(ObjectIndex object, ThreadIndex ender, EventIndex end, bool counted) {
  if (object >= lives_.size() || lives_[object].maker == no_thread) return;
  Life& life = lives_[object];
  life.ended = true;
  life.ender = ender;
  life.end = end;
  life.counted = counted;
  ended_.push_back(object);
}

ObjectIndex Lives::last_at(const void* address) const {
  const auto last = std::find_if(begun_.rbegin(), begun_.rend(),
                                 [&](ObjectIndex object) { return lives_[object].address == address; });
  return last == begun_.rend() ? no_object : *last;
}

namespace {

// The memory of the program and its libraries that no relocation writes after the start.
struct Constants {
  struct Range {
    std::uintptr_t begin;
    std::uintptr_t end;
  };
  std::vector<Range> ranges;

  Constants() { dl_iterate_phdr(add, this); }
  static int add(dl_phdr_info* info, std::size_t, void* self) {
    for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
      const ElfW(Phdr)& header = info->dlpi_phdr[i];
      const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
      const bool constant = header.p_type == PT_GNU_RELRO ||
                            (header.p_type == PT_LOAD && (header.p_flags & (PF_W | PF_X)) == 0);
      if (constant) static_cast<Constants*>(self)->ranges.push_back({begin, begin + header.p_memsz});
    }
    return 0;
  }
  // Whether so many bytes there can be read and are constant.
  bool contain(std::uintptr_t address, std::size_t size) const {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const Range& r) { return address >= r.begin && address + size <= r.end; });
  }
};

std::uintptr_t word_at(std::uintptr_t address) {
  std::uintptr_t word;
  std::memcpy(&word, reinterpret_cast<const void*>(address), sizeof word);
  return word;
}

// The function that gives up what is shared, if a control block of libstdc++'s std::shared_ptr begins with
// this word; else 0. Itanium C++ ABI, 2.5: a vtable has its type_info in front, whose second word is its
// name.
std::uintptr_t dispose_of(std::uintptr_t vtable, const Constants& constants) {
  constexpr std::size_t word = sizeof(std::uintptr_t);
  constexpr std::string_view of_one = "St23_Sp_counted_ptr_inplace";
  constexpr std::string_view names[] = {of_one, "St15_Sp_counted_ptrI", "St19_Sp_counted_deleterI",
                                        "St29_Sp_counted_array"};
  if (vtable < word || !constants.contain(vtable - word, 4 * word)) return 0;
  const std::uintptr_t type = word_at(vtable - word);
  if (!constants.contain(type, 2 * word)) return 0;
  const std::uintptr_t name = word_at(type + word);
  for (const std::string_view each : names)
    if (constants.contain(name, each.size()) &&
        std::memcmp(reinterpret_cast<const void*>(name), each.data(), each.size()) == 0)
      return word_at(vtable + 2 * word);  // after the two destructors
  return 0;
}

struct Search {
  const std::vector<std::uintptr_t>& functions;
  bool found = false;
};

_Unwind_Reason_Code look_for(_Unwind_Context* context, void* data) {
  auto& search = *static_cast<Search*>(data);
  const std::uintptr_t begin = _Unwind_GetRegionStart(context);
  search.found = std::find(search.functions.begin(), search.functions.end(), begin) != search.functions.end();
  return search.found ? _URC_END_OF_STACK : _URC_NO_REASON;
}

}  // namespace

bool in_shared_ptr_dispose(ScenarioMemory& memory) {
  static const Constants constants;
  std::vector<std::uintptr_t> functions;
  for (ThreadIndex thread = 0; thread < memory.threads(); ++thread)
    for (const Block& block : memory.heap(thread).blocks())
      if (block.live && block.size >= 2 * sizeof(std::uintptr_t))
        if (const std::uintptr_t dispose =
                dispose_of(word_at(reinterpret_cast<std::uintptr_t>(block.begin)), constants))
          functions.push_back(dispose);
  if (functions.empty()) return false;
  Search search{functions};
  _Unwind_Backtrace(look_for, &search);
  return search.found;
}

}  // namespace heddle::checker
