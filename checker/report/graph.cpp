#include "checker/report/graph.hpp"

#include "checker/report/lanes.hpp"

namespace heddle::checker {

namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string node(std::int64_t step) { return step < 0 ? "initial" : "s" + std::to_string(step + 1); }

std::string edge(std::int64_t from, std::int64_t to, const std::string& relation, const std::string& look) {
  return "  " + node(from) + " -> " + node(to) + " [label=\"" + relation + "\", " + look + "];\n";
}

std::string nodes_of(const Witness& witness, const std::string& thread, std::size_t column) {
  std::string out;
  for (const Step& step : witness.steps) {
    if (step.thread != thread) continue;
    std::string label = std::to_string(step.index + 1) + ": " + step_text(step);
    if (!step.order.empty()) label += " (" + step.order + ")";
    out += "    " + node(step.index) + " [label=\"" + escaped(label) + "\"" +
           (step.stale ? ", color=red" : "") + "];\n";
  }
  if (out.empty()) return out;
  return "  subgraph cluster_" + std::to_string(column) + " {\n    label=\"" + escaped(thread) + "\";\n" +
         out + "  }\n";
}

}  // namespace

std::string graph_dot(const Witness& witness, const std::string& title) {
  std::string out = "digraph execution {\n  label=\"" + escaped(title) +
                    "\";\n  node [shape=box, fontname=\"monospace\"];\n  edge [fontname=\"sans-serif\"];\n";
  std::size_t column = 0;
  for (const std::string& thread : witness.threads) out += nodes_of(witness, thread, column++);
  std::string edges;
  bool from_initial = false;
  for (const std::string& thread : witness.threads) {
    std::int64_t last = Step::none;
    for (const Step& step : witness.steps) {
      if (step.thread != thread) continue;
      if (last >= 0) edges += edge(last, step.index, "po", "weight=10");
      last = step.index;
    }
  }
  for (const Step& step : witness.steps) {
    for (const std::int64_t from : {step.reads_from, step.coherence_after})
      from_initial = from_initial || from == Step::initially;
    if (step.reads_from != Step::none)
      edges += edge(step.reads_from, step.index, "rf", "color=darkgreen, constraint=false");
    if (step.coherence_after != Step::none)
      edges += edge(step.coherence_after, step.index, "co", "color=brown, style=dashed, constraint=false");
    if (step.stale && step.reads_from != Step::none)
      edges += edge(step.index, step.overlooked, "fr", "color=red, style=dashed, constraint=false");
    for (const std::uint32_t from : step.synchronised_by)
      edges += edge(from, step.index, "sw", "color=blue, penwidth=2, constraint=false");
  }
  if (from_initial) out += "  initial [label=\"initial values\", shape=plaintext];\n";
  return out + edges + "}\n";
}

}  // namespace heddle::checker
