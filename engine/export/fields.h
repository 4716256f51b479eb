// How exports spell the value of an event's field.
#pragma once

#include <string_view>

#include "engine/trace/log.h"

namespace escapement::exporting {

// The name of a value of an enumeration (reason, phase, …); empty for a plain number.
std::string_view EnumName(trace::Unit unit, uint64_t value);

// A field's value as a number: addresses with all 64 bits, ids of nothing and "no case" as -1.
int64_t FieldNumber(const trace::Log& log, trace::Unit unit, uint64_t value);

}  // namespace escapement::exporting
