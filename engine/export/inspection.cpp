#include "engine/export/inspection.h"

#include <nlohmann/json.hpp>

namespace escapement::exporting {

namespace {

using InspectionTree = nlohmann::ordered_json;

InspectionTree Tree(const GoValue& value);
InspectionTree Tree(const Variable& v);
InspectionTree Tree(const Frame& f);
InspectionTree Tree(const GoroutineState& g);
InspectionTree Tree(const ObjectState& o);
InspectionTree Tree(const StaticSymbol& s);
InspectionTree Tree(const AliveStep& s);
InspectionTree Tree(const FrameSpan& f);

InspectionTree Tree(const Part& part) {
  return {{"name", part.name},
          {"type", part.type},
          {"offset", part.offset},
          {"size", part.size},
          {"value", Tree(part.value)}};
}

InspectionTree Tree(const trace::Moment& moment) {
  return {{"event", moment.event}, {"step", moment.step}, {"statement", moment.statement}};
}

InspectionTree Tree(const ObjectPointer& p) {
  return {{"offset", p.offset}, {"to", p.to}, {"region", p.region}, {"object", p.object}};
}

InspectionTree Tree(const SpanState& s) {
  return {{"base", s.base},          {"pages", s.pages},       {"sizeClass", s.size_class},
          {"elemSize", s.elem_size}, {"capacity", s.capacity}, {"allocated", s.allocated},
          {"noscan", s.noscan}};
}

template <typename T>
InspectionTree List(const std::vector<T>& items) {
  InspectionTree list = InspectionTree::array();
  for (const T& item : items) list.push_back(Tree(item));
  return list;
}

InspectionTree Tree(const GoValue& value) {
  return {{"text", value.text},
          {"pointer", value.pointer},
          {"parts", List(value.parts)},
          {"omitted", value.omitted}};
}

const char* KindName(VariableKind kind) {
  const char* names[] = {"parameter", "result", "local", "captured"};
  return names[static_cast<size_t>(kind)];
}

const char* WhereName(Where where) {
  const char* names[] = {"stack", "heap", "register"};
  return names[static_cast<size_t>(where)];
}

InspectionTree Tree(const Variable& v) {
  return {
      {"name", v.name},        {"type", v.type}, {"kind", KindName(v.kind)}, {"where", WhereName(v.where)},
      {"address", v.address},  {"size", v.size}, {"line", v.line},           {"live", v.live},
      {"value", Tree(v.value)}};
}

InspectionTree Tree(const Frame& f) {
  return {{"function", f.place.function},  {"owner", trace::OwnerName(f.place.owner)},
          {"file", f.place.file},          {"line", f.place.line},
          {"column", f.place.column},      {"inlined", f.inlined},
          {"address", f.address},          {"size", f.size},
          {"variables", List(f.variables)}};
}

InspectionTree Tree(const GoroutineState& g) {
  return {{"id", g.id},
          {"status", g.status},
          {"reason", g.reason},
          {"function", g.function},
          {"parent", g.parent},
          {"system", g.system},
          {"current", g.current},
          {"stackLow", g.stack_low},
          {"stackHigh", g.stack_high},
          {"stackUsed", g.stack_used},
          {"frames", List(g.frames)},
          {"framesOmitted", g.frames_omitted}};
}

InspectionTree Tree(const SitePlace& s) {
  return {{"file", s.file},         {"line", s.line}, {"column", s.column},
          {"function", s.function}, {"kind", s.kind}, {"symbol", s.symbol}};
}

InspectionTree Tree(const ObjectState& o) {
  return {{"address", o.address},
          {"size", o.size},
          {"asked", o.asked},
          {"type", o.type},
          {"elements", o.elements},
          {"sizeClass", o.size_class},
          {"span", o.span},
          {"noscan", o.noscan},
          {"event", o.event},
          {"site", Tree(o.site)},
          {"billedLine", o.billed_line},
          {"owner", trace::OwnerName(o.owner)},
          {"mine", o.mine},
          {"verdict", o.verdict},
          {"reachable", o.reachable},
          {"value", Tree(o.value)},
          {"pointers", List(o.pointers)}};
}

InspectionTree Tree(const StaticSymbol& s) {
  return {{"name", s.name}, {"type", s.type}, {"segment", s.segment}, {"address", s.address},
          {"size", s.size}, {"file", s.file}, {"line", s.line},       {"value", Tree(s.value)}};
}

InspectionTree Tree(const CollectorState& c) {
  return {{"phase", c.phase},
          {"cycle", c.cycle},
          {"live", c.live},
          {"goal", c.goal},
          {"trigger", c.trigger},
          {"marked", c.marked},
          {"gcPercent", c.gc_percent},
          {"objects", c.objects},
          {"bytes", c.bytes}};
}

InspectionTree Tree(const AliveStep& s) {
  return {{"kind", s.kind},           {"name", s.name}, {"function", s.function},
          {"goroutine", s.goroutine}, {"type", s.type}, {"address", s.address}};
}

InspectionTree Tree(const FrameSpan& f) {
  return {{"goroutine", f.goroutine},
          {"depth", f.depth},
          {"function", f.function},
          {"owner", trace::OwnerName(f.owner)},
          {"line", f.line},
          {"beginStep", f.begin_step},
          {"endStep", f.end_step},
          {"beginEvent", f.begin_event},
          {"endEvent", f.end_event},
          {"bytes", f.bytes},
          {"used", f.used}};
}

std::string Text(const InspectionTree& tree) {
  return tree.dump(-1, ' ', false, InspectionTree::error_handler_t::replace);
}

}  // namespace

std::string InspectionJson(const Inspection& i) {
  InspectionTree place;
  if (i.place)
    place = {{"goroutine", i.place->goroutine}, {"function", i.place->function},
             {"file", i.place->file},           {"line", i.place->line},
             {"column", i.place->column},       {"owner", trace::OwnerName(i.place->owner)}};
  return Text({{"moment", Tree(i.moment)},
               {"ended", i.ended},
               {"place", std::move(place)},
               {"output", i.output},
               {"goroutines", List(i.goroutines)},
               {"goroutinesOmitted", i.goroutines_omitted},
               {"objects", List(i.objects)},
               {"objectsOmitted", i.objects_omitted},
               {"statics", List(i.statics)},
               {"spans", List(i.spans)},
               {"collector", Tree(i.collector)}});
}

std::string AliveJson(const AliveAnswer& answer) {
  return Text({{"address", answer.address}, {"alive", answer.alive}, {"path", List(answer.path)}});
}

std::string FramesJson(const FrameWindow& window) {
  return Text({{"begin", window.begin},
               {"end", window.end},
               {"complete", window.complete},
               {"frames", List(window.frames)}});
}

}  // namespace escapement::exporting
