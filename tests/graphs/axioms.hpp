// tests/graphs/axioms.hpp - which execution graphs a memory model allows, by the letter of its definition.
//
// A read-modify-write is one event, both a read and a write. Where the papers have two, joined by rmw, this
// makes no difference: what enters between them goes to the write by co or fr, what leaves from between them
// leaves the read by fr, and atomicity makes co of the first two together.
#pragma once

#include "tests/graphs/relation.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

namespace heddle::graphs {

enum class Model : std::uint8_t { Sc, Tso, Rc11 };
inline constexpr std::array<Model, 3> models = {Model::Sc, Model::Tso, Model::Rc11};
std::string_view to_string(Model);

enum class Kind : std::uint8_t { Read, Write, ReadModifyWrite, Fence };

constexpr unsigned nowhere = ~0u;

struct Event {
  Kind kind = Kind::Fence;
  bool initial = false;           // of main, before it starts the threads
  bool update = false;            // a read-modify-write instruction, also one that failed and only reads
  unsigned thread = nowhere;      // nowhere: main
  unsigned location = nowhere;    // nowhere: a fence
  unsigned reads_from = nowhere;  // event
  std::memory_order order = std::memory_order_relaxed;
  int read = 0;
  int written = 0;

  bool reads() const { return kind == Kind::Read || kind == Kind::ReadModifyWrite; }
  bool writes() const { return kind == Kind::Write || kind == Kind::ReadModifyWrite; }
};

// Events of a thread stand in program order.
using Events = std::vector<Event>;

// One order of all writes to a location, the initial one first.
using Coherence = std::vector<unsigned>;

class ExecutionGraph {
 public:
  // REQUIRES: at most events_max events.
  explicit ExecutionGraph(const Events& events);

  // Whether the writes to `location` can be in this order: acyclic(po|loc | rf | co | fr) there, and no write
  // between a read-modify-write and the one it reads. Every model here asks for that.
  bool coherent(unsigned location, const Coherence& order) const;

  // With one order for every location, all of them coherent.
  bool consistent(Model model, const std::vector<Coherence>& orders) const;

 private:
  struct Communication {
    Relation co, fr;
  };
  Communication communication(const std::vector<Coherence>& orders) const;
  Set all(bool (*holds)(const Event&)) const;
  Relation id(Set set) const { return Relation::identity(size_, set); }
  bool same_location(unsigned a, unsigned b) const;

  bool consistent_sc(const Communication&) const;
  bool consistent_tso(const Communication&) const;
  bool consistent_rc11(const Communication&) const;

  const Events& events_;
  unsigned size_;
  Relation po_;    // within threads: "sb" of the papers
  Relation main_;  // from the initial writes to everything, because main starts the threads after them
  Relation rf_;
};

}  // namespace heddle::graphs
