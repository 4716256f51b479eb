// Answers: the figures of a run's timeline as the small JSON documents of answers.schema.json.
#pragma once

#include <string>
#include <string_view>

#include "engine/trace/timeline.h"

namespace escapement::exporting {

// `Overview` of answers.schema.json. Lists that grow with the run are cut to their first entries.
std::string OverviewJson(const trace::Log& log, const trace::Timeline& timeline);

// Answers a question in JSON {axis, begin, end, mine, limit} with an `AllocationPage`. "" when the
// question is malformed.
std::string AllocationsJson(const trace::Log& log, const trace::Timeline& timeline,
                            std::string_view question);

// Reads a question in JSON {axis, begin, end, columns, goroutines}; false when it is malformed.
[[nodiscard]] bool ReadTileRequest(std::string_view question, trace::TileRequest* request);

}  // namespace escapement::exporting
