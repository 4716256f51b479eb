#include "engine/modules/embed.h"

#include <algorithm>
#include <map>

#include "engine/base/sort.h"
#include "engine/modules/quote.h"

namespace escapement::modules {

namespace {

constexpr std::string_view kDirective = "//go:embed";

bool IsEmbedDirective(std::string_view code) {
  return code.starts_with(kDirective) && code.size() > kDirective.size() &&
         (code[kDirective.size()] == ' ' || code[kDirective.size()] == '\t');
}

// path.Match for one element or a whole path: *, ?, [a-z], \c.
bool Match(std::string_view pattern, std::string_view name) {
  while (!pattern.empty()) {
    char p = pattern[0];
    if (p == '*') {
      for (size_t skip = 0;; ++skip) {
        if (Match(pattern.substr(1), name.substr(skip))) return true;
        if (skip == name.size() || name[skip] == '/') return false;
      }
    }
    if (name.empty()) return false;
    if (p == '[') {
      size_t end = pattern.find(']', 1);
      if (end == std::string_view::npos) return false;
      std::string_view set = pattern.substr(1, end - 1);
      bool negated = set.starts_with("^"), found = false;
      if (negated) set.remove_prefix(1);
      for (size_t i = 0; i < set.size(); ++i) {
        bool range = i + 2 < set.size() && set[i + 1] == '-';
        found = found || (range ? set[i] <= name[0] && name[0] <= set[i + 2] : set[i] == name[0]);
        if (range) i += 2;
      }
      if (found == negated) return false;
      pattern.remove_prefix(end + 1);
    } else {
      if (p == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      if (p == '?' ? name[0] == '/' : pattern[0] != name[0]) return false;
      pattern.remove_prefix(1);
    }
    name.remove_prefix(1);
  }
  return name.empty();
}

// One pattern, and where it stands in its directive's words.
struct Pattern {
  std::string text;
  size_t at;
};

// The patterns of a directive: words, some of them quoted.
std::vector<Pattern> Patterns(const std::string_view words) {
  std::vector<Pattern> out;
  std::string_view text = words;
  while (!text.empty()) {
    const size_t at = words.size() - text.size();
    if (text[0] == ' ' || text[0] == '\t' || text[0] == '\r') {
      text.remove_prefix(1);
    } else if (text[0] == '"' || text[0] == '`') {
      size_t end = std::min(text.find(text[0], 1), text.size());
      out.push_back({std::string(text.substr(1, end - 1)), at});
      text.remove_prefix(std::min(end + 1, text.size()));
    } else {
      size_t end = std::min(text.find_first_of(" \t\r"), text.size());
      out.push_back({std::string(text.substr(0, end)), at});
      text.remove_prefix(end);
    }
  }
  return out;
}

// Calls found(words, line, column) for each directive, whose words start at that place.
template <typename F>
void ForEachDirective(std::string_view text, F&& found) {
  int number = 1;
  for (; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const size_t from = std::min(line.find_first_not_of(" \t"), line.size());
    if (IsEmbedDirective(line.substr(from)))
      found(line.substr(from + kDirective.size() + 1), number, from + 12);
  }
}

bool ImportsEmbed(const GoFile& file) {
  return std::any_of(file.header.imports.begin(), file.header.imports.end(),
                     [](const ImportSpec& i) { return i.path == "embed"; });
}

class Embedder {
 public:
  Embedder(FileTree& tree, std::string directory) : tree_(tree), directory_(std::move(directory)) {}

  // The files that patterns name, by their paths below the directory; directories end in a slash.
  std::map<std::string, std::string> Files(const std::vector<std::string>& patterns) {
    found_.clear();
    for (std::string pattern : patterns) {
      bool all = pattern.starts_with("all:");
      if (all) pattern.erase(0, 4);
      Walk("", Clean(pattern), all);
    }
    return found_;
  }

 private:
  // Entries below `prefix` that the pattern's elements match.
  void Walk(const std::string& prefix, const std::string& pattern, bool all) {
    size_t slash = pattern.find('/');
    std::string first = pattern.substr(0, slash);
    for (const TreeEntry& entry : tree_.List(Join(directory_, prefix.empty() ? "." : prefix))) {
      if (!Match(first, entry.name)) continue;
      std::string path = prefix + entry.name;
      if (slash != std::string::npos) {
        if (entry.directory) Walk(path + "/", pattern.substr(slash + 1), all);
      } else {
        Take(path, entry.directory, all);
      }
    }
    if (pattern == ".") Take("", true, all);
  }

  void Take(const std::string& path, bool directory, bool all) {
    if (!directory) {
      found_[path] = tree_.Read(Join(directory_, path)).value_or("");
      return;
    }
    for (const TreeEntry& entry : tree_.List(path.empty() ? directory_ : Join(directory_, path)))
      if (all || (entry.name[0] != '.' && entry.name[0] != '_'))
        Take(path.empty() ? entry.name : path + "/" + entry.name, entry.directory, all);
  }

  FileTree& tree_;
  std::string directory_;
  std::map<std::string, std::string> found_;
};

// embed.FS keeps its files sorted by directory, then name; directories are entries too.
std::string FileSystemLiteral(std::map<std::string, std::string> files) {
  std::map<std::string, std::string> with_directories = files;
  for (const auto& [path, text] : files)
    for (size_t slash = path.rfind('/'); slash != std::string::npos; slash = path.rfind('/', slash - 1)) {
      with_directories[path.substr(0, slash + 1)] = "";
      if (slash == 0) break;
    }
  auto split = [](const std::string& path) {
    std::string name = path.ends_with("/") ? path.substr(0, path.size() - 1) : path;
    size_t slash = name.rfind('/');
    return slash == std::string::npos ? std::pair(std::string("."), name)
                                      : std::pair(name.substr(0, slash), name.substr(slash + 1));
  };
  std::vector<std::pair<std::string, std::string>> sorted(with_directories.begin(), with_directories.end());
  base::Sort(sorted, [&](const auto& a, const auto& b) { return split(a.first) < split(b.first); });
  std::string out = "[]struct{ name, data string; hash [16]byte }{\n";
  for (const auto& [path, text] : sorted) out += "{name: " + Quote(path) + ", data: " + Quote(text) + "},\n";
  return out + "}\n";
}

}  // namespace

void ApplyEmbeds(FileTree& tree, const std::string& directory, const std::string& suffix,
                 std::vector<GoFile>& files) {
  Embedder embedder(tree, directory);
  std::string systems;
  int count = 0;
  for (GoFile& file : files) {
    if (!ImportsEmbed(file)) continue;
    std::vector<std::string> patterns;
    std::string out;
    for (size_t at = 0; at < file.text.size();) {
      size_t end = std::min(file.text.find('\n', at), file.text.size());
      std::string line = file.text.substr(at, end - at);
      at = end + 1;
      size_t from = line.find_first_not_of(" \t");
      std::string_view code =
          from == std::string::npos ? std::string_view() : std::string_view(line).substr(from);
      if (IsEmbedDirective(code)) {
        for (Pattern& pattern : Patterns(code.substr(kDirective.size() + 1)))
          patterns.push_back(std::move(pattern.text));
        line.replace(from, 5, "//go_");  // no directive any more
      } else if (!patterns.empty() && !code.empty() && !code.starts_with("//")) {
        size_t comment = line.find("//");
        std::string declaration = line.substr(0, comment);
        while (!declaration.empty() && (declaration.back() == ' ' || declaration.back() == '\t' ||
                                        declaration.back() == '\r' || declaration.back() == ';'))
          declaration.pop_back();
        std::map<std::string, std::string> found = embedder.Files(patterns);
        if (declaration.ends_with("FS")) {
          std::string name = "embed_files_" + suffix + std::to_string(count++);
          systems += "var " + name + " = " + FileSystemLiteral(found);
          size_t type = declaration.find_last_of(" \t");
          line = declaration + " = *(*" + declaration.substr(type + 1) + ")(embed_system_" + suffix + "(&" +
                 name + "))";
        } else if (!found.empty()) {
          // Any type of strings or of slices of bytes.
          std::string type = declaration.substr(declaration.find_last_of(" \t") + 1);
          line = declaration + " = (" + type + ")(" + Quote(found.begin()->second) + ")";
        }
        patterns.clear();
      }
      out += line;
      if (end < file.text.size()) out += '\n';
    }
    file.text = std::move(out);
  }
  if (count == 0) return;
  GoFile generated;
  generated.name = "z_embed_" + suffix + ".go";
  generated.path = Join(directory, generated.name);
  generated.shown = "<autogenerated>";
  generated.text =
      "package " + files[0].header.package + "\n\nimport \"unsafe\"\n\n" + systems + "\nfunc embed_system_" +
      suffix +
      "(files *[]struct{ name, data string; hash [16]byte }) unsafe.Pointer {\n"
      "\treturn unsafe.Pointer(&struct{ files *[]struct{ name, data string; hash [16]byte } }{files})\n}\n";
  generated.header = ScanHeader(generated.text);
  files.push_back(std::move(generated));
}

std::string EmbedError(FileTree& tree, const std::string& directory, const std::vector<GoFile>& files) {
  std::map<std::string, std::string> where;  // by pattern, where it stands first
  for (const GoFile& file : files) {
    if (!ImportsEmbed(file)) continue;
    const std::string name = file.shown.starts_with("./") ? file.shown.substr(2) : file.shown;
    ForEachDirective(file.text, [&](std::string_view words, int line, size_t column) {
      for (const Pattern& pattern : Patterns(words))
        where.try_emplace(pattern.text, name + ":" + std::to_string(line) + ":" +
                                            std::to_string(column + pattern.at) + ": pattern " +
                                            pattern.text);
    });
  }
  Embedder embedder(tree, directory);
  for (const auto& [pattern, place] : where) {
    if (!embedder.Files({pattern}).empty()) continue;
    const std::string path = pattern.substr(pattern.starts_with("all:") ? 4 : 0);
    const bool empty_directory = !tree.List(Join(directory, path)).empty();
    return place + (empty_directory ? ": cannot embed directory " + path + ": contains no embeddable files\n"
                                    : ": no matching files found\n");
  }
  return {};
}

}  // namespace escapement::modules
