#include "engine/trace/event.h"

namespace escapement::trace {

namespace {

// One array of fields a kind, straight from the schema.
#define EVENT(Name, name, Pair, List) constexpr Field kFieldsOf##Name[] = {List};
#define F(slot, field, unit) Field{Slot::slot, field, Unit::unit},
#include "engine/trace/events.def"

constexpr KindInfo kKinds[] = {
    {"none", Kind::None, {}},
#define EVENT(Name, name, Pair, List) {name, Kind::Pair, std::span<const Field>(kFieldsOf##Name)},
#define F(slot, field, unit)
#include "engine/trace/events.def"
};

constexpr std::string_view kUnits[] = {
    "count",  "bytes",      "address",         "goroutine",  "cycle",  "origin", "stack",
    "string", "size_class", "span_class",      "segment",    "reason", "phase",  "trigger",
    "fault",  "case",       "descriptor",      "defer_kind", "bitmap", "steps",  "nanoseconds",
    "status", "percent",    "channel_outcome", "order"};

constexpr std::string_view kOwners[] = {"mine", "library", "runtime", "before main"};
constexpr std::string_view kSegments[] = {"text", "rodata", "data", "bss"};
constexpr std::string_view kPhases[] = {"sweep termination", "mark", "mark termination", "sweep", "off"};
constexpr std::string_view kTriggers[] = {"heap size", "runtime.GC", "time", "stress"};
constexpr std::string_view kOutcomes[] = {"buffered", "direct", "blocked", "closed", "would block"};
constexpr std::string_view kDeferKinds[] = {"open-coded", "stack", "heap"};

}  // namespace

const KindInfo& Info(Kind kind) {
  return kKinds[static_cast<size_t>(kind)];
}
std::string_view UnitName(Unit unit) {
  return kUnits[static_cast<size_t>(unit)];
}
std::string_view OwnerName(Owner owner) {
  return kOwners[static_cast<size_t>(owner)];
}
std::string_view Name(Segment segment) {
  return kSegments[static_cast<size_t>(segment)];
}
std::string_view Name(Phase phase) {
  return kPhases[static_cast<size_t>(phase)];
}
std::string_view Name(Trigger trigger) {
  return kTriggers[static_cast<size_t>(trigger)];
}
std::string_view Name(ChannelOutcome outcome) {
  return kOutcomes[static_cast<size_t>(outcome)];
}
std::string_view Name(DeferKind kind) {
  return kDeferKinds[static_cast<size_t>(kind)];
}

uint64_t Value(const Record& record, Slot slot) {
  switch (slot) {
    case Slot::small:
      return record.small;
    case Slot::a:
      return record.a;
    case Slot::b:
      return record.b;
    case Slot::c:
      return record.c;
    case Slot::d:
      return record.d;
    case Slot::ab:
      return record.a | uint64_t{record.b} << 32;
  }
  return 0;
}

}  // namespace escapement::trace
