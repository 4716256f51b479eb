// Programs that ask for more than the modelled machine has: a network, other processes, somebody outside.
#include "tests/unit/cli/traced_run.h"

namespace escapement::driver {

namespace {

bool Has(const Json& text, const char* part) {
  return text.is_string() && text.get<std::string>().find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("whom the loopback does not reach is unreachable") {
  TracedRun run(R"(package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

func main() {
	_, err := net.Dial("tcp", "203.0.113.1:80")
	fmt.Println(err, errors.Is(err, syscall.ENETUNREACH))
	_, err = net.LookupHost("example.com")
	var dns *net.DNSError
	fmt.Println(err, errors.As(err, &dns))
	names, err := net.LookupHost("localhost")
	fmt.Println(names, err)
	_, err = net.Listen("tcp", "203.0.113.1:80")
	fmt.Println(err)
}
)");
  CHECK(run.output ==
        "dial tcp 203.0.113.1:80: connect: network is unreachable true\n"
        "lookup example.com on 192.0.2.53:53: dial udp 192.0.2.53:53: connect: network is unreachable true\n"
        "[127.0.0.1 ::1] <nil>\n"
        "listen tcp 203.0.113.1:80: bind: cannot assign requested address\n");
  CHECK(run.end["exitStatus"] == 0);
  CHECK(Has(run.end["note"], "no network but its own loopback"));
}

TEST_CASE("a machine that nobody named is the local host") {
  TracedRun run(R"(package main

import (
	"fmt"
	"os"
)

func main() { fmt.Println(os.Hostname()) }
)");
  CHECK(run.output == "localhost <nil>\n");
}

TEST_CASE("no process can be started") {
  TracedRun run(R"(package main

import (
	"fmt"
	"os/exec"
)

func main() { fmt.Println(exec.Command("/usr/bin/go").Run()) }
)");
  CHECK(run.output == "fork/exec /usr/bin/go: operation not permitted\n");
  CHECK(Has(run.end["note"], "it cannot start others"));
}

TEST_CASE("a server that nobody will call is interrupted") {
  TracedRun run(R"(package main

import "net"

func main() {
	l, err := net.Listen("tcp", ":8080")
	println(err == nil)
	l.Accept()
	println("not reached")
}
)");
  CHECK(run.error_output == "true\n");
  CHECK(run.end["exitStatus"] == 130);
  CHECK(Has(run.end["note"], "as by Ctrl-C"));
}

TEST_CASE("a program that waits for Ctrl-C gets it, and can be looked at before and after") {
  TracedRun run(R"(package main

import (
	"fmt"
	"os"
	"os/signal"
)

func main() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	before := 1
	s := <-c
	after := before + 1
	fmt.Println("got", s, after)
}
)");
  CHECK(run.output == "got interrupt 2\n");
  CHECK(run.end["exitStatus"] == 0);
  Json late = run.Inspect({{"at", {{"line", 14}}}});
  CHECK(TracedRun::Variable(late, "before")["value"]["text"] == "1");
  Json early = run.Inspect({{"at", {{"line", 12}}}});
  REQUIRE(early.is_object());
  CHECK(run.Inspect({{"at", {{"line", 14}}}}) == late);
}

TEST_CASE("code to load is refused at its import") {
  TracedRun run("package main\n\nimport _ \"plugin\"\n\nfunc main() {}\n");
  CHECK(!run.start["ok"].get<bool>());
  CHECK(Has(run.start.dump(), "package plugin needs compiled code to load"));
}

}  // namespace escapement::driver
