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
           "points there.";
  if (StartsWith(s, "func literal"))
    return "A closure that captures nothing is static data: every evaluation gives the same one.";
  if (StartsWith(s, "make(") || StartsWith(s, "new(") || StartsWith(s, "&"))
    return "Nothing was allocated here: values of size zero all lie at one static address, and a call that "
           "was inlined elsewhere allocates there.";
  if (Says(v, "moved to heap"))
    return "The function's own code never ran: where it was inlined, the variable stayed in the caller's "
           "frame.";
  return "Constants, zero values, single bytes and small integers need no memory of their own: the runtime "
         "keeps them in static data and points there.";
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

// A line of the table of allocations that no verdict speaks of.
using OtherKey = std::tuple<uint32_t, uint32_t, std::string, std::string, std::string, trace::Owner>;

// What a run allocated, added up by the verdict or else the place that accounts for it.
class Ledger {
 public:
  Ledger(const trace::Timeline& timeline, const trace::Log& log, const std::vector<Verdict>& verdicts)
      : by_verdict(verdicts.size()), timeline_(timeline), log_(log), verdicts_(verdicts) {
    const std::vector<Sum> by_row = SumOfRows();
    for (size_t i = 0; i < by_row.size(); ++i) Enter(timeline.rows()[i], by_row[i]);
  }

  std::vector<Sum> by_verdict;
  // Verdicts on code that was inlined and allocated there → the line of the call.
  std::map<size_t, uint32_t> copies;
  std::map<OtherKey, Sum> others;

 private:
  std::vector<Sum> SumOfRows() const;
  void Enter(const trace::AllocationRow& row, const Sum& sum);
  Sum& SumFor(const trace::AllocationRow& row, const trace::OriginEntry& origin,
              const trace::SiteEntry& site);

  const trace::Timeline& timeline_;
  const trace::Log& log_;
  const std::vector<Verdict>& verdicts_;
};

// A survivor was made before the last collector cycle and not freed by it.
std::vector<Sum> Ledger::SumOfRows() const {
  std::vector<Sum> by_row(timeline_.rows().size());
  const auto& cycles = timeline_.cycles();
  for (const trace::HeapObject& object : timeline_.objects()) {
    Sum& sum = by_row[object.row];
    ++sum.objects;
    sum.bytes += object.bytes;
    if (cycles.empty() || object.event > cycles.back().start || object.freed != trace::HeapObject::kNever)
      continue;
    ++sum.survivors;
    sum.survivor_bytes += object.bytes;
  }
  return by_row;
}

void Ledger::Enter(const trace::AllocationRow& row, const Sum& sum) {
  if (!row.mine() || !row.origin.valid()) return;
  const trace::OriginEntry& origin = log_.origins()[row.origin.index];
  if (!origin.site.valid()) return;
  const trace::SiteEntry& site = log_.sites()[origin.site.index];
  Sum& to = SumFor(row, origin, site);
  to.kind = log_.text(site.kind);
  to.objects += sum.objects;
  to.bytes += sum.bytes;
  to.survivors += sum.survivors;
  to.survivor_bytes += sum.survivor_bytes;
}

Sum& Ledger::SumFor(const trace::AllocationRow& row, const trace::OriginEntry& origin,
                    const trace::SiteEntry& site) {
  const bool own = row.owner == trace::Owner::kMine;
  const size_t v = own ? VerdictOf(verdicts_, log_, site, row.billed) : verdicts_.size();
  if (v < verdicts_.size()) {
    const Place at{log_.text(site.file), site.line, site.column};
    const size_t written = VerdictAt(verdicts_, at, log_.text(site.symbol), "");
    if (written < verdicts_.size() && written != v) copies[written] = verdicts_[v].line;
    return by_verdict[v];
  }
  const trace::FrameId frame = log_.stacks()[row.billed.index].frame;
  const uint32_t line = !own && frame.valid() ? log_.frames()[frame.index].line : site.line;
  std::string type = origin.type.valid() ? std::string(log_.text(log_.types()[origin.type.index].name)) : "";
  return others[{line, own ? site.column : 0, std::string(log_.text(site.function)),
                 std::string(log_.text(site.kind)), std::move(type), row.owner}];
}

// Whether the line of a verdict ran. Running again costs time: asked only where a verdict that names the heap
// saw no allocation.
class LinesRun {
 public:
  LinesRun(Inspector& inspector, const std::vector<Verdict>& verdicts, const std::vector<Sum>& by_verdict) {
    for (size_t i = 0; i < verdicts.size(); ++i)
      asked_ = asked_ || (by_verdict[i].objects == 0 && verdicts[i].region == Region::kHeap);
    if (asked_) coverage_ = inspector.LinesRun(kMostCoverageSteps);
  }

  Ran Of(const Verdict& v) const {
    for (const auto& [file, line] : coverage_.lines)
      if (line == v.line && LastElement(file) == LastElement(v.file)) return Ran::kYes;
    return asked_ && coverage_.complete ? Ran::kNo : Ran::kUnknown;
  }

 private:
  bool asked_ = false;
  Coverage coverage_;
};

// What stands beside a verdict where it and the run seem to disagree.
void Explain(VerdictFact& fact, const Verdict& v, const Sum& sum, const std::map<size_t, uint32_t>& copies) {
  const bool heap = v.region == Region::kHeap && (Says(v, "escapes to heap") || Says(v, "moved to heap"));
  if (auto copy = copies.find(fact.verdict); copy != copies.end() && sum.objects == 0) {
    fact.explanation = "The call on line " + std::to_string(copy->second) +
                       " was inlined: its own copy is what was allocated, and has its own verdict there.";
  } else if (heap && sum.objects == 0 && fact.ran == Ran::kYes) {
    fact.surprise = Surprise::kNoAllocation;
    fact.explanation = WhyNothing(v);
  } else if (Says(v, "does not escape") && sum.objects > 0) {
    fact.surprise = Surprise::kAllocates;
    fact.explanation = WhyAllocated(sum.kind);
  }
}

}  // namespace

Facts FactsOf(Inspector& inspector, const trace::Log& log, const std::vector<Verdict>& verdicts) {
  const Ledger ledger(inspector.timeline(), log, verdicts);
  const LinesRun lines(inspector, verdicts, ledger.by_verdict);
  Facts out;
  for (size_t i = 0; i < verdicts.size(); ++i) {
    const Sum& sum = ledger.by_verdict[i];
    VerdictFact fact{i, sum.objects, sum.bytes, sum.survivors, sum.survivor_bytes};
    fact.ran = sum.objects > 0 ? Ran::kYes : lines.Of(verdicts[i]);
    Explain(fact, verdicts[i], sum, ledger.copies);
    out.verdicts.push_back(std::move(fact));
  }
  for (const auto& [key, sum] : ledger.others) {
    const auto& [line, column, function, kind, type, owner] = key;
    out.others.push_back(
        {line, column, function, kind, type, sum.objects, sum.bytes, WhyUnmentioned(kind, owner)});
  }
  return out;
}

}  // namespace escapement::driver
