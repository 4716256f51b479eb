// print and println: runtime/print.go, on descriptor 2.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/base/bit_cast.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

NativeStatus Put(Machine& m, std::string_view text) {
  m.Write(2, text);
  return kContinue;
}

std::string Hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

// The fewest digits that read back as the value, in scientific form. (Emscripten's libc++ has no
// std::to_chars of floating-point numbers.)
template <typename T>
std::string Shortest(T value) {
  char text[64];
  for (int precision = 0; precision <= 17; ++precision) {
    std::snprintf(text, sizeof text, "%.*e", precision, static_cast<double>(value));
    T back = sizeof(T) == 4 ? static_cast<T>(std::strtof(text, nullptr))
                            : static_cast<T>(std::strtod(text, nullptr));
    if (back == value) break;
  }
  return text;
}

// strconv's 'g' with the shortest digits: %e when the exponent is below -4 or at least 6.
template <typename T>
std::string FormatFloat(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  std::string scientific = Shortest(value);
  std::string sign;
  if (scientific[0] == '-') {
    sign = "-";
    scientific.erase(0, 1);
  }
  size_t e = scientific.find('e');
  int exponent = std::atoi(scientific.c_str() + e + 1);
  std::string mantissa = scientific.substr(0, e);
  constexpr int kLargest = 6;
  if (exponent < -4 || exponent >= kLargest) {
    char tail[16];
    std::snprintf(tail, sizeof tail, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
    return sign + mantissa + tail;
  }
  std::string digits;
  for (char c : mantissa)
    if (c != '.') digits += c;
  if (exponent < 0) return sign + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  size_t whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0');
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

template <typename T>
std::string FormatComplex(T real, T imaginary) {
  std::string im = FormatFloat(imaginary);
  if (im[0] != '+' && im[0] != '-') im = "+" + im;
  return "(" + FormatFloat(real) + im + "i)";
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
  return Put(m, Hex(w[0]));
}
NativeStatus PrintFloat64(Machine& m, uint64_t* w) {
  return Put(m, FormatFloat(base::BitCast<double>(w[0])));
}
NativeStatus PrintFloat32(Machine& m, uint64_t* w) {
  return Put(m, FormatFloat(base::BitCast<float>(static_cast<uint32_t>(w[0]))));
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
  return Put(m, "(" + Hex(w[0]) + "," + Hex(w[1]) + ")");
}
NativeStatus PrintSlice(Machine& m, uint64_t* w) {
  return Put(m, "[" + std::to_string(w[1]) + "/" + std::to_string(w[2]) + "]" + Hex(w[0]));
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
    char text[8];
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
      std::snprintf(text, sizeof text, "\\x%02x", c);
      out += text;
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
