// Network: the sockets of a running program. Nothing leaves the machine: what the program sends to its own
// loopback arrives at its own sockets at once and in order, and any other address is unreachable. It is part
// of the machine's state: a copy is a snapshot.
//
//   Connect ─► partner in the listener's backlog ─Accept─► connected
//   Send ─► the partner's `in` (streams), or `packets` of whom the address means (datagrams) ─► Receive
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace escapement::vm {

// Linux's numbers for what goes wrong with sockets.
enum SocketError : int {
  kSocketOk = 0,
  kWouldBlock = 11,
  kBadArgument = 22,
  kPipeBroken = 32,
  kMessageTooLong = 90,
  kWrongProtocol = 91,
  kProtocolNotSupported = 93,
  kNotSupported = 95,
  kFamilyNotSupported = 97,
  kAddressInUse = 98,
  kAddressNotAvailable = 99,
  kNetworkUnreachable = 101,
  kNoBuffers = 105,
  kConnectionReset = 104,
  kIsConnected = 106,
  kNotConnected = 107,
  kDestinationRequired = 89,
  kConnectionRefused = 111
};

enum SocketFamily : uint16_t { kFamilyNone = 0, kFamilyUnix = 1, kFamilyIPv4 = 2, kFamilyIPv6 = 10 };
enum SocketType : uint8_t { kStream = 1, kDatagram = 2, kSequential = 5 };

// Where a socket is: an IPv4 address is kept in its IPv6 form, a Unix one as its path and the file's node.
struct Endpoint {
  uint16_t family = kFamilyNone;
  uint16_t port = 0;
  std::array<uint8_t, 16> address{};
  std::string path;
  uint32_t node = 0;
  bool operator==(const Endpoint&) const = default;
};

struct Packet {
  Endpoint from;
  std::string bytes;
};

struct Socket {
  enum class Stage : uint8_t { kFree, kNew, kListening, kConnected };

  Stage stage = Stage::kFree;
  uint16_t family = kFamilyNone;
  SocketType type = kStream;
  bool bound = false, only_v6 = false;
  bool read_shut = false, write_shut = false;
  bool ended = false;  // the partner will send no more
  bool hard = false;   // closing it resets the connection (SO_LINGER of 0)
  int error = 0;       // what the next operation fails with
  uint32_t descriptors = 0;
  uint32_t partner = 0;
  Endpoint local, peer;
  std::string in;  // from in_at on: bytes of a stream that nobody has read
  size_t in_at = 0;
  std::deque<Packet> packets;
  std::vector<uint32_t> backlog;               // partners that wait to be accepted, first is next
  std::map<std::pair<int, int>, int> options;  // by level and name

  size_t unread() const { return in.size() - in_at; }
};

class Network {
 public:
  // Sockets are numbered from 1; operations return an error, or kSocketOk. 0: there are too many.
  uint32_t New(uint16_t family, SocketType type);
  Socket& socket(uint32_t id) { return sockets_[id]; }
  void Share(uint32_t id) { sockets_[id].descriptors++; }
  // A descriptor of the socket is closed; the last one ends it.
  void Close(uint32_t id);

  // Gives the socket its address; a port 0 means any that is free.
  int Bind(uint32_t id, const Endpoint& to);
  int Listen(uint32_t id);
  int Connect(uint32_t id, const Endpoint& to);
  int Accept(uint32_t listener, uint32_t* connection);
  // Makes two new sockets each other's partner.
  void Pair(uint32_t a, uint32_t b);

  // Sends as much as there is room for; *sent is how much that was. `to` null: to the partner.
  int Send(uint32_t id, std::string_view bytes, const Endpoint* to, size_t* sent);
  // Takes at most `size` bytes (of one packet); `peek` leaves them there.
  int Receive(uint32_t id, size_t size, bool peek, std::string* bytes, Endpoint* from);
  int Shutdown(uint32_t id, bool reading, bool writing);
  int TakeError(uint32_t id);

  // Whether an operation would not wait now.
  bool Readable(uint32_t id) const;
  bool Writable(uint32_t id) const;

  // The program asked for something beyond its loopback.
  bool asked_outside() const { return asked_outside_; }

 private:
  uint32_t FindReceiver(const Endpoint& to, SocketType type, uint16_t family, bool listening) const;
  bool InUse(const Socket& socket, const Endpoint& at) const;
  int Reach(Endpoint* to);
  int BindAny(uint32_t id, const Endpoint& like);
  int SendPacket(uint32_t id, std::string_view bytes, const Endpoint& to);
  void Reset(uint32_t id);
  void Release(uint32_t id);

  std::vector<Socket> sockets_{1};
  std::vector<uint32_t> free_;
  uint16_t next_port_ = 35001;
  size_t held_ = 0;  // bytes that nobody has read
  bool asked_outside_ = false;
};

}  // namespace escapement::vm
