#include "engine/syntax/build_constraint.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "engine/base/unicode.h"

namespace escapement::syntax {

namespace {

constexpr int kGoMinor = 26;
constexpr int kMaxDepth = 500;

constexpr std::string_view kSystems[] = {"aix",     "android", "darwin",  "dragonfly", "freebsd", "hurd",
                                         "illumos", "ios",     "js",      "linux",     "nacl",    "netbsd",
                                         "openbsd", "plan9",   "solaris", "wasip1",    "windows", "zos"};
constexpr std::string_view kArchitectures[] = {
    "386",     "amd64",  "amd64p32", "arm",      "armbe",     "arm64",       "arm64be", "loong64",
    "mips",    "mipsle", "mips64",   "mips64le", "mips64p32", "mips64p32le", "ppc",     "ppc64",
    "ppc64le", "riscv",  "riscv64",  "s390",     "s390x",     "sparc",       "sparc64", "wasm"};
// Experiments that are on by default in 1.26 for amd64.
constexpr std::string_view kTrueTags[] = {"linux",
                                          "amd64",
                                          "gc",
                                          "unix",
                                          "amd64.v1",
                                          "goexperiment.regabiwrappers",
                                          "goexperiment.regabiargs",
                                          "goexperiment.dwarf5",
                                          "goexperiment.randomizedheapbase64",
                                          "goexperiment.greenteagc"};

template <size_t N>
bool Contains(const std::string_view (&list)[N], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// The N of go1.N, 0 for go1, or -1.
int VersionTag(std::string_view tag) {
  if (tag == "go1") return 0;
  if (!tag.starts_with("go1.") || tag.size() < 5 || tag.size() > 8) return -1;
  int n = 0;
  for (char c : tag.substr(4)) {
    if (c < '0' || c > '9') return -1;
    n = n * 10 + (c - '0');
  }
  return n;
}

// The line's text behind `//go:build`, or nothing.
std::optional<std::string_view> ConstraintText(std::string_view line) {
  constexpr std::string_view kPrefix = "//go:build";
  while (!line.empty() &&
         (line.back() == '\r' || line.back() == '\n' || line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  if (!line.starts_with(kPrefix)) return std::nullopt;
  line.remove_prefix(kPrefix.size());
  if (!line.empty() && line[0] != ' ' && line[0] != '\t') return std::nullopt;
  return line;
}

// What is known of a (sub)expression: its value, and the Go version that it and its
// negation imply at least (-1: none).
struct Result {
  bool value = false;
  int version = -1, negated_version = -1;
};

class ConstraintParser {
 public:
  ConstraintParser(std::string_view text, const BuildTags& tags) : text_(text), tags_(tags) {}

  std::optional<Result> Parse() {
    Result r = Or();
    Skip();
    if (!text_.empty()) ok_ = false;
    if (!ok_) return std::nullopt;
    return r;
  }

 private:
  void Skip() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\t')) text_.remove_prefix(1);
  }
  bool Got(std::string_view token) {
    Skip();
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }
  Result Or() {
    Result x = And();
    while (Got("||")) {
      Result y = And();
      x = {x.value || y.value, std::min(x.version, y.version),
           std::max(x.negated_version, y.negated_version)};
    }
    return x;
  }
  Result And() {
    Result x = Not();
    while (Got("&&")) {
      Result y = Not();
      x = {x.value && y.value, std::max(x.version, y.version),
           std::min(x.negated_version, y.negated_version)};
    }
    return x;
  }
  Result Not() {
    bool negate = Got("!");
    if (negate && Got("!")) ok_ = false;  // double negation is refused
    Result x = Atom();
    return negate ? Result{!x.value, x.negated_version, x.version} : x;
  }
  Result Atom() {
    if (++depth_ > kMaxDepth) ok_ = false;
    if (!ok_) return {};
    if (Got("(")) {
      Result x = Or();
      if (!Got(")")) ok_ = false;
      --depth_;
      return x;
    }
    --depth_;
    std::string_view tag = Tag();
    if (tag.empty()) ok_ = false;
    return {MatchTag(tag, tags_), VersionTag(tag), -1};
  }
  std::string_view Tag() {
    size_t end = 0;
    while (end < text_.size()) {
      base::DecodedRune d = base::DecodeRune(text_.substr(end));
      if (!base::IsLetter(d.rune) && !base::IsDigit(d.rune) && d.rune != '_' && d.rune != '.') break;
      end += static_cast<size_t>(d.width);
    }
    std::string_view tag = text_.substr(0, end);
    text_.remove_prefix(end);
    return tag;
  }

  std::string_view text_;
  BuildTags tags_;
  bool ok_ = true;
  int depth_ = 0;
};

std::optional<Result> ParseConstraint(std::string_view line, const BuildTags& tags) {
  std::optional<std::string_view> text = ConstraintText(line);
  if (!text) return std::nullopt;
  return ConstraintParser(*text, tags).Parse();
}

bool MatchName(std::string_view name, const BuildTags& tags) {
  name = name.substr(0, name.find('.'));
  size_t underscore = name.find('_');
  if (underscore == std::string_view::npos) return true;
  name.remove_prefix(underscore);
  std::vector<std::string_view> parts;
  while (!name.empty()) {
    name.remove_prefix(1);
    size_t end = std::min(name.find('_'), name.size());
    parts.push_back(name.substr(0, end));
    name.remove_prefix(end);
  }
  if (!parts.empty() && parts.back() == "test") parts.pop_back();
  size_t n = parts.size();
  if (n >= 2 && Contains(kSystems, parts[n - 2]) && Contains(kArchitectures, parts[n - 1]))
    return MatchTag(parts[n - 1], tags) && MatchTag(parts[n - 2], tags);
  if (n >= 1 && (Contains(kSystems, parts[n - 1]) || Contains(kArchitectures, parts[n - 1])))
    return MatchTag(parts[n - 1], tags);
  return true;
}

// The //go:build line of the file's header: blank lines and comments before any code.
std::string_view HeaderConstraint(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (;;) {
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t' || text[0] == '\r' || text[0] == '\n'))
      text.remove_prefix(1);
    if (text.starts_with("//")) {
      std::string_view line = text.substr(0, text.find('\n'));
      if (ConstraintText(line)) return line;
      text.remove_prefix(line.size());
    } else if (text.starts_with("/*")) {
      size_t end = text.find("*/", 2);
      if (end == std::string_view::npos) return {};
      text.remove_prefix(end + 2);
    } else {
      return {};
    }
  }
}

// Whether the `// +build` lines of the header hold: every line, in a line one of its words, in a
// word all of its comma-separated tags. They stand before the package clause with an empty line behind.
bool PlusBuildHolds(std::string_view text, const BuildTags& tags) {
  bool holds = true, pending = true;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && std::string_view(" \t\r").find(line.back()) != std::string_view::npos)
      line.remove_suffix(1);
    if (line.empty()) {
      if (!pending) holds = false;  // what stood above counts from here on
      continue;
    }
    if (!line.starts_with("//")) break;
    line.remove_prefix(2);
    while (line.starts_with(" ") || line.starts_with("\t")) line.remove_prefix(1);
    if (!line.starts_with("+build ") && !line.starts_with("+build\t")) continue;
    line.remove_prefix(6);
    bool any = false;
    while (!line.empty()) {
      while (line.starts_with(" ") || line.starts_with("\t")) line.remove_prefix(1);
      size_t stop = std::min(line.find_first_of(" \t"), line.size());
      std::string_view word = line.substr(0, stop);
      line.remove_prefix(stop);
      if (word.empty()) continue;
      bool all = true;
      while (!word.empty()) {
        std::string_view tag = word.substr(0, word.find(','));
        word.remove_prefix(std::min(tag.size() + 1, word.size()));
        bool negated = tag.starts_with("!");
        if (negated) tag.remove_prefix(1);
        all = all && MatchTag(tag, tags) != negated;
      }
      any = any || all;
    }
    pending = pending && any;
  }
  return holds;
}

}  // namespace

bool MatchTag(std::string_view tag, const BuildTags& tags) {
  if (tag == "cgo") return tags.cgo;
  if (tag == "purego" || tag == "noasm") return tags.pure;
  if (tags.generic && tag.starts_with("amd64")) return false;
  if (Contains(kTrueTags, tag)) return true;
  int version = VersionTag(tag);
  return version >= 1 && version <= kGoMinor;
}

bool MatchFile(std::string_view name, std::string_view text, const BuildTags& tags) {
  name = name.substr(name.rfind('/') + 1);
  if (name.starts_with("_") || name.starts_with(".")) return false;
  if (!MatchName(name, tags)) return false;
  std::string_view line = HeaderConstraint(text);
  if (line.empty()) return PlusBuildHolds(text, tags);
  return EvaluateConstraint(line, tags).value_or(false);
}

std::optional<bool> EvaluateConstraint(std::string_view line, const BuildTags& tags) {
  std::optional<Result> r = ParseConstraint(line, tags);
  if (!r) return std::nullopt;
  return r->value;
}

std::optional<std::string> ConstraintGoVersion(std::string_view line) {
  std::optional<Result> r = ParseConstraint(line, {});
  if (!r) return std::nullopt;
  if (r->version < 0) return "";
  return r->version == 0 ? "go1" : "go1." + std::to_string(r->version);
}

}  // namespace escapement::syntax
