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
      Sample& sample = samples[r.d];
      uint64_t bytes = log.SlotBytes(r);
      ++sample.objects;
      sample.bytes += bytes;
      live[slot_of(r)].push_back({r.d, 1, bytes});
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
    for (trace::StackId at(stack); at.valid(); at = log.stacks()[at.index].parent)
      locations.push_back(log.stacks()[at.index].frame.index + 1);
    Message message;
    message.Packed(1, locations);
    message.Packed(
        2, std::vector<uint64_t>{sample.objects, sample.bytes, sample.live_objects, sample.live_bytes});
    profile.Bytes(2, message.text());
  }
  for (size_t i = 0; i < log.frames().size(); ++i) {
    Message line, location;
    line.Varint(1, i + 1);
    line.Varint(2, log.frames()[i].line);
    location.Varint(1, i + 1);
    location.Bytes(4, line.text());
    profile.Bytes(4, location.text());
  }
  for (size_t i = 0; i < log.frames().size(); ++i) {
    const trace::FrameEntry& frame = log.frames()[i];
    Message function;
    function.Varint(1, i + 1);
    function.Varint(2, strings.Add(log.text(frame.function)));
    function.Varint(4, strings.Add(log.text(frame.file)));
    profile.Bytes(5, function.text());
  }
  for (const std::string& text : strings.list()) profile.Bytes(6, text);
  sink(profile.text());
}

}  // namespace escapement::exporting
