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

// The verdict that speaks of a site: the one of the same words at its place, else one that sends a value to
// the heap there, else any.
size_t VerdictOf(const std::vector<Verdict>& verdicts, std::string_view file, const trace::SiteEntry& site,
                 std::string_view symbol) {
  size_t best = verdicts.size();
  for (size_t i = 0; i < verdicts.size(); ++i) {
    const Verdict& v = verdicts[i];
    if (v.line != site.line || v.column != site.column || LastElement(v.file) != LastElement(file)) continue;
    if (!Says(v, "escape") && !Says(v, "moved to heap")) continue;
    if (v.subject == symbol) return i;
    if (best == verdicts.size() || (v.region == Region::kHeap && verdicts[best].region != Region::kHeap))
      best = i;
  }
  return best;
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

std::string WhyUnmentioned(std::string_view kind, bool library) {
  if (library) return "Library code does this on the line's behalf.";
  if (kind == "map assign") return "The map grew: its ninth key no longer fits the first group.";
  if (kind == "append") return "The slice outgrew its backing store.";
  if (kind == "go") return "A goroutine's arguments travel in a closure.";
  if (kind == "runtime") return "The runtime keeps a record of its own for this operation.";
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
  std::map<std::tuple<uint32_t, uint32_t, std::string, std::string, std::string, bool>, Sum> others;
  for (size_t i = 0; i < rows.size(); ++i) {
    const trace::AllocationRow& row = rows[i];
    if (!row.mine() || !row.origin.valid()) continue;
    const trace::OriginEntry& origin = log.origins()[row.origin.index];
    if (!origin.site.valid()) continue;
    const trace::SiteEntry& site = log.sites()[origin.site.index];
    const Sum& sum = by_row[i];
    bool library = site.owner != trace::Owner::kMine;
    size_t v =
        library ? verdicts.size() : VerdictOf(verdicts, log.text(site.file), site, log.text(site.symbol));
    Sum* to;
    if (v < verdicts.size()) {
      to = &by_verdict[v];
    } else {
      trace::FrameId frame = log.stacks()[row.billed.index].frame;
      uint32_t line = library && frame.valid() ? log.frames()[frame.index].line : site.line;
      std::string type =
          origin.type.valid() ? std::string(log.text(log.types()[origin.type.index].name)) : "";
      to = &others[{line, library ? 0 : site.column, std::string(log.text(site.function)),
                    std::string(log.text(site.kind)), type, library}];
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
    if (heap && sum.objects == 0 && fact.ran == Ran::kYes) {
      fact.surprise = Surprise::kNoAllocation;
      fact.explanation = WhyNothing(v);
    } else if (Says(v, "does not escape") && sum.objects > 0) {
      fact.surprise = Surprise::kAllocates;
      fact.explanation = WhyAllocated(sum.kind);
    }
    out.verdicts.push_back(std::move(fact));
  }
  for (const auto& [key, sum] : others) {
    const auto& [line, column, function, kind, type, library] = key;
    out.others.push_back(
        {line, column, function, kind, type, sum.objects, sum.bytes, WhyUnmentioned(kind, library)});
  }
  return out;
}

}  // namespace escapement::driver
