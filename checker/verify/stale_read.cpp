// checker/verify/stale_read.cpp - why a read returned an old value, and what would have ordered it.
//
// A read may miss a write that the trace has before it because nothing orders the two. Three cases are told
// apart. The thread has read something that came after the write, so that the write caused the read: then the
// orders of that reading are too weak. Nothing that it has read came after the write: then both sides have to
// be seq_cst, or hold the same lock. Under tso it is always the store buffer of the thread that wrote.

#include "checker/core/format.hpp"
#include "checker/core/memory_order.hpp"
#include "checker/verify/witness.hpp"

namespace heddle::checker {

namespace {

std::string_view name_of(std::memory_order order) {
  switch (order) {
    case std::memory_order_relaxed: return "relaxed";
    case std::memory_order_consume: return "consume";
    case std::memory_order_acquire: return "acquire";
    case std::memory_order_release: return "release";
    case std::memory_order_acq_rel: return "acq_rel";
    case std::memory_order_seq_cst: return "seq_cst";
  }
  return "?";
}

}  // namespace

std::string Telling::order_of(const Event& event) const {
  const bool atomic =
      event.object != no_object && runner_->machine().object(event.object).kind == ObjectKind::Atomic;
  return event.kind == OperationKind::Fence || atomic ? std::string(name_of(event.order)) : std::string();
}

EventIndex Telling::overlooked(EventIndex event) const {
  const Trace& trace = runner_->execution().trace;
  EventIndex first = no_event;
  for (const EventIndex newer : newer_writes(trace, runner_->machine().coherence(), event))
    if (newer < event) first = newer;  // they come from the newest to the oldest
  return first;
}

std::string Telling::read_value(EventIndex event) const {
  const Event& e = runner_->execution().trace[event];
  return text_of(e.read, e.object);
}

std::string Telling::written_value(EventIndex event) const {
  const Event& e = runner_->execution().trace[event];
  return text_of(e.written, e.object);
}

std::vector<std::string> Telling::stale_read_reasons(EventIndex read) const {
  const Trace& trace = runner_->execution().trace;
  const EventIndex newer = overlooked(read);
  const Access& access = trace.access(trace[read].first_access);
  const std::string object = runner_->machine().object(access.object).name;
  std::string seen = "the initial value";
  if (access.last_write != no_access) {
    const EventIndex source = trace.access(access.last_write).event;
    seen = "what " + thread(trace[source].thread) + " wrote" + place(source);
  }
  std::vector<std::string> reasons;
  reasons.push_back(thread(trace[read].thread) + " read " + object + " = " + read_value(read) + place(read) +
                    ", " + seen + ", not what " + thread(trace[newer].thread) + " wrote" + place(newer) +
                    ": nothing orders step " + std::to_string(number(newer)) + " before this read.");
  reasons.push_back(what_would_order(newer, read));
  return reasons;
}

// The last step, up to the read, with which its thread (or one that it knows of) read something that came
// after the write without synchronising with it; or no_event.
EventIndex Telling::unsynchronised_read(EventIndex write, EventIndex read) const {
  const Trace& trace = runner_->execution().trace;
  const Causality& causality = runner_->causality();
  EventIndex best = no_event;
  int best_rank = -1;
  for (EventIndex event = read; event-- > write + 1;) {
    if (trace[event].kind != OperationKind::Load && trace[event].kind != OperationKind::ReadModifyWrite &&
        trace[event].kind != OperationKind::CompareExchange)
      continue;
    const Access& access = trace.access(trace[event].first_access);
    if (access.object_kind != ObjectKind::Atomic && access.object_kind != ObjectKind::Variable) continue;
    const AccessIndex source = access.last_write;
    if (source == no_access || !causality.before(event, read)) continue;
    const EventIndex writer = trace.access(source).event;
    if (trace[writer].thread == trace[event].thread || !causality.before(write, writer) ||
        runner_->happens_before().before(writer, event))
      continue;
    // What the thread of the write has written itself says most, and a failed compare-exchange least.
    const int rank = (trace[writer].thread == trace[write].thread ? 2 : 0) + (trace[event].succeeded ? 1 : 0);
    if (rank <= best_rank) continue;
    best = event;
    best_rank = rank;
  }
  return best;
}

std::string Telling::what_would_order(EventIndex write, EventIndex read) const {
  const Trace& trace = runner_->execution().trace;
  const std::string writer = thread(trace[write].thread);
  const std::string object = runner_->machine().object(trace[write].object).name;
  if (options_.model == MemoryModel::Tso)
    return "The write still waited in the store buffer of " + writer +
           ". A seq_cst store, or a seq_cst fence after it, would have brought it to memory before " +
           writer + " went on.";
  const EventIndex carrier = unsynchronised_read(write, read);
  if (carrier == no_event)
    return "Nothing that " + thread(trace[read].thread) +
           " has read came after that write. seq_cst for these accesses and for those that the other thread reads, "
           "seq_cst fences between the accesses of each thread, or one lock around both sides would order them.";
  const EventIndex sent = trace.access(trace.access(trace[carrier].first_access).last_write).event;
  const std::string flag = runner_->machine().object(trace[carrier].object).name;
  std::string text = thread(trace[carrier].thread) + " did read what " + thread(trace[sent].thread) +
                     " wrote to " + flag + place(sent) + ", but that reading does not synchronise: ";
  bool release = releases(trace[sent].order);
  for (EventIndex e = sent; !release && trace[e].number > 1;) {
    e = trace[e].po_previous;
    release = trace[e].kind == OperationKind::Fence && releases(trace[e].order);
  }
  const bool acquire = acquires(trace[carrier].order);
  if (runner_->machine().object(trace[carrier].object).kind == ObjectKind::Variable) {
    text +=
        flag +
        " is no atomic. Make it one, written with release and read with acquire, or take one lock on both "
        "sides";
  } else if (!release && !acquire) {
    text += "the write is " + std::string(name_of(trace[sent].order)) + " and the read is " +
            std::string(name_of(trace[carrier].order)) + ". Release for the write of " + flag +
            " and acquire for its read";
  } else {
    text += release ? "the read is " + std::string(name_of(trace[carrier].order)) +
                          ". Acquire for the read of " + flag + ", or an acquire fence after it,"
                    : "the write is " + std::string(name_of(trace[sent].order)) +
                          ". Release for the write of " + flag + ", or a release fence before it,";
  }
  return text + " would make step " + std::to_string(number(write)) + " happen before the read of " + object +
         ".";
}

}  // namespace heddle::checker
