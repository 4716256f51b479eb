// Texts as Go string literals, for source that is made here.
#pragma once

#include <string>
#include <string_view>

namespace escapement::modules {

// An interpreted string literal whose value is `text`, byte for byte.
std::string Quote(std::string_view text);

}  // namespace escapement::modules
