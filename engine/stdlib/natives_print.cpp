// print and println: runtime/print.go, on descriptor 2.
#include <string>

#include "engine/base/bit_cast.h"
#include "engine/base/number_text.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

NativeStatus Put(Machine& m, std::string_view text) {
  m.Write(2, text);
  return kContinue;
}

template <typename T>
std::string FormatComplex(T real, T imaginary) {
  std::string im = base::ShortestText(imaginary);
  if (im[0] != '+' && im[0] != '-') im = "+" + im;
  return "(" + base::ShortestText(real) + im + "i)";
}

NativeStatus Nothing(Machine&, uint64_t*) {
  return kContinue;
}
NativeStatus PrintBool(Machine& m, uint64_t* w) {
  return Put(m, w[0] != 0 ? "true" : "false");
}
NativeStatus PrintInt(Machine& m, uint64_t* w) {
  return Put(m, std::to_string(static_cast<int64_t>(w[0])));
}
NativeStatus PrintUint(Machine& m, uint64_t* w) {
  return Put(m, std::to_string(w[0]));
}
NativeStatus PrintHex(Machine& m, uint64_t* w) {
  return Put(m, base::HexText(w[0]));
}
NativeStatus PrintFloat64(Machine& m, uint64_t* w) {
  return Put(m, base::ShortestText(base::BitCast<double>(w[0])));
}
NativeStatus PrintFloat32(Machine& m, uint64_t* w) {
  return Put(m, base::ShortestText(base::BitCast<float>(static_cast<uint32_t>(w[0]))));
}
NativeStatus PrintComplex128(Machine& m, uint64_t* w) {
  return Put(m, FormatComplex(base::BitCast<double>(w[0]), base::BitCast<double>(w[1])));
}
NativeStatus PrintComplex64(Machine& m, uint64_t* w) {
  return Put(m, FormatComplex(base::BitCast<float>(static_cast<uint32_t>(w[0])),
                              base::BitCast<float>(static_cast<uint32_t>(w[1]))));
}
NativeStatus PrintString(Machine& m, uint64_t* w) {
  return Put(m, std::string(Text(m, w)));
}
NativeStatus PrintPair(Machine& m, uint64_t* w) {
  return Put(m, "(" + base::HexText(w[0]) + "," + base::HexText(w[1]) + ")");
}
NativeStatus PrintSlice(Machine& m, uint64_t* w) {
  return Put(m, "[" + std::to_string(w[1]) + "/" + std::to_string(w[2]) + "]" + base::HexText(w[0]));
}
NativeStatus PrintNewline(Machine& m, uint64_t*) {
  return Put(m, "\n");
}
NativeStatus PrintSpace(Machine& m, uint64_t*) {
  return Put(m, " ");
}

// printquoted(s): printable ASCII as it is, the rest escaped.
NativeStatus PrintQuoted(Machine& m, uint64_t* w) {
  std::string out = "\"";
  for (unsigned char c : Text(m, w)) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\\' || c == '"') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c >= 32 && c < 127) {
      out += static_cast<char>(c);
    } else {
      out += "\\x" + base::HexDigits(c, 2);
    }
  }
  return Put(m, out + "\"");
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_print.def"
};

}  // namespace

std::span<const vm::Native> PrintNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
