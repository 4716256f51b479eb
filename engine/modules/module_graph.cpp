#include "engine/modules/module_graph.h"

#include <algorithm>
#include <deque>

#include "engine/modules/debug_settings.h"

namespace escapement::modules {

namespace {

constexpr uint16_t kPruning = 17;        // from go 1.17 on go.mod lists what is needed
constexpr uint16_t kVendorDefault = 14;  // from go 1.14 on vendor/ is used where it is

bool IsPath(const std::string& text) {
  return text.starts_with("./") || text.starts_with("../") || text.starts_with("/") || text == "." ||
         text == "..";
}

}  // namespace

Module* ModuleGraph::AddMain(const std::string& directory) {
  auto text = tree_.Read(Join(directory, "go.mod"));
  if (!text) return nullptr;
  ModFile file = ParseModFile(*text);
  auto module = std::make_unique<Module>();
  module->path = file.module.empty() ? "command-line-arguments" : file.module;
  module->directory = directory;
  module->go = file.go;
  go_lines_.push_back({Join(directory, "go.mod"), file.go_version, true});
  module->main = true;
  module->standard = file.module == "std";
  for (const Replacement& r : file.replace) {
    replace_.push_back(r);
    if (IsPath(r.now.path)) replace_.back().now.path = Join(directory, r.now.path);
  }
  main_files_.push_back(std::move(file));
  mains_.push_back(module.get());
  Module* added = module.get();
  modules_[added->path] = std::move(module);
  return added;
}

bool ModuleGraph::Enter(const std::string& directory) {
  auto upwards = [&](const char* name) -> std::string {
    for (std::string at = directory;; at = DirectoryOf(at)) {
      if (tree_.Read(Join(at, name))) return at;
      if (at == "/" || at == ".") return "";
    }
  };
  const std::string module = upwards("go.mod"), work = upwards("go.work");
  if (!module.empty()) {
    AddMain(module);
    debug_settings_ = main_files_[0].godebug;
  }
  if (!work.empty()) {
    ModFile file = ParseModFile(*tree_.Read(Join(work, "go.work")));
    work_file_ = Join(work, "go.work");
    work_version_ = file.go_version.empty() ? "1.18" : file.go_version;
    debug_settings_ = file.godebug;
    go_lines_.insert(go_lines_.begin(), {work_file_, file.go_version, true});
    for (const std::string& use : file.use)
      if (std::string at = Join(work, use); at != module) AddMain(at);
    for (Replacement r : file.replace) {
      if (IsPath(r.now.path)) r.now.path = Join(work, r.now.path);
      replace_.insert(replace_.begin(), r);
    }
  }
  if (mains_.empty()) return false;
  if (mains_.size() == 1 && !mod_mode_ && mains_[0]->go >= kVendorDefault &&
      tree_.Read(Join(mains_[0]->directory, "vendor/modules.txt")))
    Vendor();
  else
    Select();
  return true;
}

std::string ModuleGraph::TooNew(std::string_view release, std::string_view here) const {
  for (const GoLine& line : go_lines_) {
    if (!IsNewerGo(line.version, release)) continue;
    std::string what = line.what;
    if (IsPath(what)) {
      std::string relative = Relative(here, what);
      if (relative.size() < what.size()) what = relative;
      if (!line.file && !IsPath(what)) what = "./" + what;
    }
    return (line.file ? "go: " : "go: module ") + what + " requires go >= " + line.version + " (running go " +
           std::string(release) + "; GOTOOLCHAIN=local)";
  }
  return "";
}

std::string ModuleGraph::GoVersion() const {
  if (!work_file_.empty()) return work_version_;
  if (mains_.empty()) return gopath_ ? "1.16" : "";
  return main_files_[0].go_version.empty() ? "1.16" : main_files_[0].go_version;
}

std::string ModuleGraph::WrongDebugSetting(std::string_view release, std::string_view here) const {
  const bool work = !work_file_.empty();
  std::string file = work ? work_file_ : mains_.empty() ? "" : Join(mains_[0]->directory, "go.mod");
  if (std::string relative = Relative(here, file); relative.size() < file.size()) file = relative;
  std::string out;
  for (const DebugSetting& setting : debug_settings_) {
    std::string error = CheckDebugSetting("godebug", setting, release);
    if (error.empty()) continue;
    out += (out.empty() ? "go: error loading " : "\ngo: error loading ");
    out += (work ? "go.work:\n" : "go.mod:\n") + file + ":" + std::to_string(setting.line) + ": " + error;
    if (work) break;
  }
  return out;
}

const Replacement* ModuleGraph::ReplacementOf(const ModuleVersion& wanted) const {
  const Replacement* any = nullptr;
  for (const Replacement& r : replace_) {
    if (r.old.path != wanted.path) continue;
    if (r.old.version == wanted.version) return &r;
    if (r.old.version.empty()) any = &r;
  }
  return any;
}

std::string ModuleGraph::DirectoryFor(const ModuleVersion& wanted) const {
  ModuleVersion now = wanted;
  if (const Replacement* r = ReplacementOf(wanted)) now = r->now;
  if (IsPath(now.path)) return now.path;
  return Join(cache_, CacheName(now.path) + "@" + CacheName(now.version));
}

ModFile ModuleGraph::ModFileOf(const ModuleVersion& wanted) {
  ModuleVersion now = wanted;
  if (const Replacement* r = ReplacementOf(wanted)) now = r->now;
  std::optional<std::string> text;
  if (!IsPath(now.path))
    text = tree_.Read(
        Join(cache_, "cache/download/" + CacheName(now.path) + "/@v/" + CacheName(now.version) + ".mod"));
  if (!text) text = tree_.Read(Join(DirectoryFor(wanted), "go.mod"));
  return text ? ParseModFile(*text) : ModFile();
}

void ModuleGraph::Select() {
  bool pruned = std::all_of(mains_.begin(), mains_.end(), [](Module* m) { return m->go >= kPruning; });
  std::map<std::string, std::string> selected;
  std::set<std::pair<std::string, bool>> seen;
  std::deque<std::pair<ModuleVersion, bool>> work;
  for (const ModFile& file : main_files_)
    for (const ModuleVersion& need : file.require) work.push_back({need, true});
  while (!work.empty()) {
    auto [need, expand] = work.front();
    work.pop_front();
    if (!seen.insert({need.path + "@" + need.version, expand}).second) continue;
    std::string& version = selected[need.path];
    if (version.empty() || CompareVersions(version, need.version) < 0) version = need.version;
    if (!expand) continue;
    ModFile file = ModFileOf(need);
    bool deeper = !pruned || file.go < kPruning;
    for (const ModuleVersion& next : file.require) work.push_back({next, deeper});
  }
  for (const auto& [path, version] : selected) {
    if (modules_.count(path)) continue;  // a main module
    auto module = std::make_unique<Module>();
    module->path = path;
    module->version = version;
    module->directory = DirectoryFor({path, version});
    ModFile file = ModFileOf({path, version});
    module->go = file.go;
    const Replacement* r = ReplacementOf({path, version});
    std::string what = r != nullptr && IsPath(r->now.path) ? r->now.path : path + "@" + version;
    go_lines_.push_back({std::move(what), file.go_version});
    modules_[path] = std::move(module);
  }
}

// vendor/modules.txt: `# path version`, `## explicit; go 1.N`, and a line a package.
void ModuleGraph::Vendor() {
  vendored_ = true;
  std::string vendor = Join(mains_[0]->directory, "vendor");
  std::string text = *tree_.Read(Join(vendor, "modules.txt"));
  Module* module = nullptr;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("## ")) {
      size_t go = line.find("go 1.");
      if (module != nullptr && go != std::string::npos) module->go = GoMinor(line.substr(go + 3));
    } else if (line.starts_with("# ")) {
      std::string path = line.substr(2, line.find(' ', 2) - 2);
      auto& slot = modules_[path];
      if (!slot) slot = std::make_unique<Module>();
      module = slot.get();
      module->path = path;
      module->directory = Join(vendor, path);
    } else if (!line.empty() && module != nullptr) {
      vendor_packages_[line] = module;
    }
  }
}

const Module* ModuleGraph::MainModuleAt(const std::string& directory) const {
  const Module* best = nullptr;
  for (const Module* module : mains_) {
    bool holds = directory == module->directory || directory.starts_with(module->directory + "/");
    if (holds && (best == nullptr || module->directory.size() > best->directory.size())) best = module;
  }
  return best;
}

bool ModuleGraph::HasPackage(const Module& module, const std::string& directory) {
  std::vector<TreeEntry> entries = tree_.List(directory);
  if (std::none_of(entries.begin(), entries.end(),
                   [](const TreeEntry& e) { return !e.directory && e.name.ends_with(".go"); }))
    return false;
  // A directory below another go.mod is another module's.
  for (std::string at = directory; at.size() > module.directory.size(); at = DirectoryOf(at))
    if (tree_.Read(Join(at, "go.mod"))) return false;
  return true;
}

ModuleGraph::Location ModuleGraph::Find(std::string_view import_path) {
  if (vendored_) {
    auto it = vendor_packages_.find(std::string(import_path));
    if (it != vendor_packages_.end())
      return {it->second, Join(mains_[0]->directory, "vendor/" + std::string(import_path))};
  }
  for (std::string prefix(import_path);; prefix = DirectoryOf(prefix)) {
    auto it = modules_.find(prefix);
    if (it != modules_.end() && (!vendored_ || it->second->main)) {
      const Module& module = *it->second;
      std::string rest(import_path.substr(std::min(prefix.size() + 1, import_path.size())));
      std::string directory = rest.empty() ? module.directory : Join(module.directory, rest);
      if (HasPackage(module, directory)) return {&module, directory};
    }
    if (prefix.find('/') == std::string::npos) return {};
  }
}

}  // namespace escapement::modules
