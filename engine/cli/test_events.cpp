#include "engine/cli/test_events.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "engine/base/unicode.h"

namespace escapement::cli {

namespace {

constexpr char kMarker = 0x16;  // package testing writes it before framing lines

// A JSON string as encoding/json writes it: <, > and & escaped, bytes that are no UTF-8 replaced. (The JSON
// library of this program escapes others.)
std::string Quoted(std::string_view text) {
  constexpr std::string_view kNamed = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
  std::string out = "\"";
  while (!text.empty()) {
    const auto [rune, width] = base::DecodeRune(text);
    const std::string_view bytes = text.substr(0, static_cast<size_t>(width));
    text.remove_prefix(bytes.size());
    const size_t named = bytes.size() == 1 ? kNamed.find(bytes[0]) : std::string_view::npos;
    const bool malformed = rune == base::kRuneError && width == 1;
    if (named != std::string_view::npos) {
      out += '\\';
      out += kLetters[named];
    } else if (malformed || rune < 0x20 || rune == '<' || rune == '>' || rune == '&' || rune == 0x2028 ||
               rune == 0x2029) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(rune));
      out += buffer;
    } else {
      out += bytes;
    }
  }
  return out + '"';
}

// "0.50" as a JSON number.
std::string Number(std::string text) {
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string Now() {
  timespec now{};
  std::timespec_get(&now, TIME_UTC);
  char seconds[32], fraction[16];
  std::strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", std::gmtime(&now.tv_sec));
  std::snprintf(fraction, sizeof fraction, ".%09ld", static_cast<long>(now.tv_nsec));
  return seconds + (now.tv_nsec ? Number(fraction) : "") + "Z";
}

bool IsBenchmarkName(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  constexpr std::string_view kBenchmark = "Benchmark";
  if (!text.starts_with(kBenchmark)) return false;
  return text.size() == kBenchmark.size() || text[kBenchmark.size()] < 'a' || text[kBenchmark.size()] > 'z';
}

// How much of the text ends with a whole rune.
size_t WholeRunes(std::string_view text) {
  for (size_t back = 1; back < 4 && back <= text.size(); back++) {
    unsigned char c = static_cast<unsigned char>(text[text.size() - back]);
    if ((c & 0xc0) == 0x80) continue;
    size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    return back < length ? text.size() - back : text.size();
  }
  return text.size();
}

std::string_view WithoutNewline(std::string_view line) {
  if (!line.ends_with('\n')) return line;
  line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The first word of `text`, which loses it and the space behind.
std::string TakeWord(std::string_view& text) {
  size_t space = std::min(text.find(' '), text.size());
  std::string word(text.substr(0, space));
  text.remove_prefix(std::min(space + 1, text.size()));
  return word;
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

}  // namespace

template <typename F>
void LineCutter::Write(std::string_view text, F&& take) {
  while (!text.empty()) {
    size_t some = std::min(text.size(), capacity_ - held_.size());
    held_ += text.substr(0, some);
    text.remove_prefix(some);
    std::string_view rest = held_;
    while (!rest.empty()) {
      // A framing line may follow text without a newline.
      size_t newline = rest.find('\n'), marker = rest.find(kMarker, 1);
      size_t end = newline < marker ? newline + 1 : marker;
      if (end != std::string_view::npos) {
        take(inside_ ? Piece::kPart : Piece::kLine, rest.substr(0, end));
        inside_ = false;
        rest.remove_prefix(end);
        continue;
      }
      size_t tab = inside_ ? std::string_view::npos : rest.find('\t');
      if (tab == std::string_view::npos || !IsBenchmarkName(rest.substr(0, tab))) break;
      take(Piece::kPart, rest.substr(0, tab + 1));
      inside_ = true;
      rest.remove_prefix(tab + 1);
      break;
    }
    if (rest.size() == capacity_) {
      size_t whole = WholeRunes(rest);
      take(Piece::kPart, rest.substr(0, whole));
      inside_ = true;
      rest.remove_prefix(whole);
    }
    held_ = std::string(rest);
  }
}

TestEvents::TestEvents(std::string package)
    : package_(std::move(package)), begin_(std::chrono::steady_clock::now()), input_(4096), output_(1024) {
  Print("start", "", "");
}

void TestEvents::Print(std::string_view action, const std::string& test, const std::string& fields) {
  std::string text =
      "{\"Time\":\"" + Now() + "\",\"Action\":" + Quoted(action) + ",\"Package\":" + Quoted(package_);
  const std::string& name = test.empty() ? test_ : test;
  if (!name.empty()) text += ",\"Test\":" + Quoted(name);
  text += fields + "}\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// Takes a piece of what the output's cutter gives.
auto TestEvents::PrintsOutput() {
  return [this](LineCutter::Piece, std::string_view piece) {
    Print("output", "", ",\"Output\":" + Quoted(piece));
  };
}

void TestEvents::Output(std::string_view text) {
  output_.Write(text, PrintsOutput());
}

void TestEvents::Write(std::string_view text) {
  input_.Write(text, [&](LineCutter::Piece piece, std::string_view line) {
    if (piece == LineCutter::Piece::kLine)
      Line(line);
    else
      Output(line);
  });
}

void TestEvents::FlushReports(size_t depth) {
  test_.clear();
  for (; reports_.size() > depth; reports_.pop_back()) {
    const Report& r = reports_.back();
    Print(r.action, r.test, r.elapsed.empty() ? "" : ",\"Elapsed\":" + r.elapsed);
  }
}

void TestEvents::Line(std::string_view line) {
  if (needs_marker_ && line[0] != kMarker) return Output(line);
  const bool marked = line[0] == kMarker;
  if (marked) {
    output_.Flush(PrintsOutput());
    line.remove_prefix(1);
  }
  std::string_view text = WithoutNewline(line);
  if (text == "=== NAME") return Update("=== NAME  \n", "NAME  ", marked);
  if (text == "PASS" || text == "FAIL" || text.starts_with("FAIL\t")) {
    FlushReports(0);
    needs_marker_ = marked;
    Output(line);
    result_ = text == "PASS" ? "pass" : "fail";
    return;
  }
  if (line.starts_with("?   \t") && text.ends_with("\t[no test files]") && reports_.empty()) result_ = "skip";
  for (std::string_view word :
       {"RUN   ", "PAUSE ", "CONT  ", "NAME  ", "PASS  ", "FAIL  ", "SKIP  ", "ATTR  ", "ARTIFACTS "})
    if (line.starts_with("=== ") && line.substr(4).starts_with(word))
      return Update(line, text.substr(4), marked);
  size_t indent = 0;
  std::string_view inner = line;
  for (; inner.starts_with("    "); inner.remove_prefix(4)) indent++;
  if (TakeReport(inner, line, indent, marked)) return;
  // Indented text belongs to the test that reported at that depth.
  if (indent > 0 && indent <= reports_.size()) test_ = reports_[indent - 1].test;
  Output(line);
}

// `=== RUN   Name` and its like.
void TestEvents::Update(std::string_view line, std::string_view rest, bool marked) {
  std::string action = TakeWord(rest);
  std::transform(action.begin(), action.end(), action.begin(), [](char c) { return c | 0x20; });
  rest = Trimmed(rest);
  std::string name, fields;
  if (action == "attr" || action == "artifacts") {
    name = TakeWord(rest);
    if (action == "attr") {
      std::string key = TakeWord(rest);
      if (!key.empty()) fields = ",\"Key\":" + Quoted(key);
      if (!rest.empty()) fields += ",\"Value\":" + Quoted(rest);
    } else if (!rest.empty()) {
      fields = ",\"Path\":" + Quoted(rest);
    }
  } else {
    name = std::string(rest);
  }
  needs_marker_ = marked;
  FlushReports(0);
  test_ = name;
  if (action == "name") return;
  // A test pauses after its line is out.
  if (action == "pause") Output(line);
  Print(action, "", fields);
  if (action != "pause") Output(line);
}

// `--- PASS: Name (0.00s)`, which ends a test at its depth; false if the line is none.
bool TestEvents::TakeReport(std::string_view line, std::string_view whole, size_t indent, bool marked) {
  std::string action;
  for (std::string_view word : {"pass", "fail", "skip", "bench"}) {
    std::string head = "--- " + std::string(word) + ": ";
    std::transform(head.begin(), head.end(), head.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? c & ~0x20 : c; });
    if (line.starts_with(head)) action = word;
  }
  if (action.empty()) return false;
  if (reports_.size() < indent) {
    Output(whole);
    return true;
  }
  std::string name(Trimmed(line.substr(action.size() + 6))), elapsed;
  if (size_t at = name.find(" ("); at != std::string::npos) {
    if (name.ends_with("s)")) elapsed = Number(name.substr(at + 2, name.size() - at - 4));
    name.resize(at);
  }
  needs_marker_ = marked;
  FlushReports(indent);
  test_ = name;
  reports_.push_back({action, name, elapsed});
  Output(whole);
  return true;
}

void TestEvents::Finish(bool ok, const std::string& failed_build) {
  auto out = [&](LineCutter::Piece, std::string_view piece) { Output(piece); };
  input_.Flush(out);
  output_.Flush(PrintsOutput());
  if (!ok)
    result_ = "fail";
  else if (result_ != "skip")
    result_ = "pass";
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f",
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count());
  std::string fields = ",\"Elapsed\":" + Number(seconds);
  if (!failed_build.empty()) fields += ",\"FailedBuild\":" + Quoted(failed_build);
  Print(result_, "", fields);
  std::fflush(stdout);
}

void TestEvents::PrintBuildFailure(const std::string& import_path, std::string_view text) {
  const std::string head = "{\"ImportPath\":" + Quoted(import_path) + ",\"Action\":";
  for (size_t end; !text.empty(); text.remove_prefix(end)) {
    end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::printf("%s\"build-output\",\"Output\":%s}\n", head.c_str(), Quoted(text.substr(0, end)).c_str());
  }
  std::printf("%s\"build-fail\"}\n", head.c_str());
}

}  // namespace escapement::cli
