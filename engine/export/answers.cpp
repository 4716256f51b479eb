#include "engine/export/answers.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/export/json.h"

namespace escapement::exporting {

namespace {

// Entries of a list that an answer holds at most.
constexpr size_t kMostEntries = 4096;
constexpr uint32_t kMostColumns = 8192;

int64_t Ordinal(uint32_t event, uint32_t never) {
  return event == never ? -1 : int64_t{event};
}

// The innermost frame of a stack; null when there is none.
const trace::FrameEntry* FrameOf(const trace::Log& log, trace::StackId stack) {
  if (!stack.valid()) return nullptr;
  trace::FrameId frame = log.stacks()[stack.index].frame;
  return frame.valid() ? &log.frames()[frame.index] : nullptr;
}

Json Goroutine(const trace::Log& log, const trace::GoroutineLife& g) {
  const trace::FrameEntry* created = FrameOf(log, g.created);
  auto envelope = log.envelopes().find(g.id);
  bool known = envelope != log.envelopes().end();
  return {{"id", g.id},
          {"parent", g.parent},
          {"function", log.text(g.function)},
          {"owner", trace::OwnerName(g.owner)},
          {"line", created ? created->line : 0},
          {"start", g.start},
          {"end", Ordinal(g.end, trace::GoroutineLife::kNever)},
          {"peakBytes", known ? envelope->second->peak_bytes() : 0}};
}

const char* ChangeName(trace::Kind kind) {
  switch (kind) {
    case trace::Kind::StackGrow:
      return "grow";
    case trace::Kind::StackShrink:
      return "shrink";
    case trace::Kind::StackFree:
      return "free";
    default:
      return "alloc";
  }
}

Json Cycle(const trace::GCCycle& c) {
  return {{"cycle", c.cycle},
          {"start", c.start},
          {"end", Ordinal(c.end, trace::GCCycle::kNever)},
          {"trigger", trace::Name(c.trigger)},
          {"live", c.live},
          {"goal", c.goal},
          {"marked", c.marked},
          {"freedObjects", c.freed_objects},
          {"freedBytes", c.freed_bytes}};
}

Json Allocation(const trace::Log& log, const trace::AllocationRow& row, uint32_t key) {
  Json out{{"key", key}, {"owner", trace::OwnerName(row.owner)}};
  trace::SiteEntry site;
  trace::TypeEntry type;
  if (row.origin.valid()) {
    const trace::OriginEntry& origin = log.origins()[row.origin.index];
    if (origin.site.valid()) site = log.sites()[origin.site.index];
    if (origin.type.valid()) type = log.types()[origin.type.index];
  }
  const trace::FrameEntry* billed = FrameOf(log, row.billed);
  out["line"] = site.line;
  out["column"] = site.column;
  out["function"] = log.text(site.function);
  out["kind"] = log.text(site.kind);
  out["symbol"] = log.text(site.symbol);
  out["through"] = log.text(site.through);
  out["type"] = log.text(type.name);
  out["typeSize"] = type.size;
  out["billedLine"] = billed ? billed->line : 0;
  out["billedFunction"] = billed ? log.text(billed->function) : "";
  out["objects"] = row.objects;
  out["bytes"] = row.bytes;
  out["live"] = row.live;
  out["liveBytes"] = row.live_bytes;
  out["freed"] = row.objects - row.live;
  out["first"] = row.first;
  out["last"] = row.last;
  return out;
}

// The window that every question has.
bool ReadWindow(const Json& question, trace::Axis* axis, double* begin, double* end) {
  if (!question.is_object() || !question.value("begin", Json()).is_number() ||
      !question.value("end", Json()).is_number())
    return false;
  auto name = question.find("axis");
  if (name == question.end() || !name->is_string()) return false;
  *axis = *name == "steps" ? trace::Axis::kSteps : trace::Axis::kEvents;
  *begin = question["begin"].get<double>();
  *end = question["end"].get<double>();
  return std::isfinite(*begin) && std::isfinite(*end) && *end > *begin;
}

}  // namespace

std::string OverviewJson(const trace::Log& log, const trace::Timeline& timeline) {
  Json out{{"events", log.kept()},
           {"dropped", log.size() - log.kept()},
           {"steps", log.last_step()},
           {"mainEvent", timeline.main_event()},
           {"mainStep", timeline.main_step()}};
  Json totals = Json::array();
  for (size_t i = 0; i < timeline.totals().size(); ++i)
    totals.push_back({{"owner", trace::OwnerName(static_cast<trace::Owner>(i))},
                      {"objects", timeline.totals()[i].objects},
                      {"bytes", timeline.totals()[i].bytes}});
  out["totals"] = std::move(totals);
  out["heapLive"] = timeline.heap_live();
  out["heapPeak"] = timeline.heap_peak();
  out["freedObjects"] = timeline.freed_objects();
  out["freedBytes"] = timeline.freed_bytes();
  Json segments = Json::array();
  for (const trace::StaticSegment& s : timeline.segments())
    segments.push_back({{"segment", trace::Name(s.segment)},
                        {"address", s.address},
                        {"size", s.size},
                        {"initialised", s.initialised}});
  out["segments"] = std::move(segments);
  Json goroutines = Json::array();
  for (const trace::GoroutineLife& g : timeline.goroutines()) {
    if (goroutines.size() == kMostEntries) break;
    goroutines.push_back(Goroutine(log, g));
  }
  out["goroutines"] = std::move(goroutines);
  out["goroutineCount"] = timeline.goroutines().size();
  Json changes = Json::array();
  for (const trace::StackChange& c : timeline.stack_changes()) {
    if (changes.size() == kMostEntries) break;
    changes.push_back({{"event", c.event},
                       {"step", c.step},
                       {"goroutine", c.goroutine},
                       {"kind", ChangeName(c.kind)},
                       {"size", c.size},
                       {"copied", c.copied},
                       {"adjusted", c.adjusted}});
  }
  out["stackChanges"] = std::move(changes);
  Json cycles = Json::array();
  for (const trace::GCCycle& c : timeline.cycles()) {
    if (cycles.size() == kMostEntries) break;
    cycles.push_back(Cycle(c));
  }
  out["cycles"] = std::move(cycles);
  return Dump(out);
}

std::string AllocationsJson(const trace::Log& log, const trace::Timeline& timeline,
                            std::string_view question) {
  Json q = ParseJson(question);
  trace::Axis axis;
  double begin, end;
  if (!ReadWindow(q, &axis, &begin, &end)) return "";
  bool mine = q.contains("mine") && q["mine"].is_boolean() && q["mine"].get<bool>();
  size_t limit = q.contains("limit") && q["limit"].is_number_unsigned() ? q["limit"].get<size_t>() : 500;
  auto rows = timeline.Allocations(axis, begin, end, mine);
  Json list = Json::array();
  for (const auto& [row, key] : rows) {
    if (list.size() == limit) break;
    list.push_back(Allocation(log, row, key));
  }
  size_t omitted = rows.size() - list.size();
  return Dump(Json{{"rows", std::move(list)}, {"omitted", omitted}});
}

bool ReadTileRequest(std::string_view question, trace::TileRequest* request) {
  Json q = ParseJson(question);
  if (!ReadWindow(q, &request->axis, &request->begin, &request->end)) return false;
  if (!q.contains("columns") || !q["columns"].is_number_unsigned()) return false;
  request->columns = std::min(q["columns"].get<uint32_t>(), kMostColumns);
  if (q.contains("goroutines") && q["goroutines"].is_array())
    for (const Json& id : q["goroutines"])
      if (id.is_number_unsigned()) request->goroutines.push_back(id.get<uint32_t>());
  return request->columns > 0;
}

}  // namespace escapement::exporting
