#include "engine/modules/mod_file.h"

#include <algorithm>

namespace escapement::modules {

namespace {

// The words of a line: quotes removed, comments dropped, `=>` and parentheses words of their own.
std::vector<std::string> LineWords(std::string_view line) {
  std::vector<std::string> words;
  size_t at = 0;
  while (at < line.size()) {
    char c = line[at];
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at;
    } else if (line.substr(at).starts_with("//")) {
      break;
    } else if (c == '"' || c == '`') {
      size_t end = std::min(line.find(c, at + 1), line.size());
      words.emplace_back(line.substr(at + 1, end - at - 1));
      at = end + 1;
    } else if (c == '(' || c == ')') {
      words.emplace_back(1, c);
      ++at;
    } else {
      size_t end = at;
      while (end < line.size() && std::string_view(" \t\r()").find(line[end]) == std::string_view::npos &&
             !line.substr(end).starts_with("//"))
        ++end;
      words.emplace_back(line.substr(at, end - at));
      at = std::max(end, at + 1);
    }
  }
  return words;
}

void ReadLine(ModFile& file, const std::string& verb, const std::vector<std::string>& words, uint32_t line) {
  if (verb == "module" && !words.empty()) {
    file.module = words[0];
  } else if (verb == "go" && !words.empty()) {
    file.go_version = words[0];
    if (uint16_t minor = GoMinor(words[0])) file.go = minor;
  } else if (verb == "require" && words.size() >= 2) {
    file.require.push_back({words[0], words[1]});
  } else if (verb == "use" && !words.empty()) {
    file.use.push_back(words[0]);
  } else if (verb == "godebug" && words.size() == 1) {
    if (size_t equals = words[0].find('='); equals != std::string::npos)
      file.godebug.push_back({words[0].substr(0, equals), words[0].substr(equals + 1), line});
  } else if (verb == "replace") {
    auto arrow = std::find(words.begin(), words.end(), "=>");
    std::vector<std::string> old(words.begin(), arrow);
    std::vector<std::string> now(arrow == words.end() ? arrow : arrow + 1, words.end());
    if (old.empty() || now.empty()) return;
    file.replace.push_back({{old[0], old.size() > 1 ? old[1] : ""}, {now[0], now.size() > 1 ? now[1] : ""}});
  }
}

bool IsNumber(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int CompareNumbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

std::string_view Cut(std::string_view& text, char separator) {
  size_t end = text.find(separator);
  std::string_view head = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return head;
}

int ComparePrerelease(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.empty() && b.empty() ? 0 : a.empty() ? 1 : -1;
  while (!a.empty() && !b.empty()) {
    std::string_view x = Cut(a, '.'), y = Cut(b, '.');
    bool nx = IsNumber(x), ny = IsNumber(y);
    int order = nx != ny ? (nx ? -1 : 1) : nx ? CompareNumbers(x, y) : x.compare(y);
    if (order != 0) return order;
  }
  return a.empty() && b.empty() ? 0 : a.empty() ? -1 : 1;
}

}  // namespace

ModFile ParseModFile(std::string_view text) {
  ModFile file;
  std::string block;
  for (uint32_t line = 1; !text.empty(); ++line) {
    size_t end = std::min(text.find('\n'), text.size());
    std::vector<std::string> words = LineWords(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words.empty()) continue;
    if (!block.empty()) {
      if (words[0] == ")")
        block.clear();
      else
        ReadLine(file, block, words, line);
      continue;
    }
    std::string verb = words[0];
    words.erase(words.begin());
    if (!words.empty() && words[0] == "(")
      block = verb;
    else
      ReadLine(file, verb, words, line);
  }
  return file;
}

uint16_t GoMinor(std::string_view version) {
  if (version.starts_with("go")) version.remove_prefix(2);
  if (!version.starts_with("1.")) return 0;
  uint16_t minor = 0;
  for (char c : version.substr(2)) {
    if (c < '0' || c > '9' || minor > 999) break;
    minor = static_cast<uint16_t>(minor * 10 + (c - '0'));
  }
  return minor;
}

bool IsNewerGo(std::string_view version, std::string_view release) {
  if (uint16_t a = GoMinor(version), b = GoMinor(release); a != b) return a > b;
  // 1.26 < 1.26rc1 < 1.26.0
  auto patch = [](std::string_view v) {
    size_t dot = v.find('.', 2);
    return dot == std::string_view::npos ? std::string_view() : v.substr(dot + 1);
  };
  return CompareNumbers(patch(version), patch(release)) > 0;
}

int CompareVersions(std::string_view a, std::string_view b) {
  auto split = [](std::string_view v) {
    if (v.starts_with("v")) v.remove_prefix(1);
    v = v.substr(0, v.find('+'));
    std::string_view release = Cut(v, '-');
    return std::pair(release, v);
  };
  auto [x, x_pre] = split(a);
  auto [y, y_pre] = split(b);
  for (int i = 0; i < 3; ++i)
    if (int order = CompareNumbers(Cut(x, '.'), Cut(y, '.')); order != 0) return order;
  return ComparePrerelease(x_pre, y_pre);
}

std::string CacheName(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') {
      out += '!';
      c = static_cast<char>(c - 'A' + 'a');
    }
    out += c;
  }
  return out;
}

}  // namespace escapement::modules
