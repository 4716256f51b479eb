// Versions: the engine's, and the Go release whose rules and texts it models.
#pragma once

namespace escapement::driver {

inline constexpr char kVersion[] = "0.1.0";
inline constexpr char kGoVersion[] = "go1.26.8";

}  // namespace escapement::driver
