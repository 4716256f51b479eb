// internal/bytealg's assembly, and the runtime's byte comparisons.
#include <algorithm>
#include <cstring>

#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

int64_t Compare(std::string_view x, std::string_view y) {
  int order = x.compare(y);
  return order < 0 ? -1 : order > 0;
}

int64_t Position(size_t found) {
  return found == std::string_view::npos ? -1 : static_cast<int64_t>(found);
}

NativeStatus CompareBytes(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(Compare(Text(m, w), Text(m, w + 3)));
  return kContinue;
}
NativeStatus CompareStrings(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(Compare(Text(m, w), Text(m, w + 2)));
  return kContinue;
}
NativeStatus Count(Machine& m, uint64_t* w) {
  std::string_view text = Text(m, w);
  w[0] = static_cast<uint64_t>(std::count(text.begin(), text.end(), static_cast<char>(w[3])));
  return kContinue;
}
NativeStatus CountString(Machine& m, uint64_t* w) {
  std::string_view text = Text(m, w);
  w[0] = static_cast<uint64_t>(std::count(text.begin(), text.end(), static_cast<char>(w[2])));
  return kContinue;
}
NativeStatus Index(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(Position(Text(m, w).find(Text(m, w + 3))));
  return kContinue;
}
NativeStatus IndexString(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(Position(Text(m, w).find(Text(m, w + 2))));
  return kContinue;
}
NativeStatus IndexByte(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(Position(Text(m, w).find(static_cast<char>(w[3]))));
  return kContinue;
}
NativeStatus IndexByteString(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(Position(Text(m, w).find(static_cast<char>(w[2]))));
  return kContinue;
}
// MakeNoZero(len int) []byte: capacity is the size class.
NativeStatus MakeNoZero(Machine& m, uint64_t* w) {
  uint64_t length = w[0];
  if (length > uint64_t{1} << 47) return m.Call(RuntimeFunction::k_panicmakeslicelen);
  uint64_t capacity = memory::RoundUpSize(length, true);
  Address data = m.Allocate(capacity, 0, false);
  if (data == 0) return NativeStatus::kExit;
  w[0] = data;
  w[1] = length;
  w[2] = capacity;
  return kContinue;
}
NativeStatus MemEqual(Machine& m, uint64_t* w) {
  if (w[2] != 0 && w[0] != w[1]) {
    CHECK_READABLE(m, w, w[0]);
    CHECK_READABLE(m, w, w[1]);
  }
  w[0] = w[2] == 0 || w[0] == w[1] || std::memcmp(Bytes(m, w[0]), Bytes(m, w[1]), w[2]) == 0;
  return kContinue;
}
// The size is the closure's captured word.
NativeStatus MemEqualVarlen(Machine& m, uint64_t* w) {
  uint64_t size = Space(m).Load<uint64_t>(m.NativeContext(w) + 8);
  w[0] = std::memcmp(Bytes(m, w[0]), Bytes(m, w[1]), size) == 0;
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_bytealg.def"
};

}  // namespace

std::span<const vm::Native> BytealgNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
