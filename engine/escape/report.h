// Reporter: the sentences of one batch, printed and kept as data, in gc's order and
// words: captures and explanations while the graph is built and solved, then parameters
// function by function, then locations in the order of their creation.
#pragma once

#include "engine/escape/graph.h"

namespace escapement::escape {

class Reporter {
 public:
  explicit Reporter(Batch& batch) : b_(batch), context_(batch.context_), program_(batch.program_) {}

  // Decides Esc of every location, writes the parameter tags and reports both.
  void Finish(const std::vector<ir::Func*>& group);

  // -m=2: how a closure captures `name`.
  void Capture(const ir::Name* name, const Location* location);
  void SelfAssignment(const ir::Func* fn, ir::Node* where);

  // The way from l to the root of the walk under way.
  std::vector<PathLink> PathTo(const Location* root, Location* l) const;
  // -m=2: why l's address escapes; and why a parameter's value leaks.
  void Explain(const Location* l, const std::vector<PathLink>& path);
  void ExplainLeak(const Location* root, const Location* l, int derefs, const std::vector<PathLink>& path);

 private:
  void FinishLocation(Location& location);
  std::string ParamTag(ir::Func* fn, size_t index);
  std::string BodylessTag(ir::Func* fn, ir::Name* param, bool diagnose);
  void ReportLeaks(ir::Func* fn, ir::Name* param, const Location& location, const Leaks& leaks);

  std::string Describe(const Location* location) const;
  std::vector<FlowStep> Steps(const std::vector<PathLink>& path) const;
  void PrintSteps(const ir::Node* subject, const std::vector<PathLink>& path);
  void Remark(ir::SrcPos pos, std::string text);
  Verdict* Add(VerdictKind kind, Region region, ir::SrcPos pos, ir::Node* node, ir::Func* fn,
               std::string text);
  bool Verbose() const { return context_.options.remarks >= 2; }

  Batch& b_;
  Context& context_;
  ir::Program& program_;
};

}  // namespace escapement::escape
