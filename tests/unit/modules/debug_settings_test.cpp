// The settings of GODEBUG against the table of the installed Go.
#include "engine/modules/debug_settings.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>

using namespace escapement::modules;

TEST_CASE("every setting of Go's own table is known, with the defaults of old versions") {
  const char* root = std::getenv("GOROOT");
  std::ifstream table(std::string(root != nullptr ? root : "/usr/local/go") +
                      "/src/internal/godebugs/table.go");
  if (!table.good()) {
    MESSAGE("no Go distribution: not compared with its table");
    return;
  }
  const std::regex row(R"re(^\s*\{Name: "(\w+)"(.*)\})re"), changed(R"re(Changed: (\d+), Old: "(\w*)")re"),
      removed(R"re(Removed: (\d+))re");
  std::map<std::string, std::string> old;  // as a program of Go 1.1 has them
  size_t rows = 0;
  std::smatch match, part;
  for (std::string line; std::getline(table, line);) {
    if (!std::regex_search(line, match, row)) continue;
    ++rows;
    const std::string name = match[1], rest = match[2];
    CAPTURE(name);
    const std::string error = CheckDebugSetting("setting", {name, "1"}, "1.26.8");
    CHECK(error.empty() != std::regex_search(rest, part, removed));
    if (std::regex_search(rest, part, changed)) old[name] = part[2];
  }
  CHECK(rows > 50);
  std::string wanted;
  for (const auto& [name, value] : old) wanted += (wanted.empty() ? "" : ",") + name + "=" + value;
  CHECK(DefaultDebugSettings("1.1", {}) == wanted);
  CHECK(DefaultDebugSettings("1.26.8", {}) == "");
  CHECK(DefaultDebugSettings("", {}) == "");
}

TEST_CASE("a later line of a key counts, and default= chooses the version") {
  CHECK(DefaultDebugSettings("1.26", {{"panicnil", "0"}, {"panicnil", "1"}}) == "panicnil=1");
  CHECK(DefaultDebugSettings("1.26", {{"default", "go1.20"}, {"panicnil", "0"}}).find("panicnil=0") !=
        std::string::npos);
}

TEST_CASE("wrong settings have the go command's sentences") {
  auto error = [](std::string key, std::string value) {
    return CheckDebugSetting("godebug", {key, value}, "1.26.8");
  };
  CHECK(error("nonsense", "1") == "unknown godebug \"nonsense\"");
  CHECK(error("panicnil", "1,2") == "value contains comma");
  CHECK(error("default", "1.20") == "value for default= must be goVERSION");
  CHECK(error("default", "go1.99") == "default=go1.99 too new (toolchain is go1.26.8)");
  CHECK(error("x509sha1", "1") ==
        "use of removed godebug \"x509sha1\", see https://go.dev/doc/godebug#go-124");
}
