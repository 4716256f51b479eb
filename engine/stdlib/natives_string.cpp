// Strings: runtime/string.go and runtime/utf8.go.
#include <algorithm>
#include <cstring>

#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

constexpr uint64_t kBufferSize = 32;  // tmpBuf: bytes, and runes of the rune buffer
constexpr int32_t kRuneError = 0xfffd;

bool InOwnStack(Machine& m, Address address) {
  return m.goroutine().stack.Contains(address);
}

// concatstrings: `parts` are `count` pairs (ptr, len) on the host. buffer: 32 bytes, or nil.
NativeStatus ConcatTo(Machine& m, uint64_t* w, Address buffer, const uint64_t* parts, uint64_t count) {
  uint64_t length = 0, filled = 0, last = 0;
  for (uint64_t i = 0; i < count; i++) {
    if (parts[2 * i + 1] == 0) continue;
    length += parts[2 * i + 1];
    filled++;
    last = i;
  }
  if (length > uint64_t{1} << 47) return m.Fatal("string concatenation too long", false);
  if (filled == 0) {
    w[0] = w[1] = 0;
    return kContinue;
  }
  if (filled == 1 && (buffer != 0 || !InOwnStack(m, parts[2 * last]))) {
    uint64_t data = parts[2 * last], size = parts[2 * last + 1];
    w[0] = data;
    w[1] = size;
    return kContinue;
  }
  Address to = buffer;
  if (buffer == 0 || length > kBufferSize) {
    to = m.Allocate(length, 0, false);
    if (to == 0) return NativeStatus::kExit;
  }
  uint64_t at = to;
  for (uint64_t i = 0; i < count; i++) {
    if (parts[2 * i + 1] == 0) continue;
    Space(m).Move(at, parts[2 * i], parts[2 * i + 1]);
    at += parts[2 * i + 1];
  }
  w[0] = to;
  w[1] = length;
  return kContinue;
}

template <int kCount>
NativeStatus Concat(Machine& m, uint64_t* w) {
  uint64_t parts[2 * kCount];
  std::copy(w + 1, w + 1 + 2 * kCount, parts);
  return ConcatTo(m, w, w[0], parts, kCount);
}
// concatstrings(buf, []string)
NativeStatus ConcatMany(Machine& m, uint64_t* w) {
  std::vector<uint64_t> parts(2 * w[2]);
  if (w[2] != 0) std::memcpy(parts.data(), Bytes(m, w[1]), 16 * w[2]);
  return ConcatTo(m, w, w[0], parts.data(), w[2]);
}

// A byte slice of `length` with nothing but its tail cleared: rawbyteslice.
bool RawByteSlice(Machine& m, uint64_t* w, uint64_t length) {
  uint64_t capacity = memory::RoundUpSize(length, true);
  Address to = m.Allocate(capacity, 0, false);
  if (to == 0) return false;
  Space(m).Zero(to + length, capacity - length);
  w[0] = to;
  w[1] = length;
  w[2] = capacity;
  return true;
}
bool ByteSlice(Machine& m, uint64_t* w, Address buffer, uint64_t length) {
  if (buffer == 0 || length > kBufferSize) return RawByteSlice(m, w, length);
  Space(m).Zero(buffer, kBufferSize);
  w[0] = buffer;
  w[1] = length;
  w[2] = kBufferSize;
  return true;
}

NativeStatus ConcatBytesTo(Machine& m, uint64_t* w, Address buffer, const uint64_t* parts, uint64_t count) {
  uint64_t length = 0;
  for (uint64_t i = 0; i < count; i++) length += parts[2 * i + 1];
  if (length > uint64_t{1} << 47) return m.Fatal("string concatenation too long", false);
  if (length == 0) {
    w[0] = m.world().statics.zerobase;
    w[1] = w[2] = 0;
    return kContinue;
  }
  if (!ByteSlice(m, w, buffer, length)) return NativeStatus::kExit;
  uint64_t at = w[0];
  for (uint64_t i = 0; i < count; i++) {
    if (parts[2 * i + 1] == 0) continue;
    Space(m).Move(at, parts[2 * i], parts[2 * i + 1]);
    at += parts[2 * i + 1];
  }
  return kContinue;
}
template <int kCount>
NativeStatus ConcatBytes(Machine& m, uint64_t* w) {
  uint64_t parts[2 * kCount];
  std::copy(w + 1, w + 1 + 2 * kCount, parts);
  return ConcatBytesTo(m, w, w[0], parts, kCount);
}
NativeStatus ConcatBytesMany(Machine& m, uint64_t* w) {
  std::vector<uint64_t> parts(2 * w[2]);
  if (w[2] != 0) std::memcpy(parts.data(), Bytes(m, w[1]), 16 * w[2]);
  return ConcatBytesTo(m, w, w[0], parts.data(), w[2]);
}

// slicebytetostring(buf, ptr, n)
NativeStatus SliceByteToString(Machine& m, uint64_t* w) {
  Address buffer = w[0], from = w[1];
  uint64_t length = w[2];
  if (length == 0) {
    w[0] = w[1] = 0;
    return kContinue;
  }
  CHECK_RANGE(m, w, from, length, false);
  if (length == 1) {
    w[0] = m.symbol_address("runtime.staticuint64s") + 8 * Space(m).Load<uint8_t>(from);
    w[1] = 1;
    return kContinue;
  }
  Address to = buffer;
  if (buffer == 0 || length > kBufferSize) {
    to = m.Allocate(length, 0, false);
    if (to == 0) return NativeStatus::kExit;
  }
  Space(m).Move(to, from, length);
  w[0] = to;
  w[1] = length;
  return kContinue;
}
// stringtoslicebyte(buf, s)
NativeStatus StringToSliceByte(Machine& m, uint64_t* w) {
  Address from = w[1];
  uint64_t length = w[2];
  CHECK_RANGE(m, w, from, length, false);
  if (!ByteSlice(m, w, w[0], length)) return NativeStatus::kExit;
  if (length != 0) Space(m).Move(w[0], from, length);
  return kContinue;
}

// Decodes one rune of `text` at `at`; invalid bytes give the error rune and width 1.
int32_t DecodeRune(std::string_view text, size_t at, size_t* width) {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  uint8_t lead = byte(at);
  *width = 1;
  if (lead < 0x80) return lead;
  size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - at < need) return kRuneError;
  int32_t rune = lead & (0xff >> (need + 1));
  for (size_t i = 1; i < need; i++) {
    if ((byte(at + i) & 0xc0) != 0x80) return kRuneError;
    rune = rune << 6 | (byte(at + i) & 0x3f);
  }
  if ((need == 3 && rune < 0x800) || (need == 4 && (rune < 0x10000 || rune > 0x10ffff)) ||
      (rune >= 0xd800 && rune <= 0xdfff))
    return kRuneError;
  *width = need;
  return rune;
}

size_t EncodeRune(char* to, int64_t value) {
  int64_t rune = value < 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff) ? kRuneError : value;
  if (rune < 0x80) {
    to[0] = static_cast<char>(rune);
    return 1;
  }
  if (rune < 0x800) {
    to[0] = static_cast<char>(0xc0 | rune >> 6);
    to[1] = static_cast<char>(0x80 | (rune & 0x3f));
    return 2;
  }
  if (rune < 0x10000) {
    to[0] = static_cast<char>(0xe0 | rune >> 12);
    to[1] = static_cast<char>(0x80 | (rune >> 6 & 0x3f));
    to[2] = static_cast<char>(0x80 | (rune & 0x3f));
    return 3;
  }
  to[0] = static_cast<char>(0xf0 | rune >> 18);
  to[1] = static_cast<char>(0x80 | (rune >> 12 & 0x3f));
  to[2] = static_cast<char>(0x80 | (rune >> 6 & 0x3f));
  to[3] = static_cast<char>(0x80 | (rune & 0x3f));
  return 4;
}

// intstring(buf *[4]byte, v int64)
NativeStatus IntString(Machine& m, uint64_t* w) {
  char text[4];
  size_t length = EncodeRune(text, static_cast<int64_t>(w[1]));
  Address to = w[0];
  if (to == 0) {
    to = m.Allocate(4, 0, false);
    if (to == 0) return NativeStatus::kExit;
  }
  Space(m).Write(to, text, length);
  w[0] = to;
  w[1] = length;
  return kContinue;
}

// slicerunetostring(buf, []rune)
NativeStatus SliceRuneToString(Machine& m, uint64_t* w) {
  std::string text;
  for (uint64_t i = 0; i < w[2]; i++) {
    char encoded[4];
    text.append(encoded, EncodeRune(encoded, Space(m).Load<int32_t>(w[1] + 4 * i)));
  }
  Address to = w[0];
  if (to == 0 || text.size() + 3 > kBufferSize) {
    // The runtime asks for three bytes more than the text.
    to = m.Allocate(text.size() + 3, 0, false);
    if (to == 0) return NativeStatus::kExit;
  }
  Space(m).Write(to, text.data(), text.size());
  w[0] = to;
  w[1] = text.size();
  return kContinue;
}

// stringtoslicerune(buf *[32]rune, s)
NativeStatus StringToSliceRune(Machine& m, uint64_t* w) {
  Address buffer = w[0], from = w[1];
  uint64_t length = w[2];
  std::vector<int32_t> runes;
  std::string_view text = m.StringAt(from, length);
  for (size_t at = 0, width = 0; at < text.size(); at += width) runes.push_back(DecodeRune(text, at, &width));
  uint64_t count = runes.size(), capacity = kBufferSize;
  Address to = buffer;
  if (buffer != 0 && count <= kBufferSize) {
    Space(m).Zero(buffer, 4 * kBufferSize);
  } else {
    uint64_t bytes = memory::RoundUpSize(count * 4, true);
    to = m.Allocate(bytes, 0, false);
    if (to == 0) return NativeStatus::kExit;
    Space(m).Zero(to + count * 4, bytes - count * 4);
    capacity = bytes / 4;
  }
  Space(m).Write(to, runes.data(), count * 4);
  w[0] = to;
  w[1] = count;
  w[2] = capacity;
  return kContinue;
}

// decoderune(s, k) (rune, next)
NativeStatus DecodeRuneAt(Machine& m, uint64_t* w) {
  size_t width = 1;
  uint64_t at = w[2];
  int32_t rune = DecodeRune(Text(m, w), at, &width);
  w[0] = static_cast<uint64_t>(int64_t{rune});
  w[1] = at + width;
  return kContinue;
}
NativeStatus CountRunes(Machine& m, uint64_t* w) {
  std::string_view text = Text(m, w);
  uint64_t count = 0;
  for (size_t at = 0, width = 0; at < text.size(); at += width, count++) DecodeRune(text, at, &width);
  w[0] = count;
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_string.def"
};

}  // namespace

std::span<const vm::Native> StringNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
