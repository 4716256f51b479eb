#include "engine/driver/out_of_reach.h"

#include <algorithm>
#include <iterator>

#include "engine/syntax/walk.h"
#include "engine/types/object.h"

namespace escapement::driver {

namespace {

constexpr std::string_view kNetwork = "a network", kProcesses = "processes of the operating system";

// A package out of reach. With names, only these of its members are: a '*' at the end stands for the rest.
struct Entry {
  std::string_view path;
  std::string_view needs;
  std::string_view names;  // between blanks; empty: all
};
constexpr Entry kEntries[] = {
    {"C", "cgo, a C compiler and its libraries", ""},
    {"crypto/tls", kNetwork, ""},
    {"embed", "files at build time (//go:embed)", ""},
    {"expvar", kNetwork, ""},
    {"log/syslog", kNetwork, ""},
    {"net", kNetwork,
     "Dial* Listen* Lookup* Interface* Dialer DefaultResolver Resolver FileConn FileListener FilePacketConn"},
    {"net/http", kNetwork,
     "Client DefaultClient DefaultTransport Get Head ListenAndServe* Post* Serve ServeTLS Server Transport"},
    {"net/http/cgi", kProcesses, ""},
    {"net/http/fcgi", kNetwork, ""},
    {"net/http/httptest", kNetwork, "NewServer NewTLSServer NewUnstartedServer Server"},
    {"net/http/httputil", kNetwork, ""},
    {"net/http/pprof", kNetwork, ""},
    {"net/rpc", kNetwork, ""},
    {"net/rpc/jsonrpc", kNetwork, ""},
    {"net/smtp", kNetwork, ""},
    {"os/exec", kProcesses, ""},
    {"plugin", "compiled code to load", ""},
    {"runtime/cgo", "cgo, a C compiler and its libraries", ""},
};

const Entry* EntryOf(std::string_view path) {
  auto found = std::find_if(std::begin(kEntries), std::end(kEntries),
                            [path](const Entry& entry) { return entry.path == path; });
  return found == std::end(kEntries) ? nullptr : found;
}

bool Names(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    size_t end = std::min(list.find(' '), list.size());
    std::string_view word = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (word.back() == '*' ? name.starts_with(word.substr(0, word.size() - 1)) : name == word) return true;
  }
  return false;
}

// The first member of the package that the entry names and the tree uses; "" if there is none.
std::string FirstUse(syntax::Node* n, const Entry& entry) {
  if (n->kind == syntax::NodeKind::kSelectorExpr) {
    auto* selector = syntax::To<syntax::SelectorExpr>(n);
    auto* package = syntax::As<syntax::Name>(selector->x);
    auto* name = package == nullptr || package->object == nullptr
                     ? nullptr
                     : types::As<types::PkgName>(package->object);
    if (name != nullptr && name->imported != nullptr && name->imported->path == entry.path &&
        Names(entry.names, selector->sel->text()))
      return std::string(selector->sel->text());
  }
  std::string use;
  syntax::ForEachChild(n, [&](syntax::Node* child) {
    if (use.empty()) use = FirstUse(child, entry);
  });
  return use;
}

}  // namespace

std::string WhyOutOfReach(std::string_view path) {
  const Entry* entry = EntryOf(path);
  if (entry == nullptr) return "";
  return "package " + std::string(path) + " needs " + std::string(entry->needs) +
         ", and a program on the modelled machine has none";
}

bool AllInReach(std::span<syntax::File* const> files, bool has_embedded, diag::Emitter& errors) {
  bool all = true;
  for (syntax::File* file : files) {
    for (syntax::Decl* decl : file->decls) {
      auto* import = syntax::As<syntax::ImportDecl>(decl);
      if (import == nullptr || import->path == nullptr || import->path->text.size() < 2) continue;
      const Entry* entry = EntryOf(import->path->text.substr(1, import->path->text.size() - 2));
      if (entry == nullptr || (has_embedded && entry->path == "embed")) continue;
      std::string what = "package " + std::string(entry->path);
      if (!entry->names.empty()) {
        std::string use = FirstUse(file, *entry);
        if (use.empty()) continue;
        what = std::string(entry->path.substr(entry->path.rfind('/') + 1)) + "." + use;
      }
      all = false;
      errors.Error(import->path->pos, what + " needs " + std::string(entry->needs) +
                                          ", and a program on the modelled machine has none");
    }
  }
  return all;
}

}  // namespace escapement::driver
