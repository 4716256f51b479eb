#include "engine/driver/archive.h"

#include <algorithm>

#include "engine/driver/run.h"

namespace escapement::driver {

namespace {

// A sentence of the go command, which has no position.
CheckResult Refused(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  CheckResult result;
  result.ok = false;
  result.messages.push_back({.text = std::move(text)});
  return result;
}

void Append(CheckResult& all, CheckResult more) {
  all.ok = all.ok && more.ok;
  std::move(more.messages.begin(), more.messages.end(), std::back_inserter(all.messages));
  std::move(more.verdicts.begin(), more.verdicts.end(), std::back_inserter(all.verdicts));
}

}  // namespace

bool Archive::IsOne(const std::vector<ArchiveEntry>& files) {
  return std::any_of(files.begin(), files.end(), [](const ArchiveEntry& f) {
    return f.path == "go.mod" || (f.path.find('/') != std::string::npos && f.path.ends_with(".go"));
  });
}

Archive::Archive(stdlib::LibrarySource& library, std::string_view folder,
                 const std::vector<ArchiveEntry>& files)
    : entries_(files),
      graph_(tree_, /*cache=*/"/", /*mod_mode=*/false),
      program_(library, tree_, graph_, std::string(folder)),
      folder_(folder),
      session_(program_) {
  bool has_module = false;
  for (const ArchiveEntry& file : files) {
    tree_.Add(modules::Join(folder, file.path), file.text);
    has_module = has_module || file.path == "go.mod";
  }
  if (!has_module) tree_.Add(modules::Join(folder, "go.mod"), "module play\n\ngo 1.26\n");
  graph_.Enter(folder_);
}

CheckResult Archive::Dependencies(const CompileFlags& flags, const modules::Package& main) {
  std::string text = driver::Refusal(graph_, folder_);
  if (!text.empty()) return Refused(text);
  if (!main.error.empty()) return Refused(main.error);
  for (const std::string& error : program_.ImportErrors(main, /*tests=*/false)) text += error;
  if (!text.empty()) return Refused(text);
  CheckResult all;
  for (const modules::Package* package : program_.OwnDependencies(main, /*tests=*/false)) {
    CompileFlags own = flags;
    own.package_path = package->path;
    own.language = LanguageOf(*package);
    own.snippet = false;
    Append(all, session_.Check(SourcesOf(package->files), own));
    if (!all.ok) break;
  }
  return all;
}

CheckResult Archive::Check(const CompileFlags& flags) {
  const modules::Package& main = *program_.AtDirectory(folder_);
  CheckResult all = Dependencies(flags, main);
  if (!all.ok) return all;
  CompileFlags own = flags;
  own.language = LanguageOf(main);
  own.snippet = false;
  Append(all, session_.Check(SourcesOf(main.files), own));
  return all;
}

std::unique_ptr<Run> Archive::Start(RunOptions options, CheckResult& errors) {
  const modules::Package& main = *program_.AtDirectory(folder_);
  CompileFlags flags;
  flags.check_only = true;
  errors = Dependencies(flags, main);
  if (!errors.ok) return nullptr;
  if (main.name != "main") {
    errors = Refused("package " + main.path + " is not a main package");
    return nullptr;
  }
  options.snippet = false;
  Describe(program_, main, options);
  return session_.Start(SourcesOf(main.files), options, errors);
}

}  // namespace escapement::driver
