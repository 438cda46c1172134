#include "checker/native/processors.hpp"

#include <sched.h>

namespace heddle::checker::native {

std::vector<int> processors() {
  std::vector<int> all;
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return all;
  for (int processor = 0; processor < CPU_SETSIZE; ++processor)
    if (CPU_ISSET(processor, &set)) all.push_back(processor);
  return all;
}

void pin(const std::vector<int>& processors, std::size_t nth) {
  if (processors.empty()) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processors[nth % processors.size()], &set);
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace heddle::checker::native
