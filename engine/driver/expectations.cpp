#include "engine/driver/expectations.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace escapement::driver {

namespace {

struct Heap {
  uint64_t objects = 0, bytes = 0;
};

// Reads words off the front of an expectation.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool Take(std::string_view word) {
    if (text_.substr(0, word.size()) != word) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  std::optional<uint64_t> Number() {
    uint64_t value = 0;
    size_t at = 0;
    for (; at < text_.size() && ((text_[at] >= '0' && text_[at] <= '9') || (at > 0 && text_[at] == ','));
         ++at)
      if (text_[at] != ',') value = value * 10 + static_cast<uint64_t>(text_[at] - '0');
    if (at == 0) return std::nullopt;
    text_.remove_prefix(at);
    return value;
  }
  bool done() const { return text_.empty(); }
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

// n, ≥ n, ≤ n or n–m.
struct Range {
  uint64_t least = 0, most = ~uint64_t{0};
  bool Holds(uint64_t value) const { return value >= least && value <= most; }
};

std::optional<Range> ReadRange(Reader& reader) {
  bool at_least = reader.Take("≥ ") || reader.Take("≥");
  bool at_most = !at_least && (reader.Take("≤ ") || reader.Take("≤"));
  auto number = reader.Number();
  if (!number) return std::nullopt;
  if (at_least) return Range{*number};
  if (at_most) return Range{0, *number};
  if (!reader.Take("–")) return Range{*number, *number};
  auto to = reader.Number();
  if (!to) return std::nullopt;
  return Range{*number, *to};
}

// What the user's own code put on the heap from a line (0: from all of them).
Heap HeapOf(const RunFigures& f, uint32_t line) {
  Heap heap;
  if (f.timeline == nullptr) return heap;
  for (const trace::AllocationRow& row : f.timeline->rows()) {
    if (row.owner != trace::Owner::kMine || !row.origin.valid()) continue;
    trace::SiteId site = f.log->origins()[row.origin.index].site;
    if (!site.valid() || (line != 0 && f.log->sites()[site.index].line != line)) continue;
    heap.objects += row.objects;
    heap.bytes += row.bytes;
  }
  return heap;
}

std::string Said(const Heap& heap) {
  if (heap.objects == 0) return "nothing on the heap";
  return std::to_string(heap.objects) + (heap.objects == 1 ? " object, " : " objects, ") +
         std::to_string(heap.bytes) + " B";
}

std::string FirstLine(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string VerdictsAt(const RunFigures& f, uint32_t line, std::string_view wanted, bool* found) {
  std::string all;
  *found = false;
  for (const Verdict& v : f.check->verdicts) {
    if (v.line != line) continue;
    std::string text = FirstLine(v.text);
    *found = *found || text == wanted;
    all += (all.empty() ? "" : "; ") + text;
  }
  return all.empty() ? "no verdict" : all;
}

bool HasLine(const std::string& output, std::string_view wanted) {
  for (size_t at = 0; at <= output.size();) {
    size_t end = std::min(output.find('\n', at), output.size());
    if (std::string_view(output).substr(at, end - at) == wanted) return true;
    at = end + 1;
  }
  return false;
}

std::string Trimmed(const std::string& text) {
  size_t end = text.find_last_not_of(" \n\t");
  return end == std::string::npos ? "nothing" : text.substr(0, end + 1);
}

uint64_t LargestStack(const RunFigures& f) {
  uint64_t most = 2048;
  if (f.timeline == nullptr) return most;
  for (const trace::StackChange& change : f.timeline->stack_changes())
    for (const trace::GoroutineLife& g : f.timeline->goroutines())
      if (g.id == change.goroutine && (g.id == 1 || g.owner == trace::Owner::kMine))
        most = std::max(most, change.size);
  return most;
}

void JudgeLine(uint32_t line, Reader reader, const RunFigures& f, Expectation* out) {
  Reader heap = reader;
  if (heap.Take("no heap") && heap.done()) {
    Heap found = HeapOf(f, line);
    out->ok = found.objects == 0;
    out->got = Said(found);
  } else if (reader.rest() == "no verdict") {
    bool found = false;
    out->got = VerdictsAt(f, line, "", &found);
    out->ok = out->got == "no verdict";
  } else if (reader.rest() == "surprise") {
    out->ok = false;
    for (size_t i = 0; f.facts != nullptr && i < f.facts->verdicts.size(); ++i)
      out->ok = out->ok || (f.facts->verdicts[i].surprise != Surprise::kNone &&
                            f.check->verdicts[f.facts->verdicts[i].verdict].line == line);
    out->got = out->ok ? "surprise" : "no surprise";
  } else if (heap = reader; heap.Take("heap ")) {
    Heap found = HeapOf(f, line);
    std::optional<Range> size;
    if (!heap.Take("×")) {
      size = ReadRange(heap);
      if (size && heap.done()) {  // how many objects, whatever their size
        out->ok = size->Holds(found.objects);
        out->got = Said(found);
        return;
      }
      if (!size || !heap.Take(" B ×")) {
        out->got = "not understood";
        return;
      }
    }
    auto times = ReadRange(heap);
    bool fits = found.objects == 0 || !size || size->Holds(found.bytes / found.objects);
    if (found.objects > 0 && size && size->least == size->most)
      fits = found.bytes == size->least * found.objects;
    out->ok = times && heap.done() && times->Holds(found.objects) && fits;
    out->got = Said(found);
  } else {
    out->got = VerdictsAt(f, line, reader.rest(), &out->ok);
  }
}

void JudgeOne(const RunFigures& f, Expectation* out) {
  Reader reader(out->text);
  if (reader.Take("line ")) {
    auto line = reader.Number();
    if (line && reader.Take(": ")) return JudgeLine(static_cast<uint32_t>(*line), reader, f, out);
  } else if (reader.Take("output: ")) {
    out->ok = HasLine(f.output, reader.rest());
    out->got = Trimmed(f.output);
    return;
  } else if (reader.Take("error: ")) {
    std::string said = f.error_output + (f.log == nullptr ? Print(f.check->messages) : std::string());
    out->ok = said.find(reader.rest()) != std::string::npos;
    out->got = Trimmed(said);
    return;
  } else if (reader.Take("exit ")) {
    auto status = reader.Number();
    out->ok = status && reader.done() && *status == static_cast<uint64_t>(f.exit_status);
    out->got = "exit " + std::to_string(f.exit_status);
    return;
  } else if (reader.Take("heap ")) {
    Heap found = HeapOf(f, 0);
    auto objects = ReadRange(reader);
    bool words = reader.Take(" objects") || reader.Take(" object");
    std::optional<Range> size;
    if (reader.Take(" ")) {
      size = ReadRange(reader);
      words = words && size && reader.Take(" B");
    }
    out->ok = objects && words && reader.done() && objects->Holds(found.objects) &&
              (!size || size->Holds(found.bytes));
    out->got = Said(found);
    return;
  } else if (reader.Take("stack ")) {
    auto size = ReadRange(reader);
    uint64_t unit = reader.Take(" KiB") ? 1024 : reader.Take(" MiB") ? 1 << 20 : reader.Take(" B") ? 1 : 0;
    uint64_t largest = LargestStack(f);
    out->ok = size && unit > 0 && reader.done() && largest % unit == 0 && size->Holds(largest / unit);
    out->got = "largest stack " + std::to_string(largest) + " B";
    return;
  } else if (reader.Take("goroutines ")) {
    auto wanted = ReadRange(reader);
    uint64_t found = 0;
    for (size_t i = 0; f.timeline != nullptr && i < f.timeline->goroutines().size(); ++i) {
      const trace::GoroutineLife& g = f.timeline->goroutines()[i];
      found += g.id == 1 || g.owner == trace::Owner::kMine;
    }
    out->ok = wanted && reader.done() && wanted->Holds(found);
    out->got = std::to_string(found) + " goroutines";
    return;
  } else if (reader.Take("cycles ")) {
    auto wanted = ReadRange(reader);
    uint64_t found = f.timeline != nullptr ? f.timeline->cycles().size() : 0;
    out->ok = wanted && reader.done() && wanted->Holds(found);
    out->got = std::to_string(found) + " cycles";
    return;
  }
  out->got = "not understood";
}

}  // namespace

std::vector<Expectation> Judge(std::string_view text, const RunFigures& figures) {
  std::vector<Expectation> out;
  uint32_t number = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    size_t first = line.find_first_not_of(" \t\r"), last = line.find_last_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    Expectation expectation{number, std::string(line.substr(first, last - first + 1)), false, ""};
    JudgeOne(figures, &expectation);
    out.push_back(std::move(expectation));
  }
  return out;
}

}  // namespace escapement::driver
