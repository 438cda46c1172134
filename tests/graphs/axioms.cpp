#include "tests/graphs/axioms.hpp"

namespace heddle::graphs {

std::string_view to_string(Model model) {
  switch (model) {
    case Model::Sc: return "sc";
    case Model::Tso: return "tso";
    case Model::Rc11: return "rc11";
  }
  return "?";
}

namespace {

using Order = std::memory_order;

bool is_seq_cst(const Event& e) { return e.order == Order::seq_cst; }
bool is_acquire(const Event& e) {
  return e.order == Order::acquire || e.order == Order::acq_rel || e.order == Order::seq_cst;
}
bool is_release(const Event& e) {
  return e.order == Order::release || e.order == Order::acq_rel || e.order == Order::seq_cst;
}

// From every write to all that come after it.
void add_all_pairs(const Coherence& order, Relation& co) {
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t j = i + 1; j < order.size(); ++j) co.add(order[i], order[j]);
}

// What was read is overwritten by that. An update does not overwrite for itself.
Relation from_reads(const Relation& rf, const Relation& co) {
  return (rf.inverse() * co).where([](unsigned from, unsigned to) { return from != to; });
}

}  // namespace

ExecutionGraph::ExecutionGraph(const Events& events)
    : events_(events), size_(static_cast<unsigned>(events.size())), po_(size_), main_(size_), rf_(size_) {
  for (unsigned b = 0; b < size_; ++b) {
    if (events[b].reads()) rf_.add(events[b].reads_from, b);
    for (unsigned a = 0; a < size_; ++a) {
      if (events[a].initial && !events[b].initial) main_.add(a, b);
      if (a < b && !events[a].initial && events[a].thread == events[b].thread) po_.add(a, b);
    }
  }
}

bool ExecutionGraph::same_location(unsigned a, unsigned b) const {
  return events_[a].location == events_[b].location && events_[a].location != nowhere;
}

Set ExecutionGraph::all(bool (*holds)(const Event&)) const {
  Set set = 0;
  for (unsigned e = 0; e < size_; ++e)
    if (holds(events_[e])) set |= only(e);
  return set;
}

bool ExecutionGraph::coherent(unsigned location, const Coherence& order) const {
  for (std::size_t i = 0; i < order.size(); ++i)
    if (events_[order[i]].kind == Kind::ReadModifyWrite &&
        (i == 0 || order[i - 1] != events_[order[i]].reads_from))
      return false;
  const auto here = [&](unsigned from, unsigned to) {
    return events_[from].location == location && events_[to].location == location;
  };
  Relation co(size_);
  add_all_pairs(order, co);
  const Relation rf = rf_.where(here);
  return (po_.where(here) | rf | co | from_reads(rf, co)).acyclic();
}

ExecutionGraph::Communication ExecutionGraph::communication(const std::vector<Coherence>& orders) const {
  Relation co(size_);
  for (const Coherence& order : orders) add_all_pairs(order, co);
  return {co, from_reads(rf_, co)};
}

bool ExecutionGraph::consistent(Model model, const std::vector<Coherence>& orders) const {
  if (!(po_ | main_ | rf_).acyclic()) return false;
  const Communication c = communication(orders);
  switch (model) {
    case Model::Sc: return consistent_sc(c);
    case Model::Tso: return consistent_tso(c);
    case Model::Rc11: return consistent_rc11(c);
  }
  return false;
}

bool ExecutionGraph::consistent_sc(const Communication& c) const {
  return (po_ | main_ | rf_ | c.co | c.fr).acyclic();
}

// x86-TSO as herd has it (Alglave, Maranget, Tautschnig; TOPLAS'14), for C++: a seq_cst store is followed by
// a barrier, a seq_cst fence is one, and other orders are for the compiler alone.
bool ExecutionGraph::consistent_tso(const Communication& c) const {
  const auto kept = [&](unsigned from, unsigned to) {
    const Event& a = events_[from];
    const Event& b = events_[to];
    if ((a.kind == Kind::Fence && !is_seq_cst(a)) || (b.kind == Kind::Fence && !is_seq_cst(b))) return false;
    const bool waits_in_buffer = a.kind == Kind::Write && !is_seq_cst(a);
    const bool overtakes = b.kind == Kind::Read && !b.update;
    return !(waits_in_buffer && overtakes);
  };
  const Relation ppo = po_.where(kept);
  const Relation rfe = rf_.where([&](unsigned from, unsigned to) {
    return events_[from].initial || events_[from].thread != events_[to].thread;
  });
  return (ppo | main_ | rfe | c.co | c.fr).acyclic();
}

// Lahav, Vafeiadis, Kang, Hur, Dreyer: Repairing Sequential Consistency in C/C++11; PLDI'17. Names as there.
// Two things differ, because C++20 says so: a release sequence goes on with read-modify-writes alone, not
// with later writes of the same thread; and what strongly happens before, sb; hb; sb in scb, need not go to
// different locations at its ends ([intro.races]/12.3).
bool ExecutionGraph::consistent_rc11(const Communication& c) const {
  const Set reads = all([](const Event& e) { return e.reads(); });
  const Set writes = all([](const Event& e) { return e.writes(); });
  const Set updates = all([](const Event& e) { return e.kind == Kind::ReadModifyWrite; });
  const Set fences = all([](const Event& e) { return e.kind == Kind::Fence; });
  const Set seq_cst = all(is_seq_cst);
  const Relation& sb = po_;
  const Relation& rf = rf_;

  const Relation rs = id(writes) * (rf * id(updates)).closure().or_same();
  const Relation after_fence = (id(fences) * sb).or_same();
  const Relation before_fence = (sb * id(fences)).or_same();
  const Relation sw =
      id(all(is_release)) * after_fence * rs * rf * id(reads) * before_fence * id(all(is_acquire));
  const Relation hb = (sb | main_ | sw).closure();
  const Relation eco = (rf | c.co | c.fr).closure();
  if (!(hb * eco.or_same()).irreflexive()) return false;

  const auto here = [&](unsigned from, unsigned to) { return same_location(from, to); };
  const Relation scb = sb | (sb * hb * sb) | hb.where(here) | c.co | c.fr;
  const Relation fence = id(seq_cst & fences);
  const Relation psc_base =
      (id(seq_cst) | (fence * hb.or_same())) * scb * (id(seq_cst) | (hb.or_same() * fence));
  const Relation psc_fence = fence * (hb | (hb * eco * hb)) * fence;
  return (psc_base | psc_fence).acyclic();
}

}  // namespace heddle::graphs
