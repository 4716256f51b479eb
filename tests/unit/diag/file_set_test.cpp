#include "engine/diag/file_set.h"

#include <doctest/doctest.h>

using namespace escapement::diag;

TEST_CASE("positions print as gc prints them") {
  FileSet files;
  FileId id = files.Add({.name = "./main.go"});
  CHECK(files.Print({id, 2, 5}) == "./main.go:5:2");
  CHECK(files.Print({id, 0, 5}) == "./main.go:5");
  CHECK(files.Print({id, 254, 5}) == "./main.go:5:254");
  CHECK(files.Print({id, 255, 5}) == "./main.go:5");
  CHECK(files.Print({}) == "<unknown line number>");
  files.file(id).line_directives.push_back({10, 1, "gen.y", 100, 0});
  CHECK(files.Print({id, 3, 12}) == "gen.y:102");
}
