#include <heddle/options.hpp>

namespace heddle {

std::string_view to_string(MemoryModel model) noexcept {
  switch (model) {
    case MemoryModel::Sc: return "sc";
    case MemoryModel::Tso: return "tso";
    case MemoryModel::Rc11: return "rc11";
  }
  return "?";
}

std::optional<MemoryModel> parse_memory_model(std::string_view text) noexcept {
  for (const MemoryModel model : {MemoryModel::Sc, MemoryModel::Tso, MemoryModel::Rc11})
    if (text == to_string(model)) return model;
  return std::nullopt;
}

}  // namespace heddle
