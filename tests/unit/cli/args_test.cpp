// The command line in Go's spelling.
#include "engine/cli/args.h"

#include <doctest/doctest.h>

namespace escapement::cli {

using Words = std::vector<std::string>;

TEST_CASE("one dash before a long name becomes two; values, short flags and - stay") {
  CHECK(WithLongDashes({"-seed", "7", "--at=3", "-o", "-", "-m"}) ==
        Words{"--seed", "7", "--at=3", "-o", "-", "-m"});
  CHECK(WithLongDashes({"-gcflags=-m -l"}) == Words{"--gcflags=-m -l"});
}

TEST_CASE("flags, then Go files, then what the program gets") {
  CommandWords words = Split({"-seed", "7", "a.go", "b.go", "-x", "c"});
  CHECK(words.flags == Words{"-seed", "7"});
  CHECK(words.files == Words{"a.go", "b.go"});
  CHECK(words.program_arguments == Words{"-x", "c"});
  CHECK(Split({"p.txtar", "q.go"}).files == Words{"p.txtar", "q.go"});
}

}  // namespace escapement::cli
