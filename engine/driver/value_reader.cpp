#include "engine/driver/value_reader.h"

#include <algorithm>
#include <cstring>

#include "engine/base/bit_cast.h"
#include "engine/base/number_text.h"
#include "engine/sched/channel.h"

namespace escapement::driver {

using exporting::GoValue;
using exporting::Part;
using ir::Kind;

namespace {

constexpr int kMostLevels = 6;
constexpr uint64_t kMostElements = 64;
constexpr uint64_t kMostTextBytes = 64;
constexpr size_t kMostText = 160;  // of a composite value's one-line form

template <typename T>
T From(const uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

template <typename T>
std::string Complex(T real, T imaginary) {
  std::string imaginary_text = base::ShortestText(imaginary);
  if (imaginary_text[0] != '-' && imaginary_text[0] != '+') imaginary_text.insert(0, "+");
  return "(" + base::ShortestText(real) + imaginary_text + "i)";
}

std::string Float32(uint32_t bits) {
  return base::ShortestText(base::BitCast<float>(bits));
}
std::string Float64(uint64_t bits) {
  return base::ShortestText(base::BitCast<double>(bits));
}

}  // namespace

std::string PointerText(uint64_t address) {
  if (address == 0) return "nil";
  return base::HexText(address);
}

// Go syntax of a string's first bytes.
std::string ValueReader::Quoted(uint64_t address, uint64_t size) const {
  if (size > 0 && !space_.CanLoad(address, 1)) return "?";
  std::string out = "\"";
  uint64_t shown = std::min(size, kMostTextBytes);
  for (uint64_t i = 0; i < shown && space_.CanLoad(address + i, 1); ++i) {
    uint8_t c = space_.Load<uint8_t>(address + i);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20 || c == 0x7f) {
      out += "\\x" + base::HexDigits(c, 2);
    } else {
      out += static_cast<char>(c);
    }
  }
  out += '"';
  if (shown < size) out += "…";
  return out;
}

GoValue ValueReader::At(ir::Type* type, uint64_t address) const {
  uint64_t size = static_cast<uint64_t>(type->Size());
  if (size > 0 && !space_.CanLoad(address, size)) return {"?", 0, {}, 0};
  return Read(type, space_.Host(address), 0);
}

GoValue ValueReader::Of(ir::Type* type, const uint8_t* bytes) const {
  return Read(type, bytes, 0);
}

GoValue ValueReader::Row(ir::Type* elem, uint64_t count, uint64_t address) const {
  uint64_t size = static_cast<uint64_t>(elem->Size());
  if (size == 0 || !space_.CanLoad(address, size * count)) return {};
  GoValue out = Elements(elem, count, space_.Host(address), 0);
  out.text = "[" + std::to_string(count) + "]" + TypeName(elem) + out.text;
  return out;
}

GoValue ValueReader::Bytes(uint64_t address, uint64_t size) const {
  GoValue out;
  if (!space_.CanLoad(address, size)) return out;
  uint64_t shown = std::min(size, kMostTextBytes);
  bool text = true;
  for (uint64_t i = 0; i < shown; ++i) {
    uint8_t c = space_.Load<uint8_t>(address + i);
    text = text && (c >= 0x20 || c == '\n' || c == '\t') && c != 0x7f;
  }
  if (text) out.text = Quoted(address, size);
  return out;
}

bool ValueReader::IsChannel(ir::Type* type, uint64_t address, uint64_t size) const {
  return size >= sched::Hchan::kBytes && space_.CanLoad(address, size) &&
         type_at_(WordAt(address + sched::Hchan::kElemType)) == type->underlying->elem;
}

GoValue ValueReader::Channel(ir::Type* type, uint64_t address) const {
  using sched::Hchan;
  ir::Type* elem = type->underlying->elem;
  const uint64_t size = static_cast<uint64_t>(elem->Size());
  const uint64_t count = WordAt(address + Hchan::kCount), slots = WordAt(address + Hchan::kDataSize);
  const uint64_t buffer = WordAt(address + Hchan::kBuf), first = WordAt(address + Hchan::kRecvX);
  GoValue out;
  out.text = ChannelText(type, address);
  auto field = [&](std::string name, uint64_t offset, std::string text, uint64_t pointer = 0) {
    out.parts.push_back({std::move(name), "", offset, 8, {std::move(text), pointer, {}, 0}});
  };
  field("len", Hchan::kCount, std::to_string(count));
  field("cap", Hchan::kDataSize, std::to_string(slots));
  if (WordAt(address + Hchan::kClosed) & 0xffffffff) field("closed", Hchan::kClosed, "true");
  const bool apart = buffer != address + Hchan::kBytes;
  if (slots > 0 && size > 0 && apart) field("buffer", Hchan::kBuf, PointerText(buffer), buffer);
  // What lies in a buffer of its own is shown there.
  if (apart || size == 0 || first >= slots || count > slots || !space_.CanLoad(buffer, size * slots))
    return out;
  const uint64_t shown = std::min(count, kMostElements);
  for (uint64_t i = 0; i < shown; ++i) {
    const uint64_t at = buffer + (first + i) % slots * size;
    out.parts.push_back(
        {"[" + std::to_string(i) + "]", TypeName(elem), at - address, size, Read(elem, space_.Host(at), 1)});
  }
  out.omitted = count - shown;
  return out;
}

std::string ValueReader::ChannelText(const ir::Type* type, uint64_t address) const {
  return TypeName(type) + " len " + std::to_string(WordAt(address + sched::Hchan::kCount)) + " cap " +
         std::to_string(WordAt(address + sched::Hchan::kDataSize));
}

GoValue ValueReader::Read(ir::Type* type, const uint8_t* bytes, int depth) const {
  GoValue out;
  uint64_t word = type->Size() >= 8 ? From<uint64_t>(bytes) : 0;
  switch (type->kind) {
    case Kind::kBool:
      out.text = bytes[0] != 0 ? "true" : "false";
      break;
    case Kind::kInt8:
      out.text = std::to_string(From<int8_t>(bytes));
      break;
    case Kind::kUint8:
      out.text = std::to_string(From<uint8_t>(bytes));
      break;
    case Kind::kInt16:
      out.text = std::to_string(From<int16_t>(bytes));
      break;
    case Kind::kUint16:
      out.text = std::to_string(From<uint16_t>(bytes));
      break;
    case Kind::kInt32:
      out.text = std::to_string(From<int32_t>(bytes));
      break;
    case Kind::kUint32:
      out.text = std::to_string(From<uint32_t>(bytes));
      break;
    case Kind::kInt:
    case Kind::kInt64:
      out.text = std::to_string(From<int64_t>(bytes));
      break;
    case Kind::kUint:
    case Kind::kUint64:
      out.text = std::to_string(word);
      break;
    case Kind::kUintptr:
      out.text = word == 0 ? "0" : PointerText(word);
      break;
    case Kind::kFloat32:
      out.text = Float32(From<uint32_t>(bytes));
      break;
    case Kind::kFloat64:
      out.text = Float64(word);
      break;
    case Kind::kComplex64:
      out.text = Complex(From<float>(bytes), From<float>(bytes + 4));
      break;
    case Kind::kComplex128:
      out.text = Complex(From<double>(bytes), From<double>(bytes + 8));
      break;
    case Kind::kPtr:
    case Kind::kUnsafePtr:
      out.pointer = word;
      out.text = PointerText(word);
      break;
    case Kind::kFunc:
      out.pointer = word;
      out.text = word == 0 ? "nil" : function_at_(WordAt(word));
      break;
    case Kind::kChan:
      out.pointer = word;
      out.text = word == 0 ? "nil" : ChannelText(type, word);
      break;
    case Kind::kMap:
      out.pointer = word;
      out.text = word == 0 ? "nil" : TypeName(type) + " len " + std::to_string(WordAt(word));
      break;
    case Kind::kString:
      out.pointer = word;
      out.text = Quoted(word, From<uint64_t>(bytes + 8));
      break;
    case Kind::kSlice:
      out.pointer = word;
      out.text = word == 0 ? "nil"
                           : TypeName(type) + " len " + std::to_string(From<int64_t>(bytes + 8)) + " cap " +
                                 std::to_string(From<int64_t>(bytes + 16));
      break;
    case Kind::kInter:
      return Interface(type, bytes, depth);
    case Kind::kStruct:
      return Struct(type, bytes, depth);
    case Kind::kArray: {
      ir::Type* elem = type->underlying->elem;
      out = Elements(elem, static_cast<uint64_t>(type->underlying->length), bytes, depth);
      out.text = TypeName(type) + out.text;
      break;
    }
    default:
      break;
  }
  return out;
}

// A type word (or an itab that leads to it) and the data word: a pointer, or the value itself if it is one.
GoValue ValueReader::Interface(ir::Type* type, const uint8_t* bytes, int depth) const {
  uint64_t tab = From<uint64_t>(bytes), data = From<uint64_t>(bytes + 8);
  GoValue out;
  if (tab == 0) {
    out.text = "nil";
    return out;
  }
  constexpr uint64_t kItabType = 8;
  bool empty = type->underlying->methods.empty();
  ir::Type* dynamic = type_at_(empty ? tab : WordAt(tab + kItabType));
  out.pointer = data;
  if (dynamic == nullptr) {
    out.text = "?";
    return out;
  }
  std::string name = TypeName(dynamic);
  out.text = name;
  if (depth >= kMostLevels) return out;
  uint64_t size = static_cast<uint64_t>(dynamic->Size());
  GoValue value;
  if (dynamic->IsDirectIface()) {
    value = Read(dynamic, bytes + 8, depth + 1);
  } else if (size == 0 || space_.CanLoad(data, size)) {
    value = Read(dynamic, space_.Host(data), depth + 1);
  }
  bool named = value.text.compare(0, name.size(), name) == 0;
  out.text = named ? value.text : name + "(" + value.text + ")";
  out.parts.push_back({"(" + name + ")", name, 8, dynamic->IsDirectIface() ? 8 : size, std::move(value)});
  return out;
}

GoValue ValueReader::Struct(ir::Type* type, const uint8_t* bytes, int depth) const {
  GoValue out;
  std::string text = "{";
  for (const ir::Field& f : type->underlying->fields) {
    if (depth >= kMostLevels) {
      ++out.omitted;
      continue;
    }
    Part part{f.sym != nullptr ? std::string(f.sym->text()) : "_", TypeName(f.type),
              static_cast<uint64_t>(f.offset), static_cast<uint64_t>(f.type->Size()),
              Read(f.type, bytes + f.offset, depth + 1)};
    if (text.size() < kMostText) text += (text.size() > 1 ? " " : "") + part.name + ":" + part.value.text;
    out.parts.push_back(std::move(part));
  }
  out.text = text + (text.size() >= kMostText || out.omitted > 0 ? "…}" : "}");
  return out;
}

GoValue ValueReader::Elements(ir::Type* elem, uint64_t count, const uint8_t* bytes, int depth) const {
  GoValue out;
  uint64_t size = static_cast<uint64_t>(elem->Size());
  uint64_t shown = depth >= kMostLevels ? 0 : std::min(count, kMostElements);
  out.omitted = count - shown;
  std::string text = "{";
  for (uint64_t i = 0; i < shown; ++i) {
    Part part{"[" + std::to_string(i) + "]", TypeName(elem), i * size, size,
              Read(elem, bytes + i * size, depth + 1)};
    if (text.size() < kMostText) text += (i > 0 ? " " : "") + part.value.text;
    out.parts.push_back(std::move(part));
  }
  out.text = text + (text.size() >= kMostText || out.omitted > 0 ? "…}" : "}");
  return out;
}

}  // namespace escapement::driver
