// A Go program, run with a trace on the installed distribution's library, and its answers as JSON.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "engine/cli/goroot_source.h"
#include "engine/driver/playground.h"
#include "engine/stdlib/overlay.h"

namespace escapement::driver {

using Json = nlohmann::json;

class TracedRun {
 public:
  explicit TracedRun(const char* text) : TracedRun(Json::array({{{"name", "main.go"}, {"text", text}}})) {}

  // `files` are those of the page's questions: {name, text} each.
  explicit TracedRun(Json files, Json options = {{"trace", true}})
      : distribution_(*cli::FindGoroot()), library_(distribution_), playground_(library_) {
    check = Json::parse(playground_.Check(Json{{"files", files}}.dump()), nullptr, false);
    start =
        Json::parse(playground_.Start(Json{{"files", files}, {"options", options}}.dump()), nullptr, false);
    if (!start["ok"].get<bool>()) return;
    do {
      end = Json::parse(playground_.Step(1000000), nullptr, false);
      output += end["output"].get<std::string>();
      error_output += end["errorOutput"].get<std::string>();
    } while (end["state"] == "running");
  }

  Json Inspect(const Json& question) { return Read(playground_.Inspect(question.dump())); }
  Json Alive(const Json& question) { return Read(playground_.Alive(question.dump())); }
  Json Frames(uint64_t begin, uint64_t finish) {
    return Read(playground_.Frames(Json{{"begin", begin}, {"end", finish}}.dump()));
  }
  Json Facts() { return Read(playground_.Facts()); }
  Json Expect(const std::string& text) { return Read(playground_.Expect(Json{{"text", text}}.dump())); }

  // The variable of that name of the innermost frame that has it; null where there is none.
  static Json Variable(const Json& inspection, const std::string& name) {
    for (const Json& g : inspection["goroutines"])
      for (const Json& frame : g["frames"])
        for (const Json& v : frame["variables"])
          if (v["name"] == name) return v;
    return nullptr;
  }

  Json check, start, end;
  std::string output, error_output;

 private:
  static Json Read(const std::string& text) { return Json::parse(text, nullptr, false); }

  cli::GorootSource distribution_;
  stdlib::OverlaySource library_;
  Playground playground_;
};

}  // namespace escapement::driver
