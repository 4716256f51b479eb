#include "engine/export/json.h"

#include <nlohmann/json.hpp>

namespace escapement::exporting {

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json ParseJson(std::string_view text) {
  // Json::parse would bring a second reader along, for callbacks.
  Json json;
  nlohmann::detail::json_sax_dom_parser<Json> builder(json, /*allow_exceptions_=*/false);
  auto input = nlohmann::detail::input_adapter(text);
  nlohmann::detail::parser<Json, decltype(input)> parser(std::move(input), nullptr, false);
  return parser.sax_parse(&builder) && !builder.is_errored() ? json : Json();
}

}  // namespace escapement::exporting
