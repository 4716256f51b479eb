#include "engine/vm/network.h"

#include <algorithm>
#include <cstring>

namespace escapement::vm {

namespace {

// What a socket holds before its sender has to wait. Model: Linux's grow; these are what they begin with.
constexpr size_t kStreamRoom = 2621440, kUnixRoom = 219264;
constexpr size_t kPacketRoom = 212992;  // of datagrams that nobody has read; more are dropped
constexpr size_t kLargestPacket = 65507, kPacketCost = 64;
// What a program may have of sockets, and of bytes in them.
constexpr size_t kMostSockets = 1 << 16, kMostHeld = size_t{128} << 20;
constexpr uint16_t kFirstAnyPort = 32768, kLastAnyPort = 60999;
constexpr size_t kCompactAt = 65536;

constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool IsIPv4(const Endpoint& at) {
  return std::equal(kMapped.begin(), kMapped.end(), at.address.begin());
}
bool IsAny(const Endpoint& at) {
  return std::all_of(at.address.begin() + (IsIPv4(at) ? 12 : 0), at.address.end(),
                     [](uint8_t byte) { return byte == 0; });
}
bool IsLoopback(const Endpoint& at) {
  if (IsIPv4(at)) return at.address[12] == 127;
  return std::all_of(at.address.begin(), at.address.end() - 1, [](uint8_t byte) { return byte == 0; }) &&
         at.address[15] == 1;
}
void MakeLoopback(Endpoint* at) {
  if (IsIPv4(*at)) at->address[12] = 127;
  at->address[15] = 1;
}

// Whether what is sent to `to` is for a socket that is at `at`.
bool Covers(const Socket& socket, const Endpoint& to) {
  const Endpoint& at = socket.local;
  if (to.family == kFamilyUnix) return at.node == to.node && at.path == to.path;
  if (at.port != to.port) return false;
  if (at.address == to.address) return true;
  if (!IsAny(at)) return false;
  return IsIPv4(at) == IsIPv4(to) || (!IsIPv4(at) && !socket.only_v6);
}

size_t RoomOf(const Socket& socket) {
  return socket.family == kFamilyUnix ? kUnixRoom : kStreamRoom;
}

size_t PacketBytes(const Socket& socket) {
  size_t bytes = 0;
  for (const Packet& packet : socket.packets) bytes += packet.bytes.size() + kPacketCost;
  return bytes;
}

}  // namespace

uint32_t Network::New(uint16_t family, SocketType type) {
  if (free_.empty() && sockets_.size() > kMostSockets) return 0;
  uint32_t id;
  if (free_.empty()) {
    id = static_cast<uint32_t>(sockets_.size());
    sockets_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
    sockets_[id] = Socket();
  }
  Socket& socket = sockets_[id];
  socket.stage = Socket::Stage::kNew;
  socket.family = socket.local.family = socket.peer.family = family;
  socket.type = type;
  socket.descriptors = 1;
  if (family == kFamilyIPv4) {
    std::copy(kMapped.begin(), kMapped.end(), socket.local.address.begin());
    socket.peer.address = socket.local.address;
  }
  return id;
}

void Network::Release(uint32_t id) {
  held_ -= sockets_[id].unread() + PacketBytes(sockets_[id]);
  sockets_[id] = Socket();
  free_.push_back(id);
}

// The partner of a socket that goes away without having read everything.
void Network::Reset(uint32_t id) {
  Socket& socket = sockets_[id];
  socket.error = kConnectionReset;
  socket.write_shut = socket.ended = true;
}

void Network::Close(uint32_t id) {
  Socket& socket = sockets_[id];
  if (--socket.descriptors > 0) return;
  for (uint32_t waiting : socket.backlog) {
    uint32_t client = sockets_[waiting].partner;
    Release(waiting);
    if (client == 0) continue;
    sockets_[client].partner = 0;
    Reset(client);
  }
  uint32_t partner = socket.partner;
  if (partner != 0 && (socket.hard || socket.unread() != 0)) {
    Reset(partner);
  } else if (partner != 0) {
    sockets_[partner].ended = true;
  }
  if (partner != 0) sockets_[partner].partner = 0;
  Release(id);
}

uint32_t Network::FindReceiver(const Endpoint& to, SocketType type, uint16_t family, bool listening) const {
  uint32_t best = 0;
  for (uint32_t id = 1; id < sockets_.size(); id++) {
    const Socket& socket = sockets_[id];
    bool fits = socket.type == type && socket.bound && socket.stage != Socket::Stage::kFree &&
                (socket.family == kFamilyUnix) == (family == kFamilyUnix) &&
                (!listening || socket.stage == Socket::Stage::kListening);
    if (!fits || !Covers(socket, to)) continue;
    if (socket.local.address == to.address) return id;
    if (best == 0) best = id;
  }
  return best;
}

bool Network::InUse(const Socket& socket, const Endpoint& at) const {
  return std::any_of(sockets_.begin() + 1, sockets_.end(), [&](const Socket& other) {
    if (&other == &socket || other.stage == Socket::Stage::kFree || !other.bound || other.type != socket.type)
      return false;
    if (other.family == kFamilyUnix || other.local.port != at.port) return false;
    // A port is taken by who listens at it; connections that came of it do not keep it.
    if (other.type == kStream && other.stage == Socket::Stage::kConnected) return false;
    if (other.local.address == at.address) return true;
    Socket asked = socket;
    asked.local = at;
    return Covers(other, at) || Covers(asked, other.local);
  });
}

// Turns an address to send to into one of this machine's; an error if it is none.
int Network::Reach(Endpoint* to) {
  if (to->family == kFamilyUnix) return kSocketOk;
  if (IsAny(*to)) MakeLoopback(to);
  if (IsLoopback(*to)) return kSocketOk;
  asked_outside_ = true;
  return kNetworkUnreachable;
}

int Network::Bind(uint32_t id, const Endpoint& to) {
  Socket& socket = sockets_[id];
  if (socket.bound) return kBadArgument;
  Endpoint at = to;
  if (socket.family != kFamilyUnix) {
    if (!IsAny(at) && !IsLoopback(at)) {
      asked_outside_ = true;
      return kAddressNotAvailable;
    }
    if (at.port != 0) {
      if (InUse(socket, at)) return kAddressInUse;
    } else {
      for (int tries = kLastAnyPort - kFirstAnyPort; at.port == 0 || InUse(socket, at); tries--) {
        if (tries == 0) return kAddressInUse;
        at.port = next_port_;
        next_port_ = next_port_ >= kLastAnyPort - 1 ? kFirstAnyPort : static_cast<uint16_t>(next_port_ + 2);
      }
    }
  }
  socket.local = std::move(at);
  socket.local.family = socket.family;
  socket.bound = true;
  return kSocketOk;
}

// An address of its own for a socket that sends without having been given one.
int Network::BindAny(uint32_t id, const Endpoint& like) {
  Socket& socket = sockets_[id];
  if (socket.family == kFamilyUnix) return kSocketOk;
  if (!socket.bound) {
    Endpoint at = like;
    at.port = 0;
    if (socket.type == kDatagram) std::fill(at.address.begin() + (IsIPv4(at) ? 12 : 0), at.address.end(), 0);
    if (int error = Bind(id, at)) return error;
  }
  return kSocketOk;
}

int Network::Listen(uint32_t id) {
  Socket& socket = sockets_[id];
  if (socket.type == kDatagram) return kNotSupported;
  if (socket.stage == Socket::Stage::kConnected) return kBadArgument;
  if (!socket.bound && socket.family == kFamilyUnix) return kBadArgument;
  if (!socket.bound)
    if (int error = Bind(id, socket.local)) return error;
  socket.stage = Socket::Stage::kListening;
  return kSocketOk;
}

void Network::Pair(uint32_t a, uint32_t b) {
  for (auto [one, other] : {std::pair(a, b), std::pair(b, a)}) {
    sockets_[one].stage = Socket::Stage::kConnected;
    sockets_[one].partner = other;
  }
}

int Network::Connect(uint32_t id, const Endpoint& to) {
  Endpoint at = to;
  if (int error = Reach(&at)) return error;
  if (sockets_[id].type == kDatagram) {
    if (at.family == kFamilyUnix && FindReceiver(at, kDatagram, at.family, false) == 0)
      return kConnectionRefused;
    if (int error = BindAny(id, at)) return error;
    Socket& socket = sockets_[id];
    // A connected socket is at the address that it sends from.
    if (socket.family != kFamilyUnix && IsAny(socket.local)) MakeLoopback(&socket.local);
    socket.peer = std::move(at);
    socket.peer.family = socket.family;
    socket.stage = Socket::Stage::kConnected;
    return kSocketOk;
  }
  if (sockets_[id].stage == Socket::Stage::kConnected) return kIsConnected;
  if (sockets_[id].stage == Socket::Stage::kListening) return kBadArgument;
  uint32_t listener = FindReceiver(at, sockets_[id].type, at.family, true);
  if (listener == 0) return kConnectionRefused;
  // Model: a backlog has no end.
  if (int error = BindAny(id, at)) return error;
  uint32_t served = New(sockets_[listener].family, sockets_[listener].type);
  if (served == 0) return kNoBuffers;
  Socket &client = sockets_[id], &server = sockets_[served];
  client.peer = at;
  client.peer.family = client.family;
  server.local = std::move(at);
  server.peer = client.local;
  server.local.family = server.peer.family = server.family;
  server.bound = true;
  server.descriptors = 0;
  if (client.family != kFamilyUnix && IsAny(client.local)) MakeLoopback(&client.local);
  Pair(id, served);
  sockets_[listener].backlog.push_back(served);
  return kSocketOk;
}

int Network::Accept(uint32_t id, uint32_t* connection) {
  Socket& listener = sockets_[id];
  if (listener.stage != Socket::Stage::kListening || listener.read_shut) return kBadArgument;
  if (listener.backlog.empty()) return kWouldBlock;
  *connection = listener.backlog.front();
  listener.backlog.erase(listener.backlog.begin());
  sockets_[*connection].descriptors = 1;
  return kSocketOk;
}

int Network::TakeError(uint32_t id) {
  int error = sockets_[id].error;
  sockets_[id].error = kSocketOk;
  return error;
}

int Network::SendPacket(uint32_t id, std::string_view bytes, const Endpoint& to) {
  if (bytes.size() > kLargestPacket && to.family != kFamilyUnix) return kMessageTooLong;
  Endpoint at = to;
  if (int error = Reach(&at)) return error;
  if (int error = BindAny(id, at)) return error;
  uint32_t receiver = FindReceiver(at, kDatagram, at.family, false);
  Socket& socket = sockets_[id];
  if (receiver == 0) {
    // Nobody is there: over IP only a connected socket hears of it, later.
    if (at.family == kFamilyUnix) return kConnectionRefused;
    if (socket.stage == Socket::Stage::kConnected) socket.error = kConnectionRefused;
    return kSocketOk;
  }
  Packet packet{socket.local, std::string(bytes)};
  if (at.family != kFamilyUnix && IsAny(packet.from)) {
    packet.from.address = at.address;
  }
  Socket& target = sockets_[receiver];
  bool wanted = target.stage != Socket::Stage::kConnected || target.family == kFamilyUnix ||
                (target.peer.port == packet.from.port && target.peer.address == packet.from.address);
  if (!wanted) return kSocketOk;
  if (held_ > kMostHeld) return kNoBuffers;
  bool room = PacketBytes(target) + bytes.size() < kPacketRoom;
  if (!room && at.family == kFamilyUnix) return kWouldBlock;
  if (room) {
    held_ += packet.bytes.size() + kPacketCost;
    target.packets.push_back(std::move(packet));
  }
  return kSocketOk;
}

int Network::Send(uint32_t id, std::string_view bytes, const Endpoint* to, size_t* sent) {
  Socket& socket = sockets_[id];
  *sent = 0;
  if (int error = TakeError(id)) return error;
  if (socket.write_shut) return kPipeBroken;
  if (socket.type == kDatagram && socket.partner == 0) {
    if (to == nullptr && socket.stage != Socket::Stage::kConnected)
      return socket.family == kFamilyUnix ? kNotConnected : kDestinationRequired;
    *sent = bytes.size();
    Endpoint peer = to != nullptr ? *to : socket.peer;
    return SendPacket(id, bytes, peer);
  }
  if (socket.stage != Socket::Stage::kConnected) return kNotConnected;
  if (socket.partner == 0) {
    // The partner is gone. A first segment still leaves, and the answer to it is a reset.
    socket.write_shut = true;
    if (socket.family == kFamilyUnix) return kPipeBroken;
    *sent = bytes.size();
    return kSocketOk;
  }
  Socket& target = sockets_[socket.partner];
  if (held_ > kMostHeld) return kNoBuffers;
  if (socket.type != kStream) {
    if (PacketBytes(target) + bytes.size() > RoomOf(target)) return kWouldBlock;
    held_ += bytes.size() + kPacketCost;
    target.packets.push_back({socket.local, std::string(bytes)});
    *sent = bytes.size();
    return kSocketOk;
  }
  size_t room = RoomOf(target) - std::min(RoomOf(target), target.unread());
  if (room == 0 && !bytes.empty()) return kWouldBlock;
  *sent = std::min(room, bytes.size());
  if (target.read_shut) return kSocketOk;
  target.in += bytes.substr(0, *sent);
  held_ += *sent;
  return kSocketOk;
}

int Network::Receive(uint32_t id, size_t size, bool peek, std::string* bytes, Endpoint* from) {
  Socket& socket = sockets_[id];
  bytes->clear();
  *from = Endpoint();
  if (socket.type != kStream) {
    if (int error = TakeError(id)) return error;
    if (socket.packets.empty()) {
      if (socket.read_shut || socket.ended) return kSocketOk;
      return socket.type == kSequential && socket.stage != Socket::Stage::kConnected ? kNotConnected
                                                                                     : kWouldBlock;
    }
    Packet& packet = socket.packets.front();
    *bytes = packet.bytes.substr(0, size);
    *from = packet.from;
    if (peek) return kSocketOk;
    held_ -= packet.bytes.size() + kPacketCost;
    socket.packets.pop_front();
    return kSocketOk;
  }
  size_t count = std::min(size, socket.unread());
  if (count != 0) {
    bytes->assign(socket.in, socket.in_at, count);
    if (peek) return kSocketOk;
    socket.in_at += count;
    held_ -= count;
    if (socket.in_at == socket.in.size() || (socket.in_at > kCompactAt && socket.in_at > socket.unread())) {
      socket.in.erase(0, socket.in_at);
      socket.in_at = 0;
    }
    return kSocketOk;
  }
  if (int error = TakeError(id)) return error;
  if (socket.ended || socket.read_shut || size == 0) return kSocketOk;
  return socket.stage == Socket::Stage::kConnected ? kWouldBlock : kNotConnected;
}

int Network::Shutdown(uint32_t id, bool reading, bool writing) {
  Socket& socket = sockets_[id];
  if (socket.stage == Socket::Stage::kNew) return kNotConnected;
  if (reading) socket.read_shut = true;
  if (writing && socket.stage == Socket::Stage::kConnected) {
    socket.write_shut = true;
    if (socket.partner != 0) sockets_[socket.partner].ended = true;
  }
  return kSocketOk;
}

bool Network::Readable(uint32_t id) const {
  const Socket& socket = sockets_[id];
  if (socket.error != 0 || socket.read_shut || socket.ended) return true;
  if (socket.stage == Socket::Stage::kListening) return !socket.backlog.empty();
  return socket.unread() != 0 || !socket.packets.empty();
}

bool Network::Writable(uint32_t id) const {
  const Socket& socket = sockets_[id];
  if (socket.error != 0 || socket.write_shut || socket.partner == 0) return true;
  const Socket& target = sockets_[socket.partner];
  if (socket.type == kStream) return target.unread() < RoomOf(target);
  return PacketBytes(target) < RoomOf(target);
}

}  // namespace escapement::vm
