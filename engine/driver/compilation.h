// Compilation: one package on its way through the front and the middle of the engine. It
// leaves an analysed ir::Unit, or errors, and lives as long as somebody lowers its code.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/diag/diagnostic.h"
#include "engine/driver/analysis.h"
#include "engine/driver/library.h"
#include "engine/driver/options.h"
#include "engine/ir/builder.h"
#include "engine/ir/program.h"
#include "engine/lower/lowering.h"
#include "engine/types/context.h"

namespace escapement::driver {

class Compilation {
 public:
  // `library` outlives the compilation.
  explicit Compilation(Library& library)
      : library_(library),
        program_(library.names(), library.checker().context().constants),
        builder_(program_, library.checker(), library.rewritten()),
        analysis_(program_, builder_, library.files(), library.summaries(), library.known_bodies()),
        data_(library.names(), program_.types()),
        lowering_(program_, builder_, library.checker().context().constants, data_) {
    analysis_.set_init_globals([this](ir::Unit& unit) { lowering_.InitGlobals(unit); });
  }
  Compilation(const Compilation&) = delete;
  Compilation& operator=(const Compilation&) = delete;

  // Parses and checks. False after errors, which are in diagnostics().
  [[nodiscard]] bool CheckSources(const std::vector<SourceInput>& sources, const CompileFlags& flags);
  // Whether nothing that the checked sources import is out of a running program's reach; else errors say
  // what.
  [[nodiscard]] bool CanRun(bool has_embedded);
  // What the linker says of the checked package; "" when it has the main function that a program needs.
  std::string LinkError() const;
  // Builds the package's IR and runs the passes over it; remarks join the diagnostics.
  void Analyse(const CompileFlags& flags);

  // Analyses every function of a library package that is kept in summaries.
  void SummariseLibrary(std::string_view import_path);

  const diag::Emitter& diagnostics() const { return diagnostics_; }
  // The go command itself has found a mistake (in a file's header, or an import that nothing provides): it
  // reports it before compiling.
  bool imports_missing() const { return imports_missing_; }
  const std::vector<escape::Verdict>& verdicts() const { return verdicts_; }

  Library& library() { return library_; }
  types::Package* package() { return package_; }
  ir::Program& program() { return program_; }
  ir::Builder& builder() { return builder_; }
  Analysis& analysis() { return analysis_; }
  ir::Unit& unit() { return unit_; }
  lower::Data& data() { return data_; }
  lower::Lowering& lowering() { return lowering_; }

 private:
  std::vector<syntax::File*> Parse(const std::vector<SourceInput>& sources, const CompileFlags& flags);
  void FindHeaderErrors(const std::vector<SourceInput>& sources, const CompileFlags& flags);
  void FindImports(const std::vector<syntax::File*>& files);

  Library& library_;
  diag::Emitter diagnostics_;
  bool imports_missing_ = false;
  types::Package* package_ = nullptr;
  ir::Program program_;
  ir::Builder builder_;
  Analysis analysis_;
  lower::Data data_;
  lower::Lowering lowering_;
  ir::Unit unit_;
  std::vector<escape::Verdict> verdicts_;
};

}  // namespace escapement::driver
