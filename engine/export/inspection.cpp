#include "engine/export/inspection.h"

#include "engine/export/text_writer.h"

namespace escapement::exporting {

namespace {

// An inspection has tens of thousands of values: they are written as they are met, without a tree in between.
// Every kind of value has a Put; Object writes one from names and values in turn.

void Put(TextWriter& out, uint64_t value) {
  out << value;
}
void Put(TextWriter& out, int64_t value) {
  out << value;
}
void Put(TextWriter& out, uint32_t value) {
  out << value;
}
void Put(TextWriter& out, int32_t value) {
  out << value;
}
void Put(TextWriter& out, bool value) {
  out << (value ? "true" : "false");
}
void Put(TextWriter& out, std::string_view text) {
  out.Quoted(text);
}
void Put(TextWriter& out, const char* text) {
  out.Quoted(text);
}
void Put(TextWriter& out, const trace::Moment& moment);
void Put(TextWriter& out, const GoValue& value);
void Put(TextWriter& out, const Part& part);
void Put(TextWriter& out, const Variable& v);
void Put(TextWriter& out, const Frame& f);
void Put(TextWriter& out, const GoroutineState& g);
void Put(TextWriter& out, const ObjectPointer& p);
void Put(TextWriter& out, const SitePlace& s);
void Put(TextWriter& out, const ObjectState& o);
void Put(TextWriter& out, const SpanState& s);
void Put(TextWriter& out, const StaticSymbol& s);
void Put(TextWriter& out, const CollectorState& c);
void Put(TextWriter& out, const AliveStep& s);
void Put(TextWriter& out, const FrameSpan& f);
void Put(TextWriter& out, const std::optional<Place>& place);

template <typename T>
void Put(TextWriter& out, const std::vector<T>& items) {
  out << '[';
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out << ',';
    Put(out, items[i]);
  }
  out << ']';
}

template <typename T, typename... More>
void Members(TextWriter& out, const char* name, const T& value, const More&... more) {
  out << '"' << name << "\":";
  Put(out, value);
  if constexpr (sizeof...(more) > 0) {
    out << ',';
    Members(out, more...);
  }
}

template <typename... All>
void Object(TextWriter& out, const All&... all) {
  out << '{';
  Members(out, all...);
  out << '}';
}

const char* KindName(VariableKind kind) {
  const char* names[] = {"parameter", "result", "local", "captured"};
  return names[static_cast<size_t>(kind)];
}

const char* WhereName(Where where) {
  const char* names[] = {"stack", "heap", "register"};
  return names[static_cast<size_t>(where)];
}

void Put(TextWriter& out, const trace::Moment& moment) {
  Object(out, "event", moment.event, "step", moment.step, "statement", moment.statement);
}

void Put(TextWriter& out, const GoValue& value) {
  Object(out, "text", value.text, "pointer", value.pointer, "parts", value.parts, "omitted", value.omitted);
}

void Put(TextWriter& out, const Part& part) {
  Object(out, "name", part.name, "type", part.type, "offset", part.offset, "size", part.size, "value",
         part.value);
}

void Put(TextWriter& out, const Variable& v) {
  Object(out, "name", v.name, "type", v.type, "kind", KindName(v.kind), "where", WhereName(v.where),
         "address", v.address, "size", v.size, "line", v.line, "live", v.live, "value", v.value);
}

void Put(TextWriter& out, const Frame& f) {
  Object(out, "function", f.place.function, "owner", trace::OwnerName(f.place.owner), "file", f.place.file,
         "line", f.place.line, "column", f.place.column, "inlined", f.inlined, "address", f.address, "size",
         f.size, "variables", f.variables);
}

void Put(TextWriter& out, const GoroutineState& g) {
  Object(out, "id", g.id, "status", g.status, "reason", g.reason, "function", g.function, "parent", g.parent,
         "system", g.system, "current", g.current, "stackLow", g.stack_low, "stackHigh", g.stack_high,
         "stackUsed", g.stack_used, "frames", g.frames, "framesOmitted", g.frames_omitted);
}

void Put(TextWriter& out, const ObjectPointer& p) {
  Object(out, "offset", p.offset, "to", p.to, "region", p.region, "object", p.object);
}

void Put(TextWriter& out, const SitePlace& s) {
  Object(out, "file", s.file, "line", s.line, "column", s.column, "function", s.function, "kind", s.kind,
         "symbol", s.symbol, "through", s.through);
}

void Put(TextWriter& out, const ObjectState& o) {
  Object(out, "address", o.address, "size", o.size, "asked", o.asked, "type", o.type, "elements", o.elements,
         "sizeClass", o.size_class, "span", o.span, "noscan", o.noscan, "event", o.event, "site", o.site,
         "billedLine", o.billed_line, "owner", trace::OwnerName(o.owner), "mine", o.mine, "verdict",
         o.verdict, "reachable", o.reachable, "value", o.value, "pointers", o.pointers);
}

void Put(TextWriter& out, const SpanState& s) {
  Object(out, "base", s.base, "pages", s.pages, "sizeClass", s.size_class, "elemSize", s.elem_size,
         "capacity", s.capacity, "allocated", s.allocated, "noscan", s.noscan);
}

void Put(TextWriter& out, const StaticSymbol& s) {
  Object(out, "name", s.name, "type", s.type, "segment", s.segment, "address", s.address, "size", s.size,
         "file", s.file, "line", s.line, "value", s.value);
}

void Put(TextWriter& out, const CollectorState& c) {
  Object(out, "phase", c.phase, "cycle", c.cycle, "live", c.live, "goal", c.goal, "trigger", c.trigger,
         "marked", c.marked, "gcPercent", c.gc_percent, "objects", c.objects, "bytes", c.bytes);
}

void Put(TextWriter& out, const AliveStep& s) {
  Object(out, "kind", s.kind, "name", s.name, "function", s.function, "goroutine", s.goroutine, "type",
         s.type, "address", s.address);
}

void Put(TextWriter& out, const FrameSpan& f) {
  Object(out, "goroutine", f.goroutine, "depth", f.depth, "function", f.function, "owner",
         trace::OwnerName(f.owner), "line", f.line, "beginStep", f.begin_step, "endStep", f.end_step,
         "beginEvent", f.begin_event, "endEvent", f.end_event, "bytes", f.bytes, "used", f.used);
}

void Put(TextWriter& out, const std::optional<Place>& place) {
  if (!place) {
    out << "null";
    return;
  }
  Object(out, "goroutine", place->goroutine, "function", place->function, "file", place->file, "line",
         place->line, "column", place->column, "owner", trace::OwnerName(place->owner));
}

template <typename... All>
std::string ObjectText(const All&... all) {
  std::string text;
  Sink sink = [&text](std::string_view piece) { text += piece; };
  TextWriter out(sink);
  Object(out, all...);
  out.Flush();
  return text;
}

}  // namespace

std::string InspectionJson(const Inspection& i) {
  return ObjectText("moment", i.moment, "ended", i.ended, "place", i.place, "output", i.output, "goroutines",
                    i.goroutines, "goroutinesOmitted", i.goroutines_omitted, "objects", i.objects,
                    "objectsOmitted", i.objects_omitted, "statics", i.statics, "spans", i.spans, "collector",
                    i.collector);
}

std::string AliveJson(const AliveAnswer& answer) {
  return ObjectText("address", answer.address, "alive", answer.alive, "path", answer.path);
}

std::string FramesJson(const FrameWindow& window) {
  return ObjectText("begin", window.begin, "end", window.end, "complete", window.complete, "frames",
                    window.frames);
}

}  // namespace escapement::exporting
