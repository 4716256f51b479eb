#include "engine/stdlib/sockets.h"

#include <algorithm>
#include <string>
#include <utility>

namespace escapement::stdlib {

namespace {

using vm::Endpoint;
using vm::FileKind;
using vm::Network;
using vm::OpenFile;
using vm::Socket;

constexpr uint64_t kTypeBits = 0xf, kNonBlocking = 04000;
constexpr uint64_t kMostUnixPath = 108, kUnixHead = 2, kIPv4Bytes = 16, kIPv6Bytes = 28;
constexpr uint64_t kPeek = 2;
constexpr uint64_t kMostParts = 1024, kMostOptionBytes = 64;
// Socket options that mean something here.
constexpr int kSocketLevel = 1, kTypeOption = 3, kErrorOption = 4, kLingerOption = 13, kAcceptsOption = 30,
              kProtocolOption = 38, kDomainOption = 39;
constexpr int kIPLevel = 0, kIPv6Level = 41, kOnlyIPv6 = 26;
constexpr int kJoinGroup = 35, kJoinGroupIPv6 = 20;
constexpr uint64_t kNoSuchDevice = 19, kNotASocket = 88, kNoSuchOption = 92, kTooManyFiles = 24;

Network& Net(Machine& m) {
  return m.state().network;
}

// The socket of a descriptor; 0 with *error if it has none.
uint32_t SocketOf(Machine& m, uint64_t descriptor, uint64_t* error) {
  OpenFile* file = m.state().files.Descriptor(descriptor);
  if (file != nullptr && file->socket != 0) return file->socket;
  *error = file != nullptr || descriptor < 3 ? kNotASocket : static_cast<uint64_t>(vm::kBadDescriptor);
  return 0;
}

uint64_t NewDescriptor(Machine& m, uint32_t socket, uint64_t flags) {
  OpenFile file;
  file.node = m.state().files.SocketNode();
  file.socket = socket;
  file.read = file.write = true;
  file.non_blocking = (flags & kNonBlocking) != 0;
  return static_cast<uint64_t>(m.state().files.Open(std::move(file)));
}

uint16_t Swapped(uint16_t value) {
  return static_cast<uint16_t>(value << 8 | value >> 8);
}

// ---- addresses

// A struct sockaddr; 0, or the error.
uint64_t LoadAddress(Machine& m, Address at, uint64_t size, Endpoint* to) {
  if (size < kUnixHead || !Space(m).CanLoad(at, size)) return kEfault;
  to->family = Space(m).Load<uint16_t>(at);
  if (to->family == vm::kFamilyUnix) {
    std::string_view path = m.StringAt(at + kUnixHead, std::min(size - kUnixHead, kMostUnixPath));
    // A name that begins with a zero is not of the file system, and may have zeros inside.
    if (!path.empty() && path[0] != 0) path = path.substr(0, std::min(path.find('\0'), path.size()));
    to->path = path;
    return 0;
  }
  bool six = to->family == vm::kFamilyIPv6;
  if (!six && to->family != vm::kFamilyIPv4) return vm::kFamilyNotSupported;
  if (size < (six ? kIPv6Bytes - 4 : kIPv4Bytes)) return vm::kBadArgument;
  to->port = Swapped(Space(m).Load<uint16_t>(at + 2));
  for (uint64_t i = 0; i < (six ? 16 : 4); i++)
    to->address[six ? i : 12 + i] = Space(m).Load<uint8_t>(at + (six ? 8 : 4) + i);
  if (!six) to->address[10] = to->address[11] = 0xff;
  return 0;
}

std::string AddressBytes(const Endpoint& from) {
  std::string bytes = {static_cast<char>(from.family), 0};
  if (from.family == vm::kFamilyUnix) {
    bytes += from.path;
    if (!from.path.empty() && from.path[0] != 0) bytes += '\0';
    return bytes;
  }
  bytes += {static_cast<char>(from.port >> 8), static_cast<char>(from.port)};
  bool six = from.family == vm::kFamilyIPv6;
  if (six) bytes += std::string(4, '\0');
  bytes.append(from.address.begin() + (six ? 0 : 12), from.address.end());
  bytes.resize(six ? kIPv6Bytes : kIPv4Bytes);
  return bytes;
}

// Stores as much of an address as *length says there is room for, and its whole length.
Outcome StoreAddress(Machine& m, const Endpoint& from, Address to, Address length) {
  if (to == 0) return {0, 0};
  if (!Space(m).CanStore(length, 4)) return Error(kEfault);
  std::string bytes = AddressBytes(from);
  uint64_t room = std::min<uint64_t>(Space(m).Load<uint32_t>(length), bytes.size());
  if (!Space(m).CanStore(to, room)) return Error(kEfault);
  Space(m).Write(to, bytes.data(), room);
  Space(m).Store<uint32_t>(length, static_cast<uint32_t>(bytes.size()));
  return {0, 0};
}

// The address of an argument; that of a file among the files.
uint64_t Target(Machine& m, uint32_t socket, Address at, uint64_t size, Endpoint* to) {
  if (uint64_t error = LoadAddress(m, at, size, to)) return error;
  uint16_t family = Net(m).socket(socket).family;
  bool fits = family == to->family || (family == vm::kFamilyIPv6 && to->family == vm::kFamilyIPv4);
  if (!fits) return vm::kFamilyNotSupported;
  if (to->family != vm::kFamilyUnix || to->path.empty() || to->path[0] == 0) return 0;
  int error = 0;
  vm::FileSystem& files = m.state().files;
  to->node = files.Find(m.host().files, to->path, files.directory, true, &error);
  if (to->node == 0) return static_cast<uint64_t>(error);
  return files.node(to->node).kind == FileKind::kSocket ? 0 : uint64_t{vm::kConnectionRefused};
}

// ---- making and joining

Outcome Make(Machine& m, uint64_t family, uint64_t type, uint64_t protocol) {
  auto kind = static_cast<vm::SocketType>(type & kTypeBits);
  bool internet = family == vm::kFamilyIPv4 || family == vm::kFamilyIPv6;
  if (!internet && family != vm::kFamilyUnix) return Error(vm::kFamilyNotSupported);
  constexpr uint64_t kTcp = 6, kUdp = 17;
  bool known = kind == vm::kStream || kind == vm::kDatagram || (kind == vm::kSequential && !internet);
  if (!known)
    return Error(kind == 3 ? kEperm : uint64_t{94});  // raw sockets are the superuser's; ESOCKTNOSUPPORT
  if (protocol != 0 && internet && protocol != (kind == vm::kStream ? kTcp : kUdp))
    return Error(vm::kProtocolNotSupported);
  uint32_t socket = Net(m).New(static_cast<uint16_t>(family), kind);
  return socket != 0 ? Outcome{NewDescriptor(m, socket, type), 0} : Error(kTooManyFiles);
}

Outcome MakePair(Machine& m, const uint64_t* a) {
  if (a[0] != vm::kFamilyUnix) return Error(vm::kNotSupported);
  if (!Space(m).CanStore(a[3], 8)) return Error(kEfault);
  auto kind = static_cast<vm::SocketType>(a[1] & kTypeBits);
  uint32_t one = Net(m).New(vm::kFamilyUnix, kind);
  uint32_t other = one != 0 ? Net(m).New(vm::kFamilyUnix, kind) : 0;
  if (other == 0) return Error(kTooManyFiles);
  Net(m).Pair(one, other);
  Space(m).Store<int32_t>(a[3], static_cast<int32_t>(NewDescriptor(m, one, a[1])));
  Space(m).Store<int32_t>(a[3] + 4, static_cast<int32_t>(NewDescriptor(m, other, a[1])));
  return {0, 0};
}

Outcome Bind(Machine& m, uint32_t socket, Address at, uint64_t size) {
  Endpoint to;
  if (uint64_t error = LoadAddress(m, at, size, &to)) return Error(error);
  if (to.family == vm::kFamilyUnix && !to.path.empty() && to.path[0] != 0) {
    vm::FileSystem& files = m.state().files;
    int error = 0;
    std::string name;
    if (files.Find(m.host().files, to.path, files.directory, true, &error) != 0)
      return Error(vm::kAddressInUse);
    uint32_t parent = files.FindParent(m.host().files, to.path, files.directory, &name, &error);
    if (parent == 0) return Error(static_cast<uint64_t>(error));
    to.node = files.Make(parent, name, FileKind::kSocket, 0755, sched::Now(m.scheduler(), m.world()));
  }
  int error = Net(m).Bind(socket, to);
  return error == 0 ? Outcome{0, 0} : Error(static_cast<uint64_t>(error));
}

Outcome Accept(Machine& m, uint32_t socket, const uint64_t* a, uint64_t flags) {
  uint32_t connection = 0;
  if (int error = Net(m).Accept(socket, &connection)) return Error(static_cast<uint64_t>(error));
  Outcome stored = StoreAddress(m, Net(m).socket(connection).peer, a[1], a[2]);
  if (stored.error != 0) return stored;
  return {NewDescriptor(m, connection, flags), 0};
}

// ---- moving bytes

Outcome Send(Machine& m, uint32_t socket, std::string_view bytes, const Endpoint* to) {
  size_t sent = 0;
  int error = Net(m).Send(socket, bytes, to, &sent);
  WakePollers(m);
  return error == 0 ? Outcome{sent, 0} : Error(static_cast<uint64_t>(error));
}

Outcome SendTo(Machine& m, uint32_t socket, const uint64_t* a) {
  if (a[2] != 0 && !Space(m).CanLoad(a[1], a[2])) return Error(kEfault);
  Endpoint to;
  if (a[4] != 0)
    if (uint64_t error = Target(m, socket, a[4], a[5], &to)) return Error(error);
  return Send(m, socket, m.StringAt(a[1], a[2]), a[4] != 0 ? &to : nullptr);
}

// What the socket has, of at most `size` bytes; wakes who waits for its room.
Outcome Take(Machine& m, uint32_t socket, uint64_t size, uint64_t flags, std::string* bytes, Endpoint* from) {
  int error = Net(m).Receive(socket, size, (flags & kPeek) != 0, bytes, from);
  if (error != 0) return Error(static_cast<uint64_t>(error));
  WakePollers(m);
  return {bytes->size(), 0};
}

Outcome ReceiveFrom(Machine& m, uint32_t socket, const uint64_t* a) {
  if (a[2] != 0 && !Space(m).CanStore(a[1], a[2])) return Error(kEfault);
  std::string bytes;
  Endpoint from;
  Outcome outcome = Take(m, socket, a[2], a[3], &bytes, &from);
  if (outcome.error != 0) return outcome;
  if (!bytes.empty()) Space(m).Write(a[1], bytes.data(), bytes.size());
  if (a[4] != 0 && from.family == vm::kFamilyNone && Space(m).CanStore(a[5], 4))
    Space(m).Store<uint32_t>(a[5], 0);
  if (from.family != vm::kFamilyNone) {
    Outcome stored = StoreAddress(m, from, a[4], a[5]);
    if (stored.error != 0) return stored;
  }
  return outcome;
}

// The pieces of a struct iovec array: calls part(address, size) until it is false.
template <typename Part>
bool ForEachPart(Machine& m, Address parts, uint64_t count, Part part) {
  if (count > kMostParts || (count != 0 && !Space(m).CanLoad(parts, 16 * count))) return false;
  for (uint64_t i = 0; i < count; i++) {
    Address at = Space(m).Load<uint64_t>(parts + 16 * i);
    uint64_t size = Space(m).Load<uint64_t>(parts + 16 * i + 8);
    if (size != 0 && !part(at, size)) return false;
  }
  return true;
}

bool Gather(Machine& m, Address parts, uint64_t count, std::string* bytes) {
  return ForEachPart(m, parts, count, [&](Address at, uint64_t size) {
    if (!Space(m).CanLoad(at, size)) return false;
    *bytes += m.StringAt(at, size);
    return true;
  });
}

// struct msghdr: name 0, its length 8, parts 16, their number 24, control data 32, its length 40, flags 48
Outcome SendMessage(Machine& m, uint32_t socket, Address message) {
  if (!Space(m).CanLoad(message, 56)) return Error(kEfault);
  std::string bytes;
  if (!Gather(m, Space(m).Load<uint64_t>(message + 16), Space(m).Load<uint64_t>(message + 24), &bytes))
    return Error(kEfault);
  Endpoint to;
  Address name = Space(m).Load<uint64_t>(message);
  if (name != 0)
    if (uint64_t error = Target(m, socket, name, Space(m).Load<uint32_t>(message + 8), &to))
      return Error(error);
  return Send(m, socket, bytes, name != 0 ? &to : nullptr);
}

Outcome ReceiveMessage(Machine& m, uint32_t socket, Address message, uint64_t flags) {
  if (!Space(m).CanStore(message, 56)) return Error(kEfault);
  Address parts = Space(m).Load<uint64_t>(message + 16);
  uint64_t count = Space(m).Load<uint64_t>(message + 24), room = 0;
  bool writable = ForEachPart(m, parts, count, [&](Address at, uint64_t size) {
    room += size;
    return Space(m).CanStore(at, size);
  });
  if (!writable) return Error(kEfault);
  std::string bytes;
  Endpoint from;
  Outcome outcome = Take(m, socket, room, flags, &bytes, &from);
  if (outcome.error != 0) return outcome;
  std::string_view rest = bytes;
  ForEachPart(m, parts, count, [&](Address at, uint64_t size) {
    size = std::min<uint64_t>(size, rest.size());
    if (size != 0) Space(m).Write(at, rest.data(), size);
    rest.remove_prefix(size);
    return true;
  });
  Address name = Space(m).Load<uint64_t>(message);
  if (from.family == vm::kFamilyNone) {
    Space(m).Store<uint32_t>(message + 8, 0);
  } else if (name != 0) {
    Outcome stored = StoreAddress(m, from, name, message + 8);
    if (stored.error != 0) return stored;
  }
  Space(m).Store<uint64_t>(message + 40, 0);
  Space(m).Store<uint32_t>(message + 48, 0);
  return outcome;
}

// ---- options

Outcome SetOption(Machine& m, uint32_t id, const uint64_t* a) {
  auto level = static_cast<int>(a[1]), name = static_cast<int>(a[2]);
  if (a[4] > kMostOptionBytes || (a[4] != 0 && !Space(m).CanLoad(a[3], a[4]))) return Error(kEfault);
  int value = a[4] >= 4 ? Space(m).Load<int32_t>(a[3]) : 0;
  Socket& socket = Net(m).socket(id);
  // Nobody else is in any group.
  if ((level == kIPLevel && name == kJoinGroup) || (level == kIPv6Level && name == kJoinGroupIPv6))
    return Error(kNoSuchDevice);
  if (level == kIPv6Level && name == kOnlyIPv6) socket.only_v6 = value != 0;
  if (level == kSocketLevel && name == kLingerOption && a[4] >= 8)
    socket.hard = value != 0 && Space(m).Load<int32_t>(a[3] + 4) == 0;
  socket.options[{level, name}] = value;
  return {0, 0};
}

Outcome GetOption(Machine& m, uint32_t id, const uint64_t* a) {
  auto level = static_cast<int>(a[1]), name = static_cast<int>(a[2]);
  if (!Space(m).CanStore(a[4], 4) || Space(m).Load<uint32_t>(a[4]) < 4 || !Space(m).CanStore(a[3], 4))
    return Error(kEfault);
  Socket& socket = Net(m).socket(id);
  int value = 0;
  if (level == kSocketLevel && name == kErrorOption) {
    value = Net(m).TakeError(id);
  } else if (level == kSocketLevel && name == kTypeOption) {
    value = socket.type;
  } else if (level == kSocketLevel && name == kDomainOption) {
    value = socket.family;
  } else if (level == kSocketLevel && name == kAcceptsOption) {
    value = socket.stage == Socket::Stage::kListening;
  } else if (level == kSocketLevel && name == kProtocolOption) {
    value = socket.family == vm::kFamilyUnix ? 0 : socket.type == vm::kStream ? 6 : 17;
  } else if (auto known = socket.options.find({level, name}); known != socket.options.end()) {
    value = known->second;
  } else if (level > kIPv6Level) {
    return Error(kNoSuchOption);
  }
  Space(m).Store<int32_t>(a[3], value);
  Space(m).Store<uint32_t>(a[4], 4);
  return {0, 0};
}

Outcome Plain(int error) {
  return error == 0 ? Outcome{0, 0} : Error(static_cast<uint64_t>(error));
}

Outcome PeerName(Machine& m, uint32_t id, const uint64_t* a) {
  Socket& socket = Net(m).socket(id);
  if (socket.stage != Socket::Stage::kConnected) return Error(vm::kNotConnected);
  return StoreAddress(m, socket.peer, a[1], a[2]);
}

Outcome OnSocket(Machine& m, uint64_t number, uint32_t socket, const uint64_t* a) {
  switch (number) {
    case kConnect: {
      Endpoint to;
      if (uint64_t error = Target(m, socket, a[1], a[2], &to)) return Error(error);
      return Plain(Net(m).Connect(socket, to));
    }
    case kAccept:
    case kAccept4:
      return Accept(m, socket, a, number == kAccept4 ? a[3] : 0);
    case kSendto:
      return SendTo(m, socket, a);
    case kRecvfrom:
      return ReceiveFrom(m, socket, a);
    case kSendmsg:
      return SendMessage(m, socket, a[1]);
    case kRecvmsg:
      return ReceiveMessage(m, socket, a[1], a[2]);
    case kShutdown:
      return Plain(Net(m).Shutdown(socket, a[1] != 1, a[1] != 0));
    case kBind:
      return Bind(m, socket, a[1], a[2]);
    case kListen:
      return Plain(Net(m).Listen(socket));
    case kGetsockname:
      return StoreAddress(m, Net(m).socket(socket).local, a[1], a[2]);
    case kGetpeername:
      return PeerName(m, socket, a);
    case kSetsockopt:
      return SetOption(m, socket, a);
    case kGetsockopt:
      return GetOption(m, socket, a);
    case kWritev: {
      std::string bytes;
      return Gather(m, a[1], a[2], &bytes) ? Send(m, socket, bytes, nullptr) : Error(kEfault);
    }
    default:
      return Error(kEnosys);
  }
}

}  // namespace

Outcome ReadSocket(Machine& m, uint32_t socket, Address to, uint64_t size) {
  const uint64_t arguments[6] = {0, to, size, 0, 0, 0};
  return ReceiveFrom(m, socket, arguments);
}

Outcome WriteSocket(Machine& m, uint32_t socket, Address from, uint64_t size) {
  return Send(m, socket, m.StringAt(from, size), nullptr);
}

Outcome SocketCall(Machine& m, uint64_t number, const uint64_t* a) {
  if (number == kSocket) return Make(m, a[0], a[1], a[2]);
  if (number == kSocketpair) return MakePair(m, a);
  uint64_t error = 0;
  uint32_t socket = SocketOf(m, a[0], &error);
  if (socket == 0) return Error(error);
  Outcome outcome = OnSocket(m, number, socket, a);
  if (outcome.error == 0 && (number == kConnect || number == kShutdown)) WakePollers(m);
  return outcome;
}

}  // namespace escapement::stdlib
