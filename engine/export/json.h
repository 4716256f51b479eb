// JSON of small documents: questions in, answers out.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace escapement::exporting {

using Json = nlohmann::ordered_json;

// On one line; bytes that are no UTF-8 become U+FFFD.
std::string Dump(const Json& json);

// The document that the text is; null when it is none.
Json ParseJson(std::string_view text);

}  // namespace escapement::exporting
