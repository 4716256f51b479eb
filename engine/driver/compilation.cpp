#include "engine/driver/compilation.h"

#include <algorithm>
#include <utility>

#include "engine/driver/out_of_reach.h"
#include "engine/syntax/header_error.h"
#include "engine/syntax/snippet.h"
#include "engine/vet/printf_check.h"

namespace escapement::driver {

std::vector<syntax::File*> Compilation::Parse(const std::vector<SourceInput>& sources,
                                              const CompileFlags& flags) {
  syntax::ParseContext context{library_.arena(), library_.names(), library_.files(), diagnostics_};
  syntax::ParseOptions options{.lazy_bodies = false, .std = flags.standard, .runtime = flags.standard};
  std::vector<syntax::File*> files;
  for (const SourceInput& source : sources) {
    diag::SourceFile file{.name = source.name, .text = source.text, .run_path = source.run_path};
    // Only a text of its own is a fragment; several files say themselves which of them has main.
    if (flags.snippet && sources.size() == 1) {
      syntax::Snippet snippet = syntax::CompleteSnippet(source.text, library_.PackageNames());
      file.text = std::move(snippet.text);
      file.synthetic_lines = snippet.synthetic_lines;
    }
    diag::FileId id = library_.files().Add(std::move(file));
    if (syntax::File* tree = syntax::ParseFile(context, id, options)) files.push_back(tree);
  }
  return files;
}

// `go build` reads the headers of all files first; it reports the first mistake.
void Compilation::FindHeaderErrors(const std::vector<SourceInput>& sources, const CompileFlags& flags) {
  if (flags.snippet && sources.size() == 1) return;
  for (const SourceInput& source : sources) {
    std::optional<syntax::HeaderError> error = syntax::FindHeaderError(source.text);
    if (!error) continue;
    const std::string& name = error->whole_path && !source.run_path.empty() ? source.run_path : source.name;
    if (error->line == 0) error->text = "read " + name + ": " + error->text;
    diag::FileId id = library_.files().Add({.name = name});
    diagnostics_.Error({id, static_cast<uint16_t>(error->column), error->line}, std::move(error->text));
    imports_missing_ = true;
    return;
  }
}

// `go build` looks for every import before it compiles anything.
void Compilation::FindImports(const std::vector<syntax::File*>& files) {
  for (const syntax::File* file : files) {
    for (syntax::Decl* decl : file->decls) {
      auto* import = syntax::As<syntax::ImportDecl>(decl);
      if (import == nullptr || import->path == nullptr || import->path->text.size() < 2) continue;
      std::string_view path = import->path->text.substr(1, import->path->text.size() - 2);
      if (library_.Has(path)) continue;
      imports_missing_ = true;
      const diag::Pos pos = import->local_name != nullptr ? import->local_name->pos : import->path->pos;
      diagnostics_.Error(pos, library_.MissingImport(path));
    }
  }
}

bool Compilation::CheckSources(const std::vector<SourceInput>& sources, const CompileFlags& flags) {
  if (!flags.bodies_may_miss) FindHeaderErrors(sources, flags);
  if (imports_missing_) return false;
  std::vector<syntax::File*> files = Parse(sources, flags);
  // Other mistakes of a file's text (labels, directives, characters) do not keep the checker from it.
  auto syntax_error = [](const diag::Diagnostic& d) { return d.text.rfind("syntax error", 0) == 0; };
  const std::vector<diag::Diagnostic>& found = diagnostics_.diagnostics();
  if (files.size() < sources.size() || std::any_of(found.begin(), found.end(), syntax_error)) return false;
  if (!flags.bodies_may_miss) FindImports(files);
  if (imports_missing_) return false;

  std::string_view path =
      flags.package_path.empty() ? files[0]->pkg_name->text() : std::string_view(flags.package_path);
  package_ = library_.checker().NewPackage(library_.arena().Copy(path), /*is_library=*/false);
  types::CheckOptions options;
  options.bodies_may_miss = (flags.bodies_may_miss || flags.assembly) && !flags.complete;
  options.implementations = flags.vet;
  if (flags.language.rfind("go1.", 0) == 0)
    options.lang = static_cast<uint16_t>(std::atoi(flags.language.c_str() + 4));
  bool outside = library_.SetInDistribution(flags.standard);
  bool ok = library_.checker().CheckPackage(package_, files, options, diagnostics_);
  if (ok && diagnostics_.errors() == 0 && flags.vet)
    for (diag::Diagnostic& d : vet::CheckPrintf(library_.checker(), package_)) diagnostics_.Add(std::move(d));
  library_.SetInDistribution(outside);
  return ok && diagnostics_.errors() == 0;
}

bool Compilation::CanRun(bool has_embedded) {
  imports_missing_ = !AllInReach(package_->files, has_embedded, diagnostics_);
  return !imports_missing_;
}

std::string Compilation::LinkError() const {
  for (const types::Object* object : package_->objects)
    if (types::As<types::Func>(object) != nullptr && object->name.text() == "main") return "";
  return "runtime.main_main·f: function main is undeclared in the main package";
}

void Compilation::Analyse(const CompileFlags& flags) {
  if (flags.remarks > 0)
    builder_.set_on_imprecise_call([this](ir::SrcPos pos) {
      diagnostics_.Remark(program_.OutermostPos(pos), "imprecise interface call");
    });
  unit_ = builder_.BuildPackage(package_, flags.remarks > 0);
  verdicts_ = analysis_.RunPackage(unit_, flags, diagnostics_);
}

void Compilation::SummariseLibrary(std::string_view import_path) {
  types::Package* package = library_.Find(import_path).package;
  if (package == nullptr) return;
  for (types::Object* object : package->objects) {
    auto* func = types::As<types::Func>(object);
    if (func == nullptr || func->name.text() == "init" || func->name.text() == "_") continue;
    library_.checker().Resolve(func);
    const types::Signature* signature = func->signature();
    if (signature->tparams.empty() && signature->rparams.empty()) analysis_.Summarise(builder_.FuncFor(func));
  }
}

}  // namespace escapement::driver
