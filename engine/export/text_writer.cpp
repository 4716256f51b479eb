#include "engine/export/text_writer.h"

namespace escapement::exporting {

namespace {

// The length of the valid UTF-8 sequence that `text` starts with; 0 if it starts with none.
size_t Utf8Length(std::string_view text) {
  auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0u; };
  auto follows = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  uint32_t first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    bool overlong = first == 0xe0 && byte(1) < 0xa0, surrogate = first == 0xed && byte(1) >= 0xa0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    bool overlong = first == 0xf0 && byte(1) < 0x90, beyond = first == 0xf4 && byte(1) >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

TextWriter& TextWriter::Quoted(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  *this << '"';
  for (size_t i = 0; i < text.size();) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      size_t n = Utf8Length(text.substr(i));
      *this << (n ? text.substr(i, n) : std::string_view("\\ufffd"));
      i += n ? n : 1;
      continue;
    }
    ++i;
    switch (c) {
      case '"':
        *this << "\\\"";
        break;
      case '\\':
        *this << "\\\\";
        break;
      case '\n':
        *this << "\\n";
        break;
      case '\t':
        *this << "\\t";
        break;
      case '\r':
        *this << "\\r";
        break;
      default:
        if (c < 0x20 || c == 0x7f)
          *this << "\\u00" << kHex[c >> 4] << kHex[c & 15];
        else
          *this << static_cast<char>(c);
    }
  }
  return *this << '"';
}

TextWriter& TextWriter::CsvField(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return *this << text;
  *this << '"';
  for (char c : text) {
    if (c == '"') *this << '"';
    *this << c;
  }
  return *this << '"';
}

}  // namespace escapement::exporting
