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

// The texts' slots are at w and w + second.
NativeStatus CompareTexts(Machine& m, uint64_t* w, size_t second) {
  const uint64_t shorter = std::min(w[1], w[second + 1]);
  CHECK_RANGE(m, w, w[0], shorter, false);
  CHECK_RANGE(m, w, w[second], shorter, false);
  w[0] = static_cast<uint64_t>(Compare(Text(m, w), Text(m, w + second)));
  return kContinue;
}
NativeStatus CompareBytes(Machine& m, uint64_t* w) {
  return CompareTexts(m, w, 3);
}
NativeStatus CompareStrings(Machine& m, uint64_t* w) {
  return CompareTexts(m, w, 2);
}
NativeStatus CountIn(Machine& m, uint64_t* w, uint64_t byte) {
  CHECK_RANGE(m, w, w[0], w[1], false);
  std::string_view text = Text(m, w);
  w[0] = static_cast<uint64_t>(std::count(text.begin(), text.end(), static_cast<char>(byte)));
  return kContinue;
}
NativeStatus Count(Machine& m, uint64_t* w) {
  return CountIn(m, w, w[3]);
}
NativeStatus CountString(Machine& m, uint64_t* w) {
  return CountIn(m, w, w[2]);
}
// Where the text at w has `wanted`; pages that may not be read count from where they are reached.
template <typename Wanted>
NativeStatus Search(Machine& m, uint64_t* w, Wanted wanted) {
  const Address denied = Space(m).Denied(w[0], w[1], false);
  const size_t found = m.StringAt(w[0], denied != 0 ? denied - w[0] : w[1]).find(wanted);
  if (denied != 0 && found == std::string_view::npos) return m.Fault(w, denied);
  w[0] = static_cast<uint64_t>(Position(found));
  return kContinue;
}
NativeStatus Index(Machine& m, uint64_t* w) {
  return Search(m, w, Text(m, w + 3));
}
NativeStatus IndexString(Machine& m, uint64_t* w) {
  return Search(m, w, Text(m, w + 2));
}
NativeStatus IndexByte(Machine& m, uint64_t* w) {
  return Search(m, w, static_cast<char>(w[3]));
}
NativeStatus IndexByteString(Machine& m, uint64_t* w) {
  return Search(m, w, static_cast<char>(w[2]));
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
    CHECK_RANGE(m, w, w[0], w[2], false);
    CHECK_RANGE(m, w, w[1], w[2], false);
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
