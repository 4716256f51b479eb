// Sockets of the machine's own network.
#include "engine/vm/network.h"

#include <doctest/doctest.h>

namespace escapement::vm {

namespace {

Endpoint IPv4(uint8_t first, uint8_t last, uint16_t port) {
  Endpoint at;
  at.family = kFamilyIPv4;
  at.port = port;
  at.address[10] = at.address[11] = 0xff;
  at.address[12] = first;
  at.address[15] = last;
  return at;
}

std::string Read(Network& network, uint32_t socket, int* error) {
  std::string bytes;
  Endpoint from;
  *error = network.Receive(socket, 100, false, &bytes, &from);
  return bytes;
}

// A listener on a port, a client and what the listener accepted.
struct Connection {
  Network network;
  uint32_t listener, client, server = 0;

  explicit Connection(uint16_t port) {
    listener = network.New(kFamilyIPv4, kStream);
    CHECK(network.Bind(listener, IPv4(127, 1, port)) == kSocketOk);
    CHECK(network.Listen(listener) == kSocketOk);
    CHECK(network.Accept(listener, &server) == kWouldBlock);
    client = network.New(kFamilyIPv4, kStream);
    CHECK(network.Connect(client, IPv4(127, 1, port)) == kSocketOk);
    CHECK(network.Readable(listener));
    CHECK(network.Accept(listener, &server) == kSocketOk);
  }
};

}  // namespace

TEST_CASE("a connection carries bytes both ways, then an end") {
  Connection c(80);
  int error = 0;
  size_t sent = 0;
  CHECK(!c.network.Readable(c.server));
  CHECK(c.network.Send(c.client, "question", nullptr, &sent) == kSocketOk);
  CHECK(sent == 8);
  CHECK(Read(c.network, c.server, &error) == "question");
  CHECK(Read(c.network, c.server, &error).empty());
  CHECK(error == kWouldBlock);
  CHECK(c.network.socket(c.server).peer == c.network.socket(c.client).local);
  CHECK(c.network.Send(c.server, "answer", nullptr, &sent) == kSocketOk);
  c.network.Close(c.server);
  CHECK(Read(c.network, c.client, &error) == "answer");
  CHECK(Read(c.network, c.client, &error).empty());
  CHECK(error == kSocketOk);
  CHECK(c.network.Send(c.client, "late", nullptr, &sent) == kSocketOk);
  CHECK(c.network.Send(c.client, "later", nullptr, &sent) == kPipeBroken);
}

TEST_CASE("a sender waits when its partner reads nothing, and a reset ends what was not read") {
  Connection c(80);
  std::string block(1 << 20, 'x');
  size_t sent = 0, all = 0;
  int error = kSocketOk;
  while ((error = c.network.Send(c.client, block, nullptr, &sent)) == kSocketOk) all += sent;
  CHECK(error == kWouldBlock);
  CHECK(all > block.size());
  CHECK(!c.network.Writable(c.client));
  Read(c.network, c.server, &error);
  CHECK(c.network.Writable(c.client));
  c.network.Close(c.server);
  Read(c.network, c.client, &error);
  CHECK(error == kConnectionReset);
}

TEST_CASE("a copy is a snapshot") {
  Connection c(80);
  Network before = c.network;
  size_t sent = 0;
  c.network.Send(c.client, "x", nullptr, &sent);
  CHECK(c.network.Readable(c.server));
  CHECK(!before.Readable(c.server));
}

TEST_CASE("addresses: those of others, taken ones, any") {
  Connection c(80);
  uint32_t other = c.network.New(kFamilyIPv4, kStream);
  CHECK(c.network.Bind(other, IPv4(127, 1, 80)) == kAddressInUse);
  CHECK(!c.network.asked_outside());
  CHECK(c.network.Bind(other, IPv4(10, 1, 80)) == kAddressNotAvailable);
  CHECK(c.network.Connect(other, IPv4(10, 1, 80)) == kNetworkUnreachable);
  CHECK(c.network.asked_outside());
  CHECK(c.network.Connect(other, IPv4(127, 1, 81)) == kConnectionRefused);
  CHECK(c.network.Connect(other, IPv4(0, 0, 80)) == kSocketOk);
  CHECK(c.network.socket(other).local.port != 0);
}

TEST_CASE("a datagram is read whole or cut") {
  Network network;
  uint32_t receiver = network.New(kFamilyIPv4, kDatagram), sender = network.New(kFamilyIPv4, kDatagram);
  CHECK(network.Bind(receiver, IPv4(0, 0, 0)) == kSocketOk);
  Endpoint to = IPv4(127, 1, network.socket(receiver).local.port);
  size_t sent = 0;
  CHECK(network.Send(sender, "abcdef", &to, &sent) == kSocketOk);
  CHECK(network.Send(sender, "gh", &to, &sent) == kSocketOk);
  std::string bytes;
  Endpoint from;
  CHECK(network.Receive(receiver, 3, true, &bytes, &from) == kSocketOk);
  CHECK(network.Receive(receiver, 3, false, &bytes, &from) == kSocketOk);
  CHECK(bytes == "abc");
  CHECK(from.port == network.socket(sender).local.port);
  CHECK(network.Receive(receiver, 3, false, &bytes, &from) == kSocketOk);
  CHECK(bytes == "gh");
  network.Close(receiver);
  CHECK(network.Connect(sender, to) == kSocketOk);
  CHECK(network.Send(sender, "x", nullptr, &sent) == kSocketOk);
  CHECK(network.Receive(sender, 3, false, &bytes, &from) == kConnectionRefused);
}

}  // namespace escapement::vm
