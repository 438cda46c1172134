// checker/report/graph.hpp - an execution graph as a drawing.
#pragma once

#include <heddle/result.hpp>

#include <string>

namespace heddle::checker {

// The graph of an execution in the language of Graphviz: a column for each thread, and the relations by the
// names of the field: po, rf, co, fr (of reads of an old value) and sw.
std::string graph_dot(const Witness& witness, const std::string& title);

}  // namespace heddle::checker
