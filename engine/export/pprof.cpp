// profile.proto by hand: a few message types of varints and strings need no library.

#include <map>
#include <unordered_map>

#include "engine/export/trace_export.h"

namespace escapement::exporting {

namespace {

using trace::Kind;
using trace::Record;

// A protobuf message under construction.
class Message {
 public:
  void Varint(uint32_t field, uint64_t value) {
    if (value == 0) return;
    Raw(uint64_t{field} << 3);
    Raw(value);
  }
  void Bytes(uint32_t field, std::string_view bytes) {
    Raw(uint64_t{field} << 3 | 2);
    Raw(bytes.size());
    text_.append(bytes);
  }
  template <typename List>
  void Packed(uint32_t field, const List& values) {
    Message packed;
    for (uint64_t value : values) packed.Raw(value);
    Bytes(field, packed.text());
  }
  const std::string& text() const { return text_; }

 private:
  void Raw(uint64_t value) {
    for (; value >= 0x80; value >>= 7) text_ += static_cast<char>(value | 0x80);
    text_ += static_cast<char>(value);
  }
  std::string text_;
};

class Strings {
 public:
  Strings() { Add(""); }
  uint64_t Add(std::string_view text) {
    auto [it, added] = ids_.try_emplace(std::string(text), list_.size());
    if (added) list_.emplace_back(text);
    return it->second;
  }
  const std::vector<std::string>& list() const { return list_; }

 private:
  std::vector<std::string> list_;
  std::unordered_map<std::string, uint64_t> ids_;
};

struct Sample {
  uint64_t objects = 0, bytes = 0, live_objects = 0, live_bytes = 0;
};

// The runtime makes its records of goroutines on the system stack, whose callers no profile shows.
constexpr std::string_view kOnSystemStack = "runtime.malg";
constexpr uint32_t kSystemStack = trace::StackId::kNone - 1;

bool IsOnSystemStack(const trace::Log& log, const Record& alloc) {
  trace::OriginId origin{alloc.c};
  if (alloc.owner() != trace::Owner::kRuntime || !origin.valid()) return false;
  trace::SiteId site = log.origins()[origin.index].site;
  return site.valid() && log.text(log.sites()[site.index].through) == kOnSystemStack;
}

// Adds up allocations by call stack; frees are found by the address of what was allocated there.
std::map<uint32_t, Sample> Collect(const trace::Log& log) {
  std::map<uint32_t, Sample> samples;
  struct Object {
    uint32_t stack;
    uint32_t objects;  // several in a tiny block
    uint64_t bytes;
  };
  std::unordered_map<uint32_t, std::vector<Object>> live;  // by slot address
  std::unordered_map<uint32_t, uint32_t> spans;            // span address → span class
  uint32_t tiny_block = 0;
  auto slot_of = [&](const Record& r) {
    if (r.flags & trace::kTiny) return r.flags & trace::kTinyBlock ? tiny_block = r.a : r.a & ~15u;
    // A malloc header lies before the object: slots of pointerful classes above 512 bytes start 8 bytes
    // earlier.
    bool header = !(r.flags & trace::kNoscan) && r.small != 0 && log.size_classes[r.small] > 512;
    return header ? r.a - 8 : r.a;
  };
  for (uint64_t i = 0; i < log.kept(); ++i) {
    const Record& r = log.at(i);
    if (r.kind == Kind::SpanAlloc) {
      spans[r.a] = r.small;
    } else if (r.kind == Kind::HeapAlloc) {
      const uint32_t stack = IsOnSystemStack(log, r) ? kSystemStack : r.d;
      Sample& sample = samples[stack];
      uint64_t bytes = log.SlotBytes(r);
      ++sample.objects;
      sample.bytes += bytes;
      live[slot_of(r)].push_back({stack, 1, bytes});
    } else if (r.kind == Kind::SpanSweep) {
      uint32_t size_class = spans[r.a] >> 1;
      uint64_t size = size_class ? log.size_classes[size_class] : 0;
      for (uint32_t w = 0; w < r.d; ++w)
        for (uint32_t bit = 0; bit < 64; ++bit)
          if (log.bitmaps()[r.c + w] >> bit & 1)
            live.erase(static_cast<uint32_t>(r.a + (w * 64 + bit) * size));
    }
  }
  for (const auto& [slot, objects] : live)
    for (const Object& object : objects) {
      Sample& sample = samples[object.stack];
      sample.live_objects += object.objects;
      sample.live_bytes += object.bytes;
    }
  return samples;
}

// The innermost frame that is not the runtime's, as runtime/pprof leaves the others out; the whole stack if
// all are.
trace::StackId Caller(const trace::Log& log, trace::StackId stack) {
  for (trace::StackId at = stack; at.valid(); at = log.stacks()[at.index].parent) {
    const trace::FrameId frame = log.stacks()[at.index].frame;
    if (frame.valid() && log.frames()[frame.index].owner != trace::Owner::kRuntime) return at;
  }
  return stack;
}

}  // namespace

void WritePprof(const trace::Log& log, const Sink& sink) {
  Strings strings;
  Message profile;
  for (auto [type, unit] : {std::pair("alloc_objects", "count"), std::pair("alloc_space", "bytes"),
                            std::pair("inuse_objects", "count"), std::pair("inuse_space", "bytes")}) {
    Message value_type;
    value_type.Varint(1, strings.Add(type));
    value_type.Varint(2, strings.Add(unit));
    profile.Bytes(1, value_type.text());
  }
  for (const auto& [stack, sample] : Collect(log)) {
    std::vector<uint64_t> locations;
    if (stack == kSystemStack) locations.push_back(log.frames().size() + 1);
    for (trace::StackId at = stack == kSystemStack ? trace::StackId() : Caller(log, trace::StackId(stack));
         at.valid(); at = log.stacks()[at.index].parent)
      locations.push_back(log.stacks()[at.index].frame.index + 1);
    Message message;
    message.Packed(1, locations);
    message.Packed(
        2, std::vector<uint64_t>{sample.objects, sample.bytes, sample.live_objects, sample.live_bytes});
    profile.Bytes(2, message.text());
  }
  // The one after the log's frames is that of the system stack.
  for (size_t i = 0; i <= log.frames().size(); ++i) {
    Message line, location;
    line.Varint(1, i + 1);
    if (i < log.frames().size()) line.Varint(2, log.frames()[i].line);
    location.Varint(1, i + 1);
    location.Bytes(4, line.text());
    profile.Bytes(4, location.text());
  }
  for (size_t i = 0; i <= log.frames().size(); ++i) {
    const bool own = i == log.frames().size();
    Message function;
    function.Varint(1, i + 1);
    function.Varint(2, strings.Add(own ? kOnSystemStack : log.text(log.frames()[i].function)));
    if (!own) function.Varint(4, strings.Add(log.text(log.frames()[i].file)));
    profile.Bytes(5, function.text());
  }
  for (const std::string& text : strings.list()) profile.Bytes(6, text);
  sink(profile.text());
}

}  // namespace escapement::exporting
