#include "engine/driver/facts.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace escapement::driver {

namespace {

constexpr uint64_t kMostCoverageSteps = 20000000;

std::string_view LastElement(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool Says(const Verdict& v, std::string_view words) {
  return v.text.find(words) != std::string::npos;
}

struct Sum {
  uint64_t objects = 0, bytes = 0, survivors = 0, survivor_bytes = 0;
  std::string kind;
};

// A place of the source.
struct Place {
  std::string_view file;
  uint32_t line = 0, column = 0;
};

// The verdict that speaks of what was allocated at a place: the one of the same words, else one that sends a
// value to the heap there, else any. With a `function`, only that function's verdicts.
size_t VerdictAt(const std::vector<Verdict>& verdicts, const Place& at, std::string_view symbol,
                 std::string_view function) {
  size_t best = verdicts.size();
  for (size_t i = 0; i < verdicts.size(); ++i) {
    const Verdict& v = verdicts[i];
    if (v.line != at.line || v.column != at.column || LastElement(v.file) != LastElement(at.file)) continue;
    if (!function.empty() && v.function != function) continue;
    if (!Says(v, "escape") && !Says(v, "moved to heap")) continue;
    if (v.subject == symbol) return i;
    if (best == verdicts.size() || (v.region == Region::kHeap && verdicts[best].region != Region::kHeap))
      best = i;
  }
  return best;
}

// The verdict that speaks of a row. What a function allocates for a call that was inlined into it has its
// verdict where the call stands, not where the code was written.
size_t VerdictOf(const std::vector<Verdict>& verdicts, const trace::Log& log, const trace::SiteEntry& site,
                 trace::StackId stack) {
  const std::string_view symbol = log.text(site.symbol), function = log.text(site.function);
  const Place written{log.text(site.file), site.line, site.column};
  size_t own = VerdictAt(verdicts, written, symbol, function);
  for (; own == verdicts.size() && stack.valid(); stack = log.stacks()[stack.index].parent) {
    const trace::StackEntry& node = log.stacks()[stack.index];
    if (!node.frame.valid()) break;
    const trace::FrameEntry& frame = log.frames()[node.frame.index];
    if (log.text(frame.function) != function) continue;
    own = VerdictAt(verdicts, {log.text(frame.file), frame.line, frame.column}, symbol, function);
    break;
  }
  return own < verdicts.size() ? own : VerdictAt(verdicts, written, symbol, "");
}

std::string WhyNothing(const Verdict& v) {
  const std::string& s = v.subject;
  bool text = !s.empty() && (s[0] == '"' || s[0] == '`');
  bool number = !s.empty() && (s[0] == '-' || s[0] == '\'' || (s[0] >= '0' && s[0] <= '9'));
  if (text || number)
    return "The value is a constant: the compiler laid it out in read-only static data, and the interface "
           "points "
           "there.";
  if (StartsWith(s, "func literal"))
    return "A closure that captures nothing is static data: every evaluation gives the same one.";
  if (StartsWith(s, "make(") || StartsWith(s, "new(") || StartsWith(s, "&"))
    return "Nothing was allocated here: values of size zero all lie at one static address, and a call that "
           "was "
           "inlined elsewhere allocates there.";
  if (Says(v, "moved to heap"))
    return "The function's own code never ran: where it was inlined, the variable stayed in the caller's "
           "frame.";
  return "Constants, zero values, single bytes and small integers need no memory of their own: the runtime "
         "keeps "
         "them in static data and points there.";
}

std::string WhyAllocated(std::string_view kind) {
  if (kind == "make")
    return "The length is known only at run time: up to 32 bytes lie in the frame, more are taken from the "
           "heap.";
  if (kind == "concat" || kind == "string")
    return "The frame has room for 32 bytes of text; a longer result is taken from the heap.";
  if (kind == "append") return "The slice outgrew the memory it had; its new backing store is on the heap.";
  if (kind == "map" || kind == "map assign" || kind == "map literal")
    return "The map's header and first group of eight lie in the frame; with more keys it grows on the heap.";
  return "The value itself does not escape, but making it took memory whose size the compiler did not know.";
}

std::string WhyUnmentioned(std::string_view kind, trace::Owner owner) {
  if (owner == trace::Owner::kRuntime) return "The runtime keeps a record of its own for this operation.";
  if (owner != trace::Owner::kMine) return "Library code does this on the line's behalf.";
  if (kind == "map assign") return "The map grew: its ninth key no longer fits the first group.";
  if (kind == "append") return "The slice outgrew its backing store.";
  if (kind == "go") return "A goroutine's arguments travel in a closure.";
  if (kind == "runtime") return "The runtime allocates here on the line's behalf.";
  return "The compiler has no remark for this operation.";
}

}  // namespace

Facts FactsOf(Inspector& inspector, const trace::Log& log, const std::vector<Verdict>& verdicts) {
  const trace::Timeline& timeline = inspector.timeline();
  const std::vector<trace::AllocationRow>& rows = timeline.rows();
  std::vector<Sum> by_row(rows.size());
  const auto& cycles = timeline.cycles();
  for (const trace::HeapObject& object : timeline.objects()) {
    Sum& sum = by_row[object.row];
    ++sum.objects;
    sum.bytes += object.bytes;
    if (cycles.empty() || object.event > cycles.back().start || object.freed != trace::HeapObject::kNever)
      continue;
    ++sum.survivors;
    sum.survivor_bytes += object.bytes;
  }
  std::vector<Sum> by_verdict(verdicts.size());
  // Verdicts on code that was inlined and allocated there → the line of the call.
  std::map<size_t, uint32_t> copies;
  std::map<std::tuple<uint32_t, uint32_t, std::string, std::string, std::string, trace::Owner>, Sum> others;
  for (size_t i = 0; i < rows.size(); ++i) {
    const trace::AllocationRow& row = rows[i];
    if (!row.mine() || !row.origin.valid()) continue;
    const trace::OriginEntry& origin = log.origins()[row.origin.index];
    if (!origin.site.valid()) continue;
    const trace::SiteEntry& site = log.sites()[origin.site.index];
    const Sum& sum = by_row[i];
    const bool own = row.owner == trace::Owner::kMine;
    size_t v = !own ? verdicts.size() : VerdictOf(verdicts, log, site, row.billed);
    Sum* to;
    if (v < verdicts.size()) {
      to = &by_verdict[v];
      size_t written =
          VerdictAt(verdicts, {log.text(site.file), site.line, site.column}, log.text(site.symbol), "");
      if (written < verdicts.size() && written != v) copies[written] = verdicts[v].line;
    } else {
      trace::FrameId frame = log.stacks()[row.billed.index].frame;
      uint32_t line = !own && frame.valid() ? log.frames()[frame.index].line : site.line;
      std::string type =
          origin.type.valid() ? std::string(log.text(log.types()[origin.type.index].name)) : "";
      to = &others[{line, own ? site.column : 0, std::string(log.text(site.function)),
                    std::string(log.text(site.kind)), type, row.owner}];
    }
    to->kind = log.text(site.kind);
    to->objects += sum.objects;
    to->bytes += sum.bytes;
    to->survivors += sum.survivors;
    to->survivor_bytes += sum.survivor_bytes;
  }

  Coverage coverage;
  bool silent = false;
  for (size_t i = 0; i < verdicts.size(); ++i)
    silent = silent || (by_verdict[i].objects == 0 && verdicts[i].region == Region::kHeap);
  if (silent) coverage = inspector.LinesRun(kMostCoverageSteps);
  auto ran = [&](const Verdict& v) {
    for (const auto& [file, line] : coverage.lines)
      if (line == v.line && LastElement(file) == LastElement(v.file)) return Ran::kYes;
    return silent && coverage.complete ? Ran::kNo : Ran::kUnknown;
  };

  Facts out;
  for (size_t i = 0; i < verdicts.size(); ++i) {
    const Verdict& v = verdicts[i];
    const Sum& sum = by_verdict[i];
    VerdictFact fact{i, sum.objects, sum.bytes, sum.survivors, sum.survivor_bytes};
    fact.ran = sum.objects > 0 ? Ran::kYes : ran(v);
    bool heap = v.region == Region::kHeap && (Says(v, "escapes to heap") || Says(v, "moved to heap"));
    if (auto copy = copies.find(i); copy != copies.end() && sum.objects == 0) {
      fact.explanation = "The call on line " + std::to_string(copy->second) +
                         " was inlined: its own copy is what was allocated, and has its own verdict there.";
    } else if (heap && sum.objects == 0 && fact.ran == Ran::kYes) {
      fact.surprise = Surprise::kNoAllocation;
      fact.explanation = WhyNothing(v);
    } else if (Says(v, "does not escape") && sum.objects > 0) {
      fact.surprise = Surprise::kAllocates;
      fact.explanation = WhyAllocated(sum.kind);
    }
    out.verdicts.push_back(std::move(fact));
  }
  for (const auto& [key, sum] : others) {
    const auto& [line, column, function, kind, type, owner] = key;
    out.others.push_back(
        {line, column, function, kind, type, sum.objects, sum.bytes, WhyUnmentioned(kind, owner)});
  }
  return out;
}

}  // namespace escapement::driver
