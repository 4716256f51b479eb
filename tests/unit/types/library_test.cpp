// The standard library checks without an error, bodies included.
#include <doctest/doctest.h>

#include "tests/unit/types/fixture.h"

using namespace escapement;

namespace {

// Checks a package of the distribution and all it imports; returns the errors.
std::string CheckClosure(const std::string& path) {
  test::Session session;
  REQUIRE(session.Import(path).package != nullptr);
  for (types::Package* pkg : session.loaded) {
    session.checker.CheckAll(pkg);
    session.checker.InitOrder(pkg);
  }
  return session.Printed(session.library_errors);
}

}  // namespace

TEST_CASE("small packages of the library check without error" * doctest::skip(test::Goroot().empty())) {
  for (const char* path : {"errors", "unicode/utf8", "strconv"}) {
    CAPTURE(path);
    test::Session session;
    types::Package* pkg = session.Import(path).package;
    REQUIRE(pkg != nullptr);
    session.checker.CheckAll(pkg);
    CHECK(session.Printed(session.library_errors) == "");
  }
}

TEST_CASE("the closure of fmt checks without error" * doctest::skip(test::Goroot().empty())) {
  CHECK(CheckClosure("fmt") == "");
}
