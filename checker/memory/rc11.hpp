// checker/memory/rc11.hpp - what the C++ model asks of a whole graph.
#pragma once

#include "checker/memory/execution_graph.hpp"

namespace heddle::checker::rc11 {

// Whether psc_base U psc_F has no cycle (Lahav, Vafeiadis, Kang, Hur, Dreyer: Repairing sequential
// consistency in C/C++11, PLDI'17, section 3.2):
//
//     scb      = sb U sb; hb; sb U hb|same-location U co U fr
//     psc_base = ([E_sc] U [F_sc]; hb?); scb; ([E_sc] U hb?; [F_sc])
//     psc_F    = [F_sc]; (hb U hb; eco; hb); [F_sc]        eco = (rf U co U fr)+
//
// In the paper both sb of sb; hb; sb lead to different locations, so that a compiler may merge two writes of
// one. C++20's strongly happens before asks for no such thing ([intro.races]/12.3): the litmus test WWmerge1
// has an execution less.
//
// Cubic in the number of seq_cst events, with fences quadratic in the number of all events.
bool psc_is_acyclic(const ExecutionGraph& graph);

// Whether waiting for a change of an atomic object loses no notification ([atomics.wait]/4: eligible to be
// unblocked is who has seen an older value than one that happens before the notification). As where it is
// built on a futex: a notification finds who has joined the waiters before it, and who joins them after it
// sees what happens before it, though nothing synchronises. Linear in the number of events, and for each last
// look in that of the events of the two objects.
bool sees_what_was_notified(const ExecutionGraph& graph);

}  // namespace heddle::checker::rc11
