// `escapement test`: compiles the tests of packages with the real package testing, runs them on the
// modelled runtime, and reports as `go test` does.
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>
#include <set>

#include "engine/cli/commands.h"
#include "engine/cli/run_flags.h"
#include "engine/cli/test_events.h"
#include "engine/driver/project.h"
#include "engine/export/trace_export.h"
#include "engine/modules/test_main.h"

namespace escapement::cli {

namespace {

constexpr char kHelp[] =
    R"(Runs tests, examples and benchmarks as `go test` does.

usage: escapement test [flags] [packages | f_test.go... | f.txtar] [-args ...]

  -run -skip -bench -list REGEXP   what runs, or is listed
  -v -short -failfast -benchmem    as go test's
  -benchtime 20x  -count N  -cpu 1  -timeout D  -parallel N  -shuffle S  -fullpath
  -memprofile F                    writes where the test allocated, for go tool pprof
  -json                            events instead of text, one JSON object a line
  -seed N                          seed of everything that Go draws at random
)";

// Flags that package testing understands, given as -test.NAME to the program.
const std::set<std::string>& TestSwitches() {
  static const std::set<std::string> names = {"v", "short", "failfast", "benchmem", "fullpath"};
  return names;
}
const std::set<std::string>& TestValues() {
  static const std::set<std::string> names = {"run",
                                              "skip",
                                              "bench",
                                              "benchtime",
                                              "count",
                                              "cpu",
                                              "timeout",
                                              "parallel",
                                              "list",
                                              "shuffle",
                                              "fuzz",
                                              "fuzztime",
                                              "fuzzminimizetime",
                                              "blockprofilerate",
                                              "memprofilerate",
                                              "mutexprofilefraction"};
  return names;
}
// Flags of the build that change nothing here.
const std::set<std::string>& IgnoredSwitches() {
  static const std::set<std::string> names = {"a", "x", "trimpath", "modcacherw", "work", "artifacts"};
  return names;
}
const std::set<std::string>& IgnoredValues() {
  static const std::set<std::string> names = {"vet",     "p",        "mod",      "gcflags",
                                              "ldflags", "asmflags", "buildvcs", "tags"};
  return names;
}

// Flags of go test that ask for what is not there.
const std::set<std::string>& RefusedFlags() {
  static const std::set<std::string> names = {
      "cover",        "covermode", "coverpkg", "coverprofile", "race",       "msan",  "asan",      "c", "o",
      "exec",         "toolexec",  "overlay",  "modfile",      "cpuprofile", "trace", "outputdir", "C", "pgo",
      "blockprofile", "i",         "n",        "mutexprofile"};
  return names;
}

struct TestFlags {
  Words packages;
  Words program;  // what the test program gets
  uint64_t seed = 1;
  std::string memory_profile;
  bool show_pass = false;  // -v, -list
  bool bench = false;
  bool vet = true;
  bool failfast = false;
  bool json = false;
  bool refused = false;  // the error is about a flag of go test's that is not there
};

// The end of a command line that cannot be read.
int Usage(const std::string& sentence, bool refused) {
  if (refused) {
    std::fprintf(stderr, "%s\n", sentence.c_str());
    return 2;
  }
  std::fprintf(stderr,
               "%s\nusage: go test [build/test flags] [packages] [build/test flags & test binary flags]\nRun "
               "'go help test' and 'go help testflag' for details.\n",
               sentence.c_str());
  return 2;
}

bool IsInteger(const std::string& text) {
  size_t digits = text.find_first_not_of("0123456789", !text.empty() && (text[0] == '-' || text[0] == '+'));
  return digits == std::string::npos && !text.empty() && std::isdigit(text.back());
}

// A time.Duration's text: numbers, each with its unit.
bool IsDuration(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text == "0") return true;
  bool any = false;
  while (!text.empty()) {
    size_t number = std::min(text.find_first_not_of("0123456789."), text.size());
    if (number == 0 || text.substr(0, number) == ".") return false;
    text.remove_prefix(number);
    size_t unit = std::min(text.find_first_of("0123456789."), text.size());
    static const std::set<std::string_view> units = {"ns", "us", "µs", "μs", "ms", "s", "m", "h"};
    if (units.count(text.substr(0, unit)) == 0) return false;
    text.remove_prefix(unit);
    any = true;
  }
  return any;
}

// What go test itself says of a flag's value: an error sentence, or "".
std::string CheckValue(const std::string& flag, const std::string& value) {
  static const std::set<std::string> booleans = {"1", "t", "T", "TRUE",  "true",  "True",
                                                 "0", "f", "F", "FALSE", "false", "False"};
  bool boolean = booleans.count(value) != 0;
  if (flag == "v" && !boolean && value != "test2json")
    return "invalid boolean value \"" + value + "\" for -v: invalid flag -test.v=" + value;
  if (flag != "v" && TestSwitches().count(flag) && !boolean)
    return "invalid boolean value \"" + value + "\" for -" + flag + ": parse error";
  if (((flag == "count" || flag == "parallel") && !IsInteger(value)) ||
      (flag == "timeout" && !IsDuration(value)))
    return "invalid value \"" + value + "\" for flag -" + flag + ": parse error";
  return "";
}

// One flag at `words[i]`; moves `i` over its value. An error sentence, or "".
std::string TakeFlag(const Words& words, size_t& i, TestFlags& out) {
  std::string flag = words[i].substr(words[i][1] == '-' ? 2 : 1), value;
  bool has_value = false;
  if (size_t equals = flag.find('='); equals != std::string::npos) {
    value = flag.substr(equals + 1);
    flag.resize(equals);
    has_value = true;
  }
  if (flag.starts_with("test.")) flag.erase(0, 5);
  if (RefusedFlags().count(flag)) {
    out.refused = true;
    return "escapement test has no -" + flag;
  }
  if (flag == "json") {
    out.json = value != "false";
    return "";
  }
  bool is_switch = TestSwitches().count(flag) || IgnoredSwitches().count(flag);
  bool takes_value =
      TestValues().count(flag) || IgnoredValues().count(flag) || flag == "seed" || flag == "memprofile";
  if (!is_switch && !takes_value) {
    // Not go test's: the test program's own.
    out.program.push_back(words[i]);
    return "";
  }
  if (takes_value && !has_value) {
    if (i + 1 >= words.size()) return "flag needs an argument: -" + flag;
    value = words[++i];
  }
  if (is_switch && !has_value) value = "true";
  if (std::string error = CheckValue(flag, value); !error.empty()) return error;
  if (flag == "vet") out.vet = value != "off";
  if (flag == "memprofile") out.memory_profile = value;
  if (flag == "seed") out.seed = std::strtoull(value.c_str(), nullptr, 10);
  if (TestSwitches().count(flag) || TestValues().count(flag))
    out.program.push_back("-test." + flag + "=" + value);
  if ((flag == "v" && value != "false") || flag == "list") out.show_pass = true;
  if (flag == "bench" && !value.empty()) out.bench = true;
  if (flag == "failfast") out.failfast = value == "true";
  return "";
}

std::string ParseTestFlags(const Words& words, TestFlags& out) {
  out.program.push_back("-test.paniconexit0");
  bool timeout = false, listed = false;  // listed: the packages are known, later words are the program's
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    bool is_flag = word.size() > 1 && word[0] == '-';
    bool args = word == "-args" || word == "--args";
    if (args || (!is_flag && listed)) {
      out.program.insert(out.program.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + args,
                         words.end());
      break;
    }
    if (!is_flag) {
      out.packages.push_back(word);
      continue;
    }
    listed = listed || !out.packages.empty();
    size_t before = out.program.size();
    if (std::string error = TakeFlag(words, i, out); !error.empty()) return error;
    if (out.program.size() == before) continue;
    timeout = timeout || out.program.back().starts_with("-test.timeout=");
    // What follows a flag that is the program's own may be its value.
    listed = listed || !out.program.back().starts_with("-test.");
  }
  if (out.json) {
    std::erase_if(out.program, [](const std::string& word) { return word.starts_with("-test.v="); });
    out.program.insert(out.program.begin() + 1, "-test.v=test2json");
  }
  if (!timeout) out.program.insert(out.program.begin() + 1, "-test.timeout=10m0s");
  return "";
}

// One package's test.
class TestRun {
 public:
  TestRun(Targets& targets, const TestFlags& flags) : targets_(targets), flags_(flags) {
    stream_ = !flags.json &&
              (flags.packages.empty() || flags.bench || (flags.show_pass && targets.packages().size() == 1));
  }

  // Prints, as `go test` does, that a word names no package.
  bool Missing(const Targets::Missing& missing) {
    return NotRun("# " + missing.word + "\n" + missing.error + "\n", missing.word, "setup failed");
  }

  // Looks at the imports and the tests' signatures; prints what is wrong, as `go test` does before it
  // compiles anything.
  bool SetUp(const modules::Package& package) {
    std::vector<std::string> errors = targets_.program().ImportErrors(package, /*tests=*/true);
    if (errors.empty())
      if (std::string error = modules::MakeTestMain(package).error; !error.empty())
        errors.push_back(error + "\n");
    if (errors.empty()) return true;
    std::string text;
    for (const std::string& error : errors) text += "# " + package.path + "\n" + error;
    return NotRun(text, package.path, "setup failed");
  }

  // Prints what `go test` would; whether all is well.
  bool Run(const modules::Package& package) {
    const char* path = package.path.c_str();
    if (package.tests.empty() && package.external_tests.empty()) return NoTests(package);
    driver::Session session(targets_.program());
    driver::Test test = Prepare(session, package);
    if (!test.errors.empty()) return NotRun(test.errors, path, "build failed");
    driver::RunOptions options;
    StartHere(options);
    options.program = driver::ExecutablePath(package.path, /*tests=*/true);
    options.arguments = flags_.program;
    options.seed = flags_.seed;
    options.string_variables = {{"testing.testBinary", "1"}};  // testing.Testing
    options.godebug = test.godebug;
    options.one_output = true;
    options.trace = !flags_.memory_profile.empty();
    options.environment.push_back("PWD=" + package.directory);
    targets_.GiveFiles(options, package.directory);
    driver::CheckResult result;
    auto run = session.Start(test.main, options, result);
    if (!run)
      return NotRun("# " + package.path + ".test\n" + driver::Print(result.messages), path, "build failed");
    if (flags_.json) events_.emplace(package.path);
    auto begin = std::chrono::steady_clock::now();
    int status = Execute(*run);
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (options.trace) WriteProfile(*run);
    return Report(path, status, seconds);
  }

 private:
  // What go vet says counts as errors here.
  driver::Test Prepare(driver::Session& session, const modules::Package& package) {
    driver::Test test = driver::PrepareTest(session, targets_.program(), package, flags_.vet);
    if (test.errors.empty())
      for (const driver::Warnings& w : test.warnings)
        test.errors += "# " + w.path + "\n# [" + w.path + "]\n" + w.lines;
    return test;
  }

  bool NoTests(const modules::Package& package) {
    driver::Session session(targets_.program());
    const driver::Test test = Prepare(session, package);
    if (!test.errors.empty()) return NotRun(test.errors, package.path, "build failed");
    if (flags_.json) events_.emplace(package.path);
    Print("?   \t" + package.path + "\t[no test files]\n");
    if (events_) events_->Finish(true);
    return true;
  }

  // Prints the errors of a package whose tests cannot run; false.
  bool NotRun(const std::string& errors, const std::string& path, const char* why) {
    std::string line = "FAIL\t" + path + " [" + why + "]\n";
    if (!flags_.json) {
      std::fputs(errors.c_str(), stderr);
      Print(line);
      std::fflush(stdout);
      return false;
    }
    // The build is named as in the errors' first line: "# path [path.test]".
    std::string build = path;
    if (errors.starts_with("# ")) build = errors.substr(2, errors.find('\n') - 2);
    TestEvents::PrintBuildFailure(build, errors);
    events_.emplace(path);
    Print(line);
    events_->Finish(false, build);
    return false;
  }

  int Execute(driver::Run& run) {
    driver::RunState state;
    do {
      state = run.Step(kSliceSteps);
      std::string text = run.TakeOutput();
      if (stream_ || events_) Print(text);
      output_ += text;
    } while (state == driver::RunState::kRunning);
    return run.exit_status();
  }

  // Where the allocations of the whole run were, as `go tool pprof` reads it.
  void WriteProfile(const driver::Run& run) {
    std::ofstream file(flags_.memory_profile, std::ios::binary);
    exporting::WritePprof(run.log(), [&file](std::string_view piece) { file << piece; });
  }

  void Print(const std::string& text) {
    if (events_) {
      events_->Write(text);
    } else {
      std::fwrite(text.data(), 1, text.size(), stdout);
    }
    std::fflush(stdout);
  }

  bool Report(const std::string& path, int status, double seconds) {
    bool ended = output_.empty() || output_.back() == '\n';
    char time[32];
    std::snprintf(time, sizeof time, "%.3fs", seconds);
    if (status == 0) {
      bool captured = !stream_ || (flags_.show_pass && !flags_.bench && !flags_.packages.empty());
      bool no_run =
          captured && ("\n" + output_).find("\ntesting: warning: no tests to run\n") != std::string::npos;
      if (!events_ && !stream_ && flags_.show_pass) Print(output_);
      if (!ended && (events_ || stream_ || flags_.show_pass)) Print("\n");
      Print("ok  \t" + path + "\t" + time + (no_run ? " [no tests to run]\n" : "\n"));
      if (events_) events_->Finish(true);
      return true;
    }
    if (!events_ && !stream_) Print(output_);
    // A streamed run's output is not looked at, as in Go.
    if (output_.empty() || (stream_ && !flags_.show_pass) || (stream_ && flags_.bench))
      Print("exit status " + std::to_string(status) + "\n");
    else if (!ended)
      Print("\n");
    Print("FAIL\t" + path + "\t" + time + "\n");
    if (events_) events_->Finish(false);
    return false;
  }

  Targets& targets_;
  const TestFlags& flags_;
  bool stream_ = false;
  std::string output_;
  std::optional<TestEvents> events_;
};

}  // namespace

int TestCommand(stdlib::LibrarySource& library, const Words& words) {
  if (words.size() == 1 && (words[0] == "-h" || words[0] == "--help" || words[0] == "-help")) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  TestFlags flags;
  if (std::string error = ParseTestFlags(words, flags); !error.empty()) return Usage(error, flags.refused);
  Targets targets(library);
  if (!targets.OpenForTest(flags.packages)) return 1;
  if (targets.packages().empty() && targets.missing().empty()) {
    std::fprintf(stderr, "no packages to test\n");
    return 1;
  }
  bool ok = targets.missing().empty();
  for (const Targets::Missing& missing : targets.missing()) TestRun(targets, flags).Missing(missing);
  std::vector<const modules::Package*> sound;
  for (const modules::Package* package : targets.packages())
    if (TestRun(targets, flags).SetUp(*package))
      sound.push_back(package);
    else
      ok = false;
  for (const modules::Package* package : sound) {
    ok = TestRun(targets, flags).Run(*package) && ok;
    std::fflush(stdout);
    if (!ok && flags.failfast) break;
  }
  // Without package names the status says enough.
  if (!ok && !flags.json && !flags.packages.empty()) std::printf("FAIL\n");
  return ok ? 0 : 1;
}

}  // namespace escapement::cli
