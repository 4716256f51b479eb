// time_travel: checks one program's time travel from inside, where a thousand moments cost what one process
// does.
//
//   time_travel [run flags] [--moments N] [--dice N] f.go [args]
//
// 1. Inspections at N random moments, asked in random order of a run that has ended, are byte for byte those
// of
//    another run that goes straight there; a line forward, a line back and a line forward again come to the
//    same answer.
// 2. A machine that is saved at a random step, runs on, is restored and runs on again leaves the trace of a
// run
//    that was never disturbed.
// Prints what is wrong, then one line of figures; the status is 1 when something was wrong.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>

#include "engine/cli/disk_tree.h"
#include "engine/cli/goroot_source.h"
#include "engine/cli/run_flags.h"
#include "engine/driver/playground.h"
#include "engine/driver/run_state.h"
#include "engine/stdlib/overlay.h"

namespace escapement {
namespace {

using Json = nlohmann::json;

// A saved machine runs on for at most so many steps: collections at every allocation take their time.
constexpr uint64_t kMostReplayed = 300000;

double Milliseconds() {
  return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct Program {
  std::vector<driver::SourceInput> files;
  driver::RunOptions options;
  driver::Library& library;
};

// A run whose insides can be reached.
struct Open {
  explicit Open(const Program& program) {
    auto made = std::make_unique<driver::Run::State>(program.library, program.options);
    state = made.get();
    driver::CompileFlags flags;
    flags.snippet = program.options.snippet;
    ready = state->compilation.CheckSources(program.files, flags) && state->Load().empty();
    run = std::make_unique<driver::Run>(std::move(made));
  }
  // Runs to a step, or to the program's end.
  void RunTo(uint64_t step) {
    vm::Result result;
    do result = state->machine.RunTo(step);
    while (result.status == vm::RunStatus::kNeedsCode && state->executable.Compile(result.function));
    if (result.status != vm::RunStatus::kExited) return;
    state->exited = true;
    state->exit_status = result.exit_code;
  }
  uint64_t steps() const { return state->machine.state().world.steps; }

  bool ready = false;
  driver::Run::State* state;
  std::unique_ptr<driver::Run> run;
};

std::string At(const trace::Moment& m) {
  return std::to_string(m.event) + "," + std::to_string(m.step) + "," + std::to_string(m.statement);
}

Json Question(const trace::Moment& m) {
  Json at{{"moment", {{"event", m.event}, {"step", m.step}, {"statement", m.statement}}}};
  return {{"at", std::move(at)}};
}

trace::Moment MomentOf(const std::string& answer) {
  // An answer begins with its moment; the rest need not be read.
  trace::Moment m;
  unsigned long long e = 0, s = 0, k = 0;
  if (std::sscanf(answer.c_str(), R"({"moment":{"event":%llu,"step":%llu,"statement":%llu}})", &e, &s, &k) ==
      3)
    m = {e, s, k};
  return m;
}

std::string FirstDifference(const std::string& one, const std::string& other) {
  constexpr size_t kBefore = 60, kLength = 160;
  size_t at = 0;
  while (at < one.size() && at < other.size() && one[at] == other[at]) ++at;
  size_t from = at < kBefore ? 0 : at - kBefore;
  return ":\n      " + one.substr(from, kLength) + "\n      " +
         other.substr(std::min(from, other.size()), kLength);
}

class Check {
 public:
  Check(const Program& program, uint64_t dice) : program_(program), dice_(dice) {}

  bool Moments(size_t count);
  bool Restores(size_t count);
  bool ok() const { return ok_; }
  uint64_t steps() const { return steps_; }
  double slowest() const { return slowest_; }
  size_t asked() const { return asked_; }
  size_t saves() const { return saves_; }

 private:
  uint64_t Below(uint64_t n) { return n == 0 ? 0 : dice_() % n; }
  void Wrong(const std::string& what) {
    ok_ = false;
    std::printf("    %s\n", what.c_str());
  }
  std::string Ask(driver::Playground& playground, const Json& question) {
    double begin = Milliseconds();
    std::string answer = playground.Inspect(question.dump());
    slowest_ = std::max(slowest_, Milliseconds() - begin);
    ++asked_;
    return answer;
  }
  static std::unique_ptr<driver::Playground> Adopt(Open& open, const Program& program) {
    auto playground = std::make_unique<driver::Playground>(program.library.source());
    playground->Adopt(std::move(open.run), program.files, {}, program.options);
    return playground;
  }

  const Program& program_;
  std::mt19937_64 dice_;
  bool ok_ = true;
  uint64_t steps_ = 0, hash_ = 0;
  double slowest_ = 0;
  size_t asked_ = 0, saves_ = 0;
};

bool Check::Moments(size_t count) {
  Open traveller(program_);
  if (!traveller.ready) return false;
  // Keyframes at a few places of its own choice and ours.
  trace::Log& log = traveller.state->log;
  while (!traveller.state->exited) {
    traveller.RunTo(traveller.steps() + 5000 + Below(traveller.steps() + 20000));
    traveller.state->inspector.Keep(traveller.steps() < 2000000 && Below(2) == 0);
  }
  if (!traveller.state->exited) return false;
  steps_ = traveller.steps();
  hash_ = log.Hash();
  uint64_t events = log.size();
  auto playground = Adopt(traveller, program_);
  playground->RunToEnd();

  std::vector<std::pair<trace::Moment, std::string>> answers;
  for (size_t i = 0; i < count; ++i) {
    Json question{{"at", i % 2 == 0 ? Json{{"step", Below(steps_)}} : Json{{"event", Below(events)}}}};
    std::string answer = Ask(*playground, question);
    if (answer == "null") {
      Wrong("no answer to " + question.dump());
      continue;
    }
    trace::Moment here = MomentOf(answer);
    if (answer.find("\"ended\":true") < 120) continue;
    answers.emplace_back(here, std::move(answer));
    if (i % 5 != 0) continue;
    Json forward = Question(here);
    forward["move"] = {{"by", "line"}, {"library", true}};
    std::string on = Ask(*playground, forward);
    if (on == "null") continue;
    Json backward = Question(MomentOf(on));
    backward["move"] = {{"by", "line"}, {"library", true}, {"back", true}};
    std::string back = Ask(*playground, backward);
    if (back == "null") continue;  // the first line of all
    Json again = Question(MomentOf(back));
    again["move"] = {{"by", "line"}, {"library", true}};
    if (Ask(*playground, again) != on) Wrong(At(here) + ": forward, back and forward is not forward");
    answers.emplace_back(MomentOf(back), std::move(back));
  }

  Open straight(program_);
  if (!straight.ready) return false;
  auto direct = Adopt(straight, program_);
  std::stable_sort(answers.begin(), answers.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 0; i < answers.size(); ++i) {
    const auto& [moment, answer] = answers[i];
    if (i > 0 && answers[i - 1].first == moment) {
      if (answers[i - 1].second != answer) Wrong(At(moment) + ": two answers to one question");
    } else if (std::string other = direct->InspectStraight(Question(moment).dump()); other != answer) {
      Wrong(At(moment) + ": differs from a run that goes straight there" + FirstDifference(answer, other));
    }
  }
  return true;
}

bool Check::Restores(size_t count) {
  Open straight(program_);
  if (!straight.ready) return false;
  straight.RunTo(steps_ != 0 ? steps_ : kMostReplayed);
  uint64_t length = straight.steps();
  if (steps_ != 0 && straight.state->exited && straight.state->log.Hash() != hash_)
    Wrong("a run with keyframes leaves another trace than one without");
  for (size_t i = 0; i < count; ++i) {
    uint64_t at = Below(length), end = std::min(length, at + kMostReplayed);
    Open disturbed(program_);
    disturbed.RunTo(at);
    vm::Machine& machine = disturbed.state->machine;
    vm::State saved = machine.Save();
    trace::LogPosition position = disturbed.state->log.position();
    disturbed.RunTo(end);
    uint64_t before = disturbed.state->log.Hash();
    machine.Restore(saved);
    disturbed.state->log.Rewind(position);
    disturbed.state->executable.Relink();
    disturbed.RunTo(end);
    if (disturbed.state->log.Hash() != before)
      Wrong("saved at step " + std::to_string(at) + " and restored: another trace");
    Open undisturbed(program_);
    undisturbed.RunTo(end);
    if (undisturbed.state->log.Hash() != before)
      Wrong("saved at step " + std::to_string(at) + ": another trace than without");
    ++saves_;
  }
  return true;
}

int Main(int argc, char** argv) {
  CLI::App app("Checks a program's time travel.", "time_travel");
  driver::RunOptions options;
  size_t moments = 50, saves = 2;
  uint64_t dice = 1;
  cli::AddRunFlags(app, options);
  app.add_option("--moments", moments);
  app.add_option("--saves", saves);
  app.add_option("--dice", dice);
  cli::Words rest;
  if (auto status = cli::ParseFlags(app, cli::Words(argv + 1, argv + argc), rest)) return *status;
  auto goroot = cli::FindGoroot();
  std::optional<std::string> text;
  if (!rest.empty()) text = cli::ReadFile(rest[0]);
  if (!goroot || !text) {
    std::fprintf(stderr, "time_travel: needs a Go distribution and a Go file\n");
    return 2;
  }
  options.trace = true;
  options.input.assign(std::istreambuf_iterator<char>(std::cin), {});
  options.host_files = cli::DiskFiles();
  options.arguments.assign(rest.begin() + 1, rest.end());
  cli::GorootSource distribution(*goroot);
  stdlib::OverlaySource source(distribution);
  driver::Library library(source);
  std::string base = rest[0].substr(rest[0].rfind('/') + 1);
  Program program{{{"./" + base, *text, "/tmp/sandbox/" + base}}, options, library};
  Check check(program, dice);
  bool ran = (moments == 0 || check.Moments(moments)) && (saves == 0 || check.Restores(saves));
  if (!ran) std::printf("    the run does not end\n");
  std::printf("%s: %llu steps, %zu inspections, slowest %.1f ms; %zu saves\n", base.c_str(),
              static_cast<unsigned long long>(check.steps()), check.asked(), check.slowest(), check.saves());
  return ran && check.ok() ? 0 : 1;
}

}  // namespace
}  // namespace escapement

int main(int argc, char** argv) {
  return escapement::Main(argc, argv);
}
