// The log of a run: fixed-size records in chunks, and the tables that their ids refer to.
// Appending allocates nothing (but a chunk every 4,096 events) and never alters the World.
#pragma once

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/trace/envelope.h"
#include "engine/trace/event.h"
#include "engine/trace/pair_table.h"

namespace escapement::trace {

struct TypeEntry {
  StringId name;
  uint64_t size = 0;
};

// An allocation site: the statement that allocates, or makes the runtime or code inlined there do it;
// then `through` names the function that does. `kind` says what allocates there: "new", "make", "&T{}",
// "append", "closure", "interface", "string", "moved", "runtime", ….
struct SiteEntry {
  StringId function;
  StringId kind;
  StringId symbol;
  uint32_t ordinal = 0;
  StringId file;
  uint32_t line = 0, column = 0;
  Owner owner = Owner::kRuntime;
  StringId through;
  uint32_t verdict = base::Id<SiteId>::kNone;  // index of the verdict that put it on the heap
};

struct OriginEntry {
  SiteId site;
  TypeId type;
};

struct FrameEntry {
  StringId function;
  StringId file;
  uint32_t line = 0, column = 0;
  Owner owner = Owner::kRuntime;
};

// One call stack: `frame` called from `parent`; `billed` is the nearest node, itself or outwards,
// whose frame is the user's (the line that library work is billed to).
struct StackEntry {
  StackId parent;
  FrameId frame;
  StackId billed;
  uint32_t depth = 0;
  Owner owner = Owner::kRuntime;  // of the innermost frame that is not the runtime's
};

// Where a log stands; part of a saved World so that a restored run continues the same numbering.
struct LogPosition {
  uint64_t events = 0;
  uint64_t last_step = 0;
  uint64_t bitmap_words = 0;
  Owner owner = Owner::kBeforeMain;
  StackId stack;
  std::vector<std::pair<uint64_t, Envelope>> envelopes;  // by goroutine id
  bool operator==(const LogPosition&) const = default;
};

class Log {
 public:
  static constexpr uint32_t kChunkRecords = 4096;
  static constexpr uint32_t kMaxStackDepth = 128;  // as deep as Go's profiles are

  // Keeps at most `max_events` records; later ones are counted, hashed into nothing and dropped.
  explicit Log(uint64_t max_events = uint64_t{1} << 22)
      : max_chunks_((max_events + kChunkRecords - 1) / kChunkRecords) {}
  // A log that keeps nothing and only counts on from `position`: what a replay writes to.
  explicit Log(const LogPosition& position)
      : stack(position.stack),
        last_step_(position.last_step),
        max_chunks_(0),
        dropped_(position.events),
        owner_bits_(static_cast<uint8_t>(position.owner)) {}
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Appends one event that happened at step `step`.
  void Append(Kind kind, uint64_t step, uint8_t flags, uint16_t small, uint32_t a, uint32_t b = 0,
              uint32_t c = 0, uint32_t d = 0) {
    uint64_t delta = step - last_step_;
    if (cursor_ == end_ || delta > 0xffffffffu) [[unlikely]]
      if (!MakeRoom(step, &delta)) return;
    last_step_ = step;
    Record* r = cursor_++;
    r->kind = kind;
    r->flags = flags | owner_bits_;
    r->small = small;
    r->delta = static_cast<uint32_t>(delta);
    r->a = a;
    r->b = b;
    r->c = c;
    r->d = d;
  }

  // The owner that the next events get; set by the vm when it crosses from one to the other.
  void set_owner(Owner owner) { owner_bits_ = static_cast<uint8_t>(owner); }
  Owner owner() const { return static_cast<Owner>(owner_bits_); }

  // The call stack that the next events refer to (StackId() when the vm has not computed one).
  StackId stack;

  // Whether events are kept (until the log is full), and their tables with them.
  bool recording() const { return max_chunks_ != 0; }
  // Events appended so far, dropped ones included.
  uint64_t size() const { return kept() + dropped_; }
  // Events that were kept.
  uint64_t kept() const { return chunks_.size() * kChunkRecords - static_cast<uint64_t>(end_ - cursor_); }
  const Record& at(uint64_t ordinal) const {
    return chunks_[ordinal / kChunkRecords][ordinal % kChunkRecords];
  }
  uint64_t last_step() const { return last_step_; }
  LogPosition position() const;

  // Cuts the log back to a position it had before (for restore-and-continue).
  void Rewind(const LogPosition& position);

  // A hash of the records kept, of their bitmaps and of the tables' contents, equal natively and in wasm.
  uint64_t Hash() const;

  // --- tables; interning the same value twice gives the same id ---
  StringId Intern(std::string_view text);
  TypeId InternType(std::string_view name, uint64_t size);
  SiteId AddSite(const SiteEntry& site);
  OriginId Origin(SiteId site, TypeId type) {
    OriginId cached = site.valid() ? last_origin_[site.index] : OriginId();
    if (cached.valid() && origins_[cached.index].type == type) return cached;
    return OriginSlow(site, type);
  }
  FrameId AddFrame(const FrameEntry& frame);
  // The stack that `frame` makes when called from `parent` (StackId() for an outermost frame).
  // Of a deeper stack than kMaxStackDepth the innermost frame and the outer ones are kept.
  StackId Push(StackId parent, FrameId frame);

  std::string_view text(StringId id) const { return id.valid() ? std::string_view(*strings_[id.index]) : ""; }
  const std::vector<const std::string*>& strings() const { return strings_; }
  const std::vector<TypeEntry>& types() const { return types_; }
  const std::vector<SiteEntry>& sites() const { return sites_; }
  const std::vector<OriginEntry>& origins() const { return origins_; }
  const std::vector<FrameEntry>& frames() const { return frames_; }
  const std::vector<StackEntry>& stacks() const { return stacks_; }

  // Side store of bitmaps (which objects a sweep freed). Returns the index of the first word.
  uint32_t AddBitmap(const uint64_t* words, uint32_t count);
  const std::vector<uint64_t>& bitmaps() const { return bitmaps_; }

  // The depth and bytes of each goroutine's stack over time, by goroutine id.
  Envelope& envelope(uint64_t goroutine);
  const std::map<uint64_t, std::unique_ptr<Envelope>>& envelopes() const { return envelopes_; }

  // The low half of the heap's first address (set by memory::Boot), and all 64 bits of an address.
  uint32_t heap_low = ~0u;
  uint64_t FullAddress(uint32_t low) const { return low >= heap_low ? uint64_t{0xc0} << 32 | low : low; }

  // The bytes of each size class, so that readers can say what an object takes (set by memory::Boot).
  std::vector<uint32_t> size_classes;
  // The bytes that a heap.alloc event added to the live heap.
  uint64_t SlotBytes(const Record& alloc) const;

 private:
  bool MakeRoom(uint64_t step, uint64_t* delta);
  OriginId OriginSlow(SiteId site, TypeId type);

  // Chunks are not cleared: a record is written whole when it is appended.
  struct FreeChunk {
    void operator()(Record* chunk) const { std::free(chunk); }
  };
  std::vector<std::unique_ptr<Record[], FreeChunk>> chunks_;
  Record* cursor_ = nullptr;
  Record* end_ = nullptr;
  uint64_t last_step_ = 0;
  uint64_t max_chunks_;
  uint64_t dropped_ = 0;
  uint8_t owner_bits_ = static_cast<uint8_t>(Owner::kBeforeMain);

  std::vector<const std::string*> strings_;
  std::unordered_map<std::string, uint32_t> string_ids_;
  std::vector<TypeEntry> types_;
  std::unordered_map<std::string, uint32_t> type_ids_;
  std::vector<SiteEntry> sites_;
  std::vector<OriginId> last_origin_;
  std::vector<OriginEntry> origins_;
  PairTable origin_ids_;  // by site and type
  std::vector<FrameEntry> frames_;
  std::vector<StackEntry> stacks_;
  PairTable stack_ids_;  // by parent and frame
  std::vector<uint64_t> bitmaps_;
  std::map<uint64_t, std::unique_ptr<Envelope>> envelopes_;
};

}  // namespace escapement::trace
