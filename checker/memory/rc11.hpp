// checker/memory/rc11.hpp - the order of seq_cst events in the C++ model.
#pragma once

#include "checker/memory/execution_graph.hpp"

namespace heddle::checker::rc11 {

// Whether psc_base U psc_F has no cycle (Lahav, Vafeiadis, Kang, Hur, Dreyer: Repairing sequential
// consistency in C/C++11, PLDI'17, section 3.2):
//
//     scb      = sb U sb|different-location; hb; sb|different-location U hb|same-location U co U fr
//     psc_base = ([E_sc] U [F_sc]; hb?); scb; ([E_sc] U hb?; [F_sc])
//     psc_F    = [F_sc]; (hb U hb; eco; hb); [F_sc]        eco = (rf U co U fr)+
//
// Cubic in the number of seq_cst events, with fences quadratic in the number of all events.
bool psc_is_acyclic(const ExecutionGraph& graph);

}  // namespace heddle::checker::rc11
