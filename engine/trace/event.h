// Events: what a run leaves behind. A record is 24 bytes; what its slots mean is said
// once, in events.def, and every reader (JSON, pprof, the page) goes by that schema.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/ids.h"

namespace escapement::trace {

struct StringId : base::Id<StringId> {
  using Id::Id;
};
struct TypeId : base::Id<TypeId> {
  using Id::Id;
};
// An allocation site of the program (function + kind + symbol + ordinal).
struct SiteId : base::Id<SiteId> {
  using Id::Id;
};
// A site together with the type it made there (one site may make several).
struct OriginId : base::Id<OriginId> {
  using Id::Id;
};
// A place that a call stack can name: function and position.
struct FrameId : base::Id<FrameId> {
  using Id::Id;
};
// A call stack, as a node of a tree: its innermost frame and its caller's node.
struct StackId : base::Id<StackId> {
  using Id::Id;
};

enum class Kind : uint8_t {
  None,
#define EVENT(Kind, name, Pair, Fields) Kind,
#include "engine/trace/events.def"
  Count
};

// To whom an event belongs. The owner is that of the code that caused it, not of the phase.
enum class Owner : uint8_t { kMine, kLibrary, kRuntime, kBeforeMain };

// How to read a field. Address: the low 32 bits; Log::FullAddress gives all 64.
enum class Unit : uint8_t {
  Count,
  Bytes,
  Address,
  Goroutine,
  Cycle,
  Origin,
  Stack,
  String,
  SizeClass,
  SpanClass,
  Segment,
  Reason,
  Phase,
  Trigger,
  Fault,
  Case,
  Descriptor,
  DeferKind,
  Bitmap,
  Steps,
  Nanoseconds,
  Status,
  Percent,
  ChannelOutcome,
  Order
};

enum class Slot : uint8_t { small, a, b, c, d, ab };

// Bits of Record::flags; the two lowest are the owner.
enum Flags : uint8_t {
  kOwnerMask = 3,
  kNoscan = 4,      // heap.alloc: no pointers inside
  kTiny = 8,        // heap.alloc: shares a 16-byte block of the tiny allocator
  kTinyBlock = 16,  // heap.alloc: and is the first in that block
  kZeroed = 32,     // heap.alloc: the memory had to be cleared
};

// One event. `delta` is the steps since the event before it.
struct Record {
  Kind kind = Kind::None;
  uint8_t flags = 0;
  uint16_t small = 0;
  uint32_t delta = 0;
  uint32_t a = 0, b = 0, c = 0, d = 0;

  Owner owner() const { return static_cast<Owner>(flags & kOwnerMask); }
  bool operator==(const Record&) const = default;
};
static_assert(sizeof(Record) == 24);

// A point of a run that means the same natively and in wasm: the first instruction at which `event` events
// have happened and `step` steps are counted, and then `statement` further starts of a line.
struct Moment {
  uint64_t event = 0;
  uint64_t step = 0;
  uint64_t statement = 0;
  auto operator<=>(const Moment&) const = default;
};

struct Field {
  Slot slot;
  std::string_view name;
  Unit unit;
};

struct KindInfo {
  std::string_view name;
  Kind pair;
  std::span<const Field> fields;
};

// The schema row of `kind`.
const KindInfo& Info(Kind kind);

// The name of a unit, as the JSON schema spells it ("bytes", "size_class", …).
std::string_view UnitName(Unit unit);

// The name of an owner: "mine", "library", "runtime", "before main".
std::string_view OwnerName(Owner owner);

// The value that `slot` of `record` holds.
uint64_t Value(const Record& record, Slot slot);

// Names of the small enumerations that records hold.
enum class Segment : uint16_t { kText, kRodata, kData, kBss };
enum class Phase : uint16_t { kSweepTermination, kMark, kMarkTermination, kSweep, kOff };
enum class Trigger : uint16_t { kHeap, kCall, kTime, kStress };
enum class ChannelOutcome : uint16_t { kBuffered, kDirect, kBlocked, kClosed, kWouldBlock };
enum class DeferKind : uint16_t { kOpenCoded, kStack, kHeap };
std::string_view Name(Segment segment);
std::string_view Name(Phase phase);
std::string_view Name(Trigger trigger);
std::string_view Name(ChannelOutcome outcome);
std::string_view Name(DeferKind kind);

}  // namespace escapement::trace
