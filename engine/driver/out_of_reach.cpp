#include "engine/driver/out_of_reach.h"

#include <algorithm>
#include <iterator>

namespace escapement::driver {

namespace {

// A package out of reach, and what it would need.
struct Entry {
  std::string_view path, needs;
};
constexpr Entry kEntries[] = {
    {"C", "cgo, a C compiler and its libraries"},
    {"embed", "files at build time (//go:embed)"},
    {"plugin", "compiled code to load"},
    {"runtime/cgo", "cgo, a C compiler and its libraries"},
};

const Entry* EntryOf(std::string_view path) {
  auto found = std::find_if(std::begin(kEntries), std::end(kEntries),
                            [path](const Entry& entry) { return entry.path == path; });
  return found == std::end(kEntries) ? nullptr : found;
}

std::string Sentence(const Entry& entry) {
  return "package " + std::string(entry.path) + " needs " + std::string(entry.needs) +
         ", and a program on the modelled machine has none";
}

}  // namespace

std::string WhyOutOfReach(std::string_view path) {
  const Entry* entry = EntryOf(path);
  return entry != nullptr ? Sentence(*entry) : "";
}

bool AllInReach(std::span<syntax::File* const> files, bool has_embedded, diag::Emitter& errors) {
  bool all = true;
  for (syntax::File* file : files) {
    for (syntax::Decl* decl : file->decls) {
      auto* import = syntax::As<syntax::ImportDecl>(decl);
      if (import == nullptr || import->path == nullptr || import->path->text.size() < 2) continue;
      const Entry* entry = EntryOf(import->path->text.substr(1, import->path->text.size() - 2));
      if (entry == nullptr || (has_embedded && entry->path == "embed")) continue;
      all = false;
      errors.Error(import->path->pos, Sentence(*entry));
    }
  }
  return all;
}

}  // namespace escapement::driver
