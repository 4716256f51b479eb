#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/export/text_writer.h"
#include "engine/export/trace_export.h"
#include "engine/memory/world.h"

namespace escapement::exporting {

namespace {

// A log with some of everything: two sites, a sweep, a goroutine that blocks, an envelope.
void Fill(trace::Log& log) {
  log.heap_low = 0x01000000;
  for (const memory::SizeClass& c : memory::kSizeClassTable) log.size_classes.push_back(c.size);
  trace::SiteEntry site;
  site.function = log.Intern("main.main");
  site.kind = log.Intern("new");
  site.symbol = log.Intern("T");
  site.file = log.Intern("a \"b\".go");
  site.line = 7;
  site.column = 3;
  site.owner = trace::Owner::kMine;
  trace::OriginId origin = log.Origin(log.AddSite(site), log.InternType("main.T", 24));
  trace::FrameEntry frame;
  frame.function = site.function;
  frame.file = site.file;
  frame.line = 7;
  frame.owner = trace::Owner::kMine;
  trace::StackId stack = log.Push(trace::StackId(), log.AddFrame(frame));
  log.set_owner(trace::Owner::kMine);
  log.Append(trace::Kind::GoStart, 1, 0, 0, 1, 0, site.function.index, trace::StackId::kNone);
  log.Append(trace::Kind::GoRun, 1, 0, 0, 1);
  log.Append(trace::Kind::StackAlloc, 1, 0, 0, 1, 0x01002000, 2048);
  log.Append(trace::Kind::SpanAlloc, 2, 0, memory::MakeSpanClass(3, false), 0x01000000, 1, 330);
  log.Append(trace::Kind::HeapAlloc, 2, 0, 3, 0x01000000, 24, origin.index, stack.index);
  log.Append(trace::Kind::HeapAlloc, 3, trace::kNoscan, 0, 0x01010000, 40000, origin.index, stack.index);
  log.Append(trace::Kind::HeapAlloc, uint64_t{1} << 33, 0, 3, 0x01000018, 24, origin.index, stack.index);
  uint64_t freed = 1;
  log.Append(trace::Kind::SpanSweep, uint64_t{1} << 33, 0, 1, 0x01000000, 24, log.AddBitmap(&freed, 1), 1);
  log.Append(trace::Kind::GoBlock, uint64_t{1} << 33, 0, 10, 1, 0x01000018, 0, stack.index);
  log.Append(trace::Kind::GCStart, uint64_t{1} << 33, 0, 1, 1, 100, 200, 300);
  log.Append(trace::Kind::GCEnd, uint64_t{1} << 33, 0, 0, 1, 50, 60, 70);
  log.envelope(1).Add(5, 48, 64);
  log.envelope(1).Add(500, 64, 128);
}

std::string Export(void (*write)(const trace::Log&, const Sink&), const trace::Log& log) {
  std::string text;
  write(log, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace

TEST_CASE("the JSON trace is JSON, with every table and event") {
  trace::Log log;
  Fill(log);
  RunInfo info;
  info.engine = "0.1.0";
  info.go = "go1.26.8";
  info.files = {"main.go"};
  info.standard_output = "a\xff\xe2\x82\xac\n";
  info.verdicts.push_back(
      {{"main.go", 7, 3, "new(T) escapes to heap"}, "heap", {{"main.go", 8, 2, "from return"}}});
  std::string text;
  WriteTraceJson(log, info, [&](std::string_view piece) { text += piece; });
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  REQUIRE_FALSE(json.is_discarded());
  CHECK(json["format"] == "escapement-trace");
  CHECK(json["sites"][0]["file"] == "a \"b\".go");
  CHECK(json["output"]["stdout"] == "a\xef\xbf\xbd\xe2\x82\xac\n");
  CHECK(json["verdicts"][0]["path"][0]["text"] == "from return");
  CHECK(json["totals"]["owners"]["mine"]["allocations"] == 3);
  CHECK(json["totals"]["owners"]["mine"]["bytes"] == 24 + 40960 + 24);
  CHECK(json["envelopes"][0]["peakBytes"] == 128);
  const nlohmann::json& events = json["events"];
  REQUIRE(events.size() == log.size());
  // [kind, step, owner, flags, size class, address, size, origin, stack]
  size_t alloc = static_cast<size_t>(trace::Kind::HeapAlloc);
  CHECK(events[4] == nlohmann::json::array({alloc, 2, 0, 0, 3, 0xc001000000, 24, 0, 0}));
  bool swept = false;
  for (const nlohmann::json& event : events) {
    if (event[0] == static_cast<size_t>(trace::Kind::SpanSweep)) {
      CHECK(event[1] == uint64_t{1} << 33);
      CHECK(event[7] == "0000000000000001");
      swept = true;
    }
    if (event[0] == static_cast<size_t>(trace::Kind::GoBlock)) CHECK(event[4] == "chan receive");
    CHECK(event.size() == 4 + json["kinds"][event[0].get<size_t>()]["fields"].size());
  }
  CHECK(swept);
}

TEST_CASE("the Chrome trace is JSON with begin and end in pairs") {
  trace::Log log;
  Fill(log);
  nlohmann::json json = nlohmann::json::parse(Export(WriteChromeTrace, log), nullptr, false);
  REQUIRE_FALSE(json.is_discarded());
  int open = 0, counters = 0;
  for (const nlohmann::json& event : json["traceEvents"]) {
    open += (event["ph"] == "B") - (event["ph"] == "E");
    counters += event["ph"] == "C";
  }
  CHECK(open == 0);
  CHECK(counters >= 3);
}

TEST_CASE("a line of CSV an event") {
  trace::Log log;
  Fill(log);
  std::string text = Export(WriteTraceCsv, log);
  CHECK(static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')) == log.size() + 1);
  CHECK(text.find(
            "heap.alloc,size_class,3,address,824650498048,size,24,origin,\"main.T at a \"\"b\"\".go:7\"") !=
        std::string::npos);
}

TEST_CASE("the profile counts what is live") {
  trace::Log log;
  Fill(log);
  std::string text = Export(WritePprof, log);
  // Sample values, packed: 3 objects, 41,008 bytes, 2 live, 40,984 live bytes.
  CHECK(text.find(std::string("\x12\x08\x03\xb0\xc0\x02\x02\x98\xc0\x02", 10)) != std::string::npos);
  CHECK(text.find("main.main") != std::string::npos);
}

TEST_CASE("strings are quoted for JSON") {
  std::string text;
  Sink sink = [&](std::string_view piece) { text += piece; };
  {
    TextWriter out(sink);
    out.Quoted(std::string("\0\x1b\"\\\xed\xa0\x80", 7));
  }
  CHECK(text == "\"\\u0000\\u001b\\\"\\\\\\ufffd\\ufffd\\ufffd\"");
}

}  // namespace escapement::exporting
