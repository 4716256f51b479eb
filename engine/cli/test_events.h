// `go test -json`: the text that a test program prints as events, one JSON object a line (cmd/test2json).
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace escapement::cli {

// Cuts text into lines. A line that outgrows the buffer, and a benchmark's name before its figures, come in
// parts.
class LineCutter {
 public:
  enum class Piece { kLine, kPart };
  explicit LineCutter(size_t capacity) : capacity_(capacity) {}

  // Calls take(piece, text) for all that is complete.
  template <typename F>
  void Write(std::string_view text, F&& take);
  template <typename F>
  void Flush(F&& take) {
    if (!held_.empty()) take(Piece::kPart, std::string_view(held_));
    held_.clear();
  }

 private:
  size_t capacity_;
  std::string held_;
  bool inside_ = false;  // a part of this line went out
};

// The events of one package's test, printed as they happen.
class TestEvents {
 public:
  explicit TestEvents(std::string package);

  // What the program, or the test command about it, printed.
  void Write(std::string_view text);
  // The last event: how it all went. `failed_build` names the build that failed, if one did.
  void Finish(bool ok, const std::string& failed_build = "");

  // The events of a build that failed with this text.
  static void PrintBuildFailure(const std::string& import_path, std::string_view text);

 private:
  // A test's end, which is reported when the next test's lines begin.
  struct Report {
    std::string action, test, elapsed;
  };
  void Line(std::string_view line);
  void Update(std::string_view line, std::string_view rest, bool marked);
  bool TakeReport(std::string_view line, std::string_view whole, size_t indent, bool marked);
  void FlushReports(size_t depth);
  void Output(std::string_view text);
  auto PrintsOutput();
  void Print(std::string_view action, const std::string& test, const std::string& fields);

  std::string package_;
  std::chrono::steady_clock::time_point begin_;
  LineCutter input_, output_;
  std::string test_;  // what output belongs to
  std::vector<Report> reports_;
  std::string result_;
  bool needs_marker_ = false;  // framing lines begin with a ^V
};

}  // namespace escapement::cli
