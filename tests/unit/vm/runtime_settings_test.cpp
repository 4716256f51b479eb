#include "engine/vm/runtime_settings.h"

#include <doctest/doctest.h>

namespace escapement::vm {

TEST_CASE("an empty environment leaves Go's own settings") {
  RuntimeSettings settings = ReadSettings({"HOME=/root", "GOGCX=5"});
  CHECK(settings.gc_percent == 100);
  CHECK(settings.memory_limit == INT64_MAX);
  CHECK(settings.malformed_limit.empty());
  CHECK(settings.traceback == TracebackMode{});
  CHECK_FALSE(settings.gc_trace);
}

TEST_CASE("GOGC is a number or off; anything else is 100") {
  CHECK(ReadSettings({"GOGC=off"}).gc_percent == -1);
  CHECK(ReadSettings({"GOGC=50"}).gc_percent == 50);
  CHECK(ReadSettings({"GOGC=-3"}).gc_percent == -3);
  CHECK(ReadSettings({"GOGC=5x"}).gc_percent == 100);
  CHECK(ReadSettings({"GOGC="}).gc_percent == 100);
}

TEST_CASE("GOMEMLIMIT counts bytes in units of 1024; what is no size is kept to be complained about") {
  CHECK(ReadSettings({"GOMEMLIMIT=off"}).memory_limit == INT64_MAX);
  CHECK(ReadSettings({"GOMEMLIMIT=100"}).memory_limit == 100);
  CHECK(ReadSettings({"GOMEMLIMIT=7B"}).memory_limit == 7);
  CHECK(ReadSettings({"GOMEMLIMIT=3KiB"}).memory_limit == 3 << 10);
  CHECK(ReadSettings({"GOMEMLIMIT=2TiB"}).memory_limit == int64_t{2} << 40);
  for (const char* text : {"abc", "10MB", "-5", "B", "iB", "KiB", "5 MiB", "9999999999TiB"}) {
    CAPTURE(text);
    RuntimeSettings settings = ReadSettings({std::string("GOMEMLIMIT=") + text});
    CHECK(settings.malformed_limit == text);
    CHECK(settings.memory_limit == INT64_MAX);
  }
}

TEST_CASE("GOMAXPROCS is a positive number, or left to the runtime") {
  CHECK(ReadSettings({"GOMAXPROCS=4"}).max_procs == 4);
  for (const char* text : {"GOMAXPROCS=0", "GOMAXPROCS=-2", "GOMAXPROCS=4x", "GOMAXPROCS="})
    CHECK(ReadSettings({text}).max_procs == 0);
}

TEST_CASE("GODEBUG is a list of settings") {
  CHECK(ReadSettings({"GODEBUG=gctrace=1"}).gc_trace);
  CHECK(ReadSettings({"GODEBUG=madvdontneed=1,gctrace=1,x=2"}).gc_trace);
  CHECK_FALSE(ReadSettings({"GODEBUG=gctrace=0,xgctrace=1"}).gc_trace);
}

}  // namespace escapement::vm
