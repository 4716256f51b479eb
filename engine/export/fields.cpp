#include "engine/export/fields.h"

#include "engine/sched/scheduler.h"

namespace escapement::exporting {

using trace::Unit;

std::string_view EnumName(Unit unit, uint64_t value) {
  switch (unit) {
    case Unit::Reason:
      return sched::Text(static_cast<sched::WaitReason>(value));
    case Unit::Phase:
      return Name(static_cast<trace::Phase>(value));
    case Unit::Trigger:
      return Name(static_cast<trace::Trigger>(value));
    case Unit::Segment:
      return Name(static_cast<trace::Segment>(value));
    case Unit::ChannelOutcome:
      return Name(static_cast<trace::ChannelOutcome>(value));
    case Unit::DeferKind:
      return Name(static_cast<trace::DeferKind>(value));
    default:
      return {};
  }
}

int64_t FieldNumber(const trace::Log& log, Unit unit, uint64_t value) {
  switch (unit) {
    case Unit::Address:
      return static_cast<int64_t>(log.FullAddress(static_cast<uint32_t>(value)));
    case Unit::Origin:
    case Unit::Stack:
    case Unit::String:
    case Unit::Status:
      return static_cast<int32_t>(value);
    case Unit::Case:
      return static_cast<int16_t>(value);
    default:
      return static_cast<int64_t>(value);
  }
}

}  // namespace escapement::exporting
