// tests/graphs/relation.hpp - sets and relations of at most 64 events, with the operators of the papers.
//
// a | b is the union, a * b the composition "a;b", and id(set) the identity on a set, "[set]".
#pragma once

#include <array>
#include <cstdint>

namespace heddle::graphs {

inline constexpr unsigned events_max = 64;

using Set = std::uint64_t;  // of events: the bit with an event's number

constexpr Set only(unsigned event) { return Set{1} << event; }

class Relation {
 public:
  explicit Relation(unsigned events) : events_(events) {}

  void add(unsigned from, unsigned to) { rows_[from] |= only(to); }
  bool has(unsigned from, unsigned to) const { return (rows_[from] & only(to)) != 0; }
  unsigned events() const { return events_; }

  friend Relation operator|(const Relation& left, const Relation& right) {
    Relation result(left.events_);
    for (unsigned e = 0; e < left.events_; ++e) result.rows_[e] = left.rows_[e] | right.rows_[e];
    return result;
  }
  friend Relation operator*(const Relation& left, const Relation& right) {
    Relation result(left.events_);
    for (unsigned e = 0; e < left.events_; ++e)
      for (unsigned middle = 0; middle < left.events_; ++middle)
        if (left.has(e, middle)) result.rows_[e] |= right.rows_[middle];
    return result;
  }
  // The pairs for which `keep(from, to)` holds.
  template <class Predicate>
  Relation where(Predicate keep) const {
    Relation result(events_);
    for (unsigned from = 0; from < events_; ++from)
      for (unsigned to = 0; to < events_; ++to)
        if (has(from, to) && keep(from, to)) result.add(from, to);
    return result;
  }
  Relation inverse() const {
    Relation result(events_);
    for (unsigned from = 0; from < events_; ++from)
      for (unsigned to = 0; to < events_; ++to)
        if (has(from, to)) result.add(to, from);
    return result;
  }
  Relation closure() const {  // transitive
    Relation result = *this;
    for (unsigned middle = 0; middle < events_; ++middle)
      for (unsigned from = 0; from < events_; ++from)
        if (result.has(from, middle)) result.rows_[from] |= result.rows_[middle];
    return result;
  }
  Relation or_same() const {  // reflexive closure, "r?"
    Relation result = *this;
    for (unsigned e = 0; e < events_; ++e) result.add(e, e);
    return result;
  }
  bool irreflexive() const {
    for (unsigned e = 0; e < events_; ++e)
      if (has(e, e)) return false;
    return true;
  }
  bool acyclic() const { return closure().irreflexive(); }

  static Relation identity(unsigned events, Set set) {
    Relation result(events);
    for (unsigned e = 0; e < events; ++e) result.rows_[e] = set & only(e);
    return result;
  }

 private:
  unsigned events_;
  std::array<Set, events_max> rows_{};  // row of an event: those it is related to
};

}  // namespace heddle::graphs
