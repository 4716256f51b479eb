// BitCast: the standard's bit_cast, which Emscripten's libc++ of clang 14 lacks.
#pragma once

namespace escapement::base {

// The object representation of `from`, read as a To.
template <typename To, typename From>
constexpr To BitCast(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

}  // namespace escapement::base
