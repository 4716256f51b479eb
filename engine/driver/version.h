// Versions: the engine's, and the Go release whose rules and texts it models.
#pragma once

#include <string_view>

namespace escapement::driver {

inline constexpr char kVersion[] = "0.1.0";
inline constexpr char kGoVersion[] = "go1.26.8";
inline constexpr std::string_view kGoRelease = std::string_view(kGoVersion).substr(2);

}  // namespace escapement::driver
