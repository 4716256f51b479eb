#include "engine/modules/quote.h"

#include "engine/base/number_text.h"

namespace escapement::modules {

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\x" + base::HexDigits(byte, 2);
    }
  }
  return out + "\"";
}

}  // namespace escapement::modules
