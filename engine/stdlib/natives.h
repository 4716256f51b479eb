// Natives: every function of the library and the runtime that is written in C++, by link name. One file
// and one .def a package group.
#pragma once

#include <span>
#include <vector>

#include "engine/vm/native.h"

namespace escapement::stdlib {

// All natives, for vm::Code::BindNatives.
std::vector<vm::Native> Natives();

// The parts, a file each.
std::span<const vm::Native> AtomicNatives();
std::span<const vm::Native> BigNatives();
std::span<const vm::Native> BytealgNatives();
std::span<const vm::Native> ChanNatives();
std::span<const vm::Native> HashNatives();
std::span<const vm::Native> InterfaceNatives();
std::span<const vm::Native> MapNatives();
std::span<const vm::Native> MathNatives();
std::span<const vm::Native> MemoryNatives();
std::span<const vm::Native> OsNatives();
std::span<const vm::Native> PanicNatives();
std::span<const vm::Native> PollNatives();
std::span<const vm::Native> PrintNatives();
std::span<const vm::Native> ReflectNatives();
std::span<const vm::Native> RuntimeNatives();
std::span<const vm::Native> StringNatives();
std::span<const vm::Native> SyncNatives();
std::span<const vm::Native> TimeNatives();

}  // namespace escapement::stdlib
