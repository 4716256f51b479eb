// `escapement inspect`, `explain` and `render`: one run of a program, and what it shows at a moment, at a
// verdict, or as a picture.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/cli/commands.h"
#include "engine/cli/run_flags.h"
#include "engine/driver/playground.h"

namespace escapement::cli {

namespace {

using Question = nlohmann::ordered_json;

// Loads the program that `rest` names into `playground` and runs it; false after a message.
bool RunTraced(stdlib::LibrarySource& library, const Words& rest, driver::RunOptions& options,
               Targets& targets, std::unique_ptr<driver::Session>& session,
               std::unique_ptr<driver::Playground>& playground, bool to_end = true) {
  options.trace = true;
  std::vector<driver::SourceInput> sources;
  auto run = Load(targets, rest, options, session, sources);
  if (!run) return false;
  driver::CompileFlags flags;
  flags.remarks = 1;
  flags.snippet = options.snippet;
  driver::CheckResult check = session->Check(sources, flags);
  playground = std::make_unique<driver::Playground>(library);
  playground->Adopt(std::move(run), std::move(sources), std::move(check), options);
  if (to_end) playground->RunToEnd();
  return true;
}

// STEP, event:N, step:N, end, FILE:LINE or :LINE (with #HIT), or a moment E,S,K.
bool ParseAt(const std::string& text, Question* at) {
  auto number = [](const std::string& s) { return std::strtoull(s.c_str(), nullptr, 10); };
  auto digits = [](const std::string& s) {
    return !s.empty() && s.find_first_not_of("0123456789") == std::string::npos;
  };
  if (text == "end") {
    *at = {{"end", true}};
  } else if (digits(text)) {
    *at = {{"step", number(text)}};
  } else if (text.rfind("step:", 0) == 0 && digits(text.substr(5))) {
    *at = {{"step", number(text.substr(5))}};
  } else if (text.rfind("event:", 0) == 0 && digits(text.substr(6))) {
    *at = {{"event", number(text.substr(6))}};
  } else if (unsigned long long e, s, k; std::sscanf(text.c_str(), "%llu,%llu,%llu", &e, &s, &k) == 3) {
    *at = {{"moment", {{"event", e}, {"step", s}, {"statement", k}}}};
  } else {
    size_t hash = text.find('#'), colon = text.rfind(':', hash);
    std::string line = colon == std::string::npos ? "" : text.substr(colon + 1, hash - colon - 1);
    if (!digits(line)) return false;
    *at = {{"line", number(line)}};
    if (colon > 0) (*at)["file"] = text.substr(0, colon);
    if (hash != std::string::npos) (*at)["hit"] = number(text.substr(hash + 1));
  }
  return true;
}

bool WriteOut(const std::string& path, const std::string& bytes) {
  if (path == "-") {
    std::cout << bytes;
    std::cout.flush();
    return std::cout.good();
  }
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  out.flush();
  if (!out.good()) std::fprintf(stderr, "escapement: cannot write %s\n", path.c_str());
  return out.good();
}

// Pictures are drawn by the page's own code: of the checkout that the command was built in, or what
// `cmake --install` puts beside it. Empty: neither is there.
std::string FindRenderer() {
  std::error_code error;
  std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  for (std::filesystem::path up = self.parent_path(); up.has_relative_path(); up = up.parent_path())
    for (const char* place : {"share/escapement/render.mjs", "web/node/render.mjs"})
      if (std::filesystem::exists(up / place, error)) return (up / place).string();
  return "";
}

void PrintFact(const driver::VerdictFact& fact) {
  std::printf("  in this run: %llu objects, %llu bytes; %llu objects alive after the last cycle\n",
              static_cast<unsigned long long>(fact.objects), static_cast<unsigned long long>(fact.bytes),
              static_cast<unsigned long long>(fact.survivors));
  if (fact.surprise != driver::Surprise::kNone) std::printf("  surprise: %s\n", fact.explanation.c_str());
}

}  // namespace

int InspectCommand(stdlib::LibrarySource& library, const Words& words) {
  driver::RunOptions options;
  std::string at = "end", move, path = "-", alive, frames;
  bool back = false, in_library = false, mine = false, pretty = false, straight = false;
  size_t objects = 500;
  CLI::App app("Runs a Go program and prints the state of its memory at a moment, as JSON.",
               "escapement inspect");
  AddRunFlags(app, options);
  app.add_option("--at", at, "STEP, event:N, FILE:LINE[#HIT], EVENT,STEP,STATEMENT or end")
      ->capture_default_str();
  app.add_option("--move", move, "go on from there: line, over, out, event or allocation")
      ->check(CLI::IsMember({"line", "over", "out", "event", "allocation"}));
  app.add_flag("--back", back, "move back");
  app.add_flag("--library", in_library, "moves stop in library code, too");
  app.add_flag("--mine", mine, "only objects that the program's own lines allocated");
  app.add_option("--objects", objects, "most objects to show")->capture_default_str();
  app.add_option("--alive", alive, "say why the object at this address is alive instead");
  app.add_option("--frames", frames, "name the calls of a window of steps, BEGIN-END, instead");
  app.add_flag("--pretty", pretty, "indent the JSON");
  app.add_flag("--straight", straight, "run to EVENT,STEP,STATEMENT without keyframes, and stop there");
  app.add_option("-o", path, "the file to write; - is standard output")->capture_default_str();
  Words rest;
  if (auto status = ParseFlags(app, words, rest)) return *status;
  Question question;
  if (!ParseAt(at, &question["at"])) {
    std::fprintf(stderr, "escapement inspect: %s is no moment: say STEP, event:N, FILE:LINE or end\n",
                 at.c_str());
    return 2;
  }
  if (!move.empty()) question["move"] = {{"by", move}, {"back", back}, {"library", in_library}};
  unsigned long long begin = 0, end = 0;
  if (!frames.empty() && std::sscanf(frames.c_str(), "%llu-%llu", &begin, &end) != 2) {
    std::fprintf(stderr, "escapement inspect: %s is no window of steps: say BEGIN-END\n", frames.c_str());
    return 2;
  }
  question["mine"] = mine;
  question["objects"] = objects;
  Targets targets(library);
  std::unique_ptr<driver::Session> session;
  std::unique_ptr<driver::Playground> playground;
  if (!RunTraced(library, rest, options, targets, session, playground, !straight)) return 1;
  std::string answer;
  if (straight) {
    answer = playground->InspectStraight(question.dump());
  } else if (!frames.empty()) {
    answer = playground->Frames(Question{{"begin", begin}, {"end", end}}.dump());
  } else if (alive.empty()) {
    answer = playground->Inspect(question.dump());
  } else {
    question["address"] = std::strtoull(alive.c_str(), nullptr, 0);
    answer = playground->Alive(question.dump());
  }
  if (answer == "null") {
    std::fprintf(stderr, "escapement inspect: the run has no moment %s\n", at.c_str());
    return 1;
  }
  if (pretty) answer = Question::parse(answer, nullptr, false).dump(1);
  return WriteOut(path, answer + "\n") ? 0 : 1;
}

int ExplainCommand(stdlib::LibrarySource& library, const Words& words) {
  bool run_too = false;
  driver::RunOptions options;
  CLI::App app("Prints why the compiler lets a value live where it lives: f.go:LINE[:COLUMN].",
               "escapement explain");
  AddRunFlags(app, options);
  app.add_flag("--run", run_too, "run the program, and say what it allocates there");
  Words rest;
  if (auto status = ParseFlags(app, words, rest)) return *status;
  unsigned line = 0, column = 0;
  std::string file;
  if (!rest.empty()) {
    size_t go = rest[0].rfind(".go:");
    if (go != std::string::npos && std::sscanf(rest[0].c_str() + go + 4, "%u:%u", &line, &column) >= 1)
      file = rest[0].substr(0, go + 3);
  }
  if (file.empty()) {
    std::fprintf(stderr, "usage: escapement explain [-run] f.go:LINE[:COLUMN] [more.go...]\n");
    return 2;
  }
  Words files = {file};
  files.insert(files.end(), rest.begin() + 1, rest.end());
  Targets targets(library);
  std::unique_ptr<driver::Session> session;
  std::unique_ptr<driver::Playground> playground;
  if (!RunTraced(library, files, options, targets, session, playground)) return 1;
  const driver::CheckResult& check = playground->check();
  std::string base = std::filesystem::path(file).filename().string();
  bool any = false;
  for (size_t i = 0; i < check.verdicts.size(); ++i) {
    const driver::Verdict& v = check.verdicts[i];
    if (v.line != line || (column != 0 && v.column != column)) continue;
    if (std::filesystem::path(v.file).filename().string() != base) continue;
    any = true;
    std::printf("%s:%u:%u: %s\n", v.file.c_str(), v.line, v.column, v.text.c_str());
    for (const driver::FlowStep& step : v.path) {
      std::string why = step.why.empty() ? "" : " (" + step.why + ")";
      std::printf("  %s: %s%s\n", step.position.c_str(), step.text.c_str(), why.c_str());
    }
    if (run_too) PrintFact(playground->facts().verdicts[i]);
  }
  if (!any) std::printf("%s:%u: the compiler says nothing here\n", file.c_str(), line);
  return 0;
}

int RenderCommand(stdlib::LibrarySource& library, const Words& words) {
  driver::RunOptions options;
  std::string path = "-", view = "timeline", at, renderer;
  size_t columns = 512;
  CLI::App app("Runs a Go program and writes a snapshot, or the picture of one.", "escapement render");
  AddRunFlags(app, options);
  app.add_option("-o", path, "out.json is a snapshot; out.svg and out.html are pictures")
      ->capture_default_str();
  app.add_option("--view", view, "timeline, verdicts, memory, output or allocations")->capture_default_str();
  app.add_option("--at", at, "the moment that a memory view shows");
  app.add_option("--columns", columns, "columns of the timeline")->capture_default_str();
  app.add_option("--renderer", renderer, "the drawing program: render.mjs of the project's web/node")
      ->envname("ESCAPEMENT_RENDERER");
  Words rest;
  if (auto status = ParseFlags(app, words, rest)) return *status;
  Question question{{"view", view}, {"columns", columns}};
  if (at.empty() && view == "memory") at = "end";
  if (!at.empty() && !ParseAt(at, &question["at"])) {
    std::fprintf(stderr, "escapement render: %s is no moment\n", at.c_str());
    return 2;
  }
  Targets targets(library);
  std::unique_ptr<driver::Session> session;
  std::unique_ptr<driver::Playground> playground;
  if (!RunTraced(library, rest, options, targets, session, playground)) return 1;
  std::string snapshot = playground->Snapshot(question.dump()) + "\n";
  std::string kind = std::filesystem::path(path).extension().string();
  if (kind != ".svg" && kind != ".html") return WriteOut(path, snapshot) ? 0 : 1;
  if (renderer.empty()) renderer = FindRenderer();
  if (renderer.empty()) {
    std::fprintf(stderr, "escapement render: no drawing program: say -renderer web/node/render.mjs\n");
    return 1;
  }
  std::string between = path + ".snapshot.json";
  if (!WriteOut(between, snapshot)) return 1;
  pid_t child = fork();
  if (child == 0) {
    execlp("node", "node", renderer.c_str(), between.c_str(), path.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = WaitFor(child);
  std::error_code error;
  std::filesystem::remove(between, error);
  return status;
}

}  // namespace escapement::cli
