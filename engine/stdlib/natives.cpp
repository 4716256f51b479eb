#include "engine/stdlib/natives.h"

namespace escapement::stdlib {

std::vector<vm::Native> Natives() {
  std::vector<vm::Native> all;
  for (auto part : {AtomicNatives, BigNatives, BytealgNatives, ChanNatives, HashNatives, InterfaceNatives,
                    MapNatives, MathNatives, MemoryNatives, OsNatives, PanicNatives, PollNatives,
                    PrintNatives, ReflectNatives, RuntimeNatives, StringNatives, SyncNatives, TimeNatives})
    for (const vm::Native& native : part()) all.push_back(native);
  return all;
}

}  // namespace escapement::stdlib
