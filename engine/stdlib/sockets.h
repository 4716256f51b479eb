// The system calls about sockets, on the machine's own network (vm/network.h).
#pragma once

#include <cstdint>

#include "engine/stdlib/system_calls.h"

namespace escapement::stdlib {

// A call that is about sockets; ENOSYS for any other.
Outcome SocketCall(Machine& m, uint64_t number, const uint64_t* arguments);
// What read and write do with a socket.
Outcome ReadSocket(Machine& m, uint32_t socket, Address to, uint64_t size);
Outcome WriteSocket(Machine& m, uint32_t socket, Address from, uint64_t size);

}  // namespace escapement::stdlib
