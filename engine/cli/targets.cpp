#include "engine/cli/targets.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "engine/cli/goroot_source.h"
#include "engine/driver/project.h"
#include "engine/syntax/snippet.h"

namespace escapement::cli {

namespace {

bool IsGoFile(const std::string& word) {
  return word.size() > 3 && word.ends_with(".go");
}

bool Fail(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return false;
}

std::string ModuleCache() {
  if (const char* cache = std::getenv("GOMODCACHE"); cache && *cache) return cache;
  if (const char* path = std::getenv("GOPATH"); path && *path)
    return std::string(path).substr(0, std::string(path).find(':')) + "/pkg/mod";
  const char* home = std::getenv("HOME");
  return std::string(home ? home : "") + "/go/pkg/mod";
}

bool ModMode() {
  const char* flags = std::getenv("GOFLAGS");
  return flags != nullptr && std::string(flags).find("-mod=mod") != std::string::npos;
}

bool ModulesOff() {
  const char* mode = std::getenv("GO111MODULE");
  return mode != nullptr && std::string(mode) == "off";
}

}  // namespace

void Targets::Use(std::unique_ptr<modules::FileTree> tree, const std::string& here) {
  tree_ = std::move(tree);
  here_ = here;
  graph_ = std::make_unique<modules::ModuleGraph>(*tree_, ModuleCache(), ModMode());
  program_ = std::make_unique<modules::Program>(library_, *tree_, *graph_, here_);
  if (!runs_) program_->OnlyCompile();
}

std::string Targets::Refusal() const {
  return driver::Refusal(*graph_, here_);
}

// The playground's rules: what stands before the first file is main.go, or prog.go beside it; without a
// go.mod the program is module "play".
bool Targets::OpenArchive(const std::string& file) {
  auto text = ReadFile(file);
  if (!text) return Fail("open " + file + ": no such file or directory");
  syntax::Archive archive = syntax::SplitArchive(*text);
  auto tree = std::make_unique<modules::MemoryTree>();
  bool has_module = false, has_code = false;
  for (char c : archive.comment) has_code = has_code || (c != ' ' && c != '\n' && c != '\t' && c != '\r');
  if (has_code && archive.comment.find("package ") != std::string::npos)
    tree->Add("/prog.go", archive.comment);
  for (const syntax::ArchiveFile& part : archive.files) {
    tree->Add(modules::Join("/", part.name), part.text);
    files_.emplace_back(modules::Join("/", part.name), part.text);
    has_module = has_module || part.name == "go.mod";
  }
  if (!has_module) tree->Add("/go.mod", "module play\n\ngo 1.26\n");
  archive_ = true;
  Use(std::move(tree), "/");
  graph_->Enter("/");
  if (std::string refusal = Refusal(); !refusal.empty()) return Fail(refusal);
  packages_.push_back(program_->AtDirectory("/"));
  return true;
}

void Targets::GiveFiles(driver::RunOptions& options, const std::string& directory) const {
  options.directory = directory;
  if (archive_)
    options.files.insert(options.files.end(), files_.begin(), files_.end());
  else
    options.host_files = DiskFiles();
}

bool Targets::NoPackage(const std::string& word, const std::string& error) {
  if (!keep_missing_) return Fail(error);
  missing_.push_back({word, error});
  return true;
}

bool Targets::Add(const std::string& word) {
  if (word == "..." || word.ends_with("/...")) {
    std::string directory = modules::Join(here_, word.substr(0, word.size() - 3));
    std::error_code error;
    if (keep_missing_ && (word.starts_with("./") || word.starts_with("../")) &&
        !std::filesystem::exists(directory, error))
      return NoPackage(word, "pattern " + word + ": lstat " + word.substr(0, word.size() - 3) +
                                 ": no such file or directory");
    auto found = program_->Below(directory);
    packages_.insert(packages_.end(), found.begin(), found.end());
    if (found.empty()) std::fprintf(stderr, "go: warning: \"%s\" matched no packages\n", word.c_str());
    return true;
  }
  bool is_path = word == "." || word == ".." || word.starts_with("./") || word.starts_with("../") ||
                 word.starts_with("/");
  if (!is_path) {
    const modules::Package* package = program_->Find(word);
    if (package == nullptr) return NoPackage(word, modules::MissingModule(word, graph_->entered()));
    packages_.push_back(package);
    return true;
  }
  std::string directory = modules::Join(here_, word);
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error))
    return NoPackage(word, "stat " + directory + ": directory not found");
  if (!graph_->entered() && !ModulesOff())
    return Fail(
        "go: go.mod file not found in current directory or any parent directory; see 'go help modules'");
  if (graph_->entered() && graph_->MainModuleAt(directory) == nullptr)
    return Fail("main module (" + graph_->main()->path + ") does not contain package " + directory);
  const modules::Package* package = program_->AtDirectory(directory);
  if (keep_missing_ && package->error.starts_with("no Go files in ")) return NoPackage(word, package->error);
  packages_.push_back(package);
  return true;
}

bool Targets::Open(const std::vector<std::string>& words, bool all) {
  if (!words.empty() && words[0].ends_with(".txtar")) {
    taken_ = 1;
    return OpenArchive(words[0]);
  }
  Use(std::make_unique<DiskTree>(), WorkingDirectory());
  if (ModulesOff())
    graph_->UseGopath();
  else
    graph_->Enter(here_);
  if (std::string refusal = Refusal(); !refusal.empty()) return Fail(refusal);
  if (!words.empty() && IsGoFile(words[0])) {
    while (taken_ < words.size() && IsGoFile(words[taken_])) ++taken_;
    std::string error;
    const modules::Package* package =
        program_->OfFiles({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(taken_)}, &error);
    if (package == nullptr) return Fail(error);
    packages_.push_back(package);
    return true;
  }
  if (words.empty()) return Add(".");
  for (taken_ = 0; taken_ < words.size() && (all || taken_ == 0); ++taken_)
    if (!Add(words[taken_])) return false;
  return true;
}

}  // namespace escapement::cli
