// Compiles a Go source text without imports down to chunks, for tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/codegen/codegen.h"
#include "engine/escape/escape.h"
#include "engine/escape/prepare.h"
#include "engine/ir/builder.h"
#include "engine/syntax/parser.h"
#include "engine/types/checker.h"
#include "engine/types/context.h"

namespace escapement::codegen {

// A package compiled without inlining: its chunks by link name and its static data.
struct Compiled {
  explicit Compiled(std::string text)
      : checker(arena, names, files,
                [](std::string_view) {
                  return types::Import{nullptr, "no imports here"};
                }),
        program(names, checker.context().constants),
        builder(program, checker, rewritten),
        data(names, program.types()),
        lowering(program, builder, checker.context().constants, data) {
    syntax::ParseContext context{arena, names, files, errors};
    diag::FileId id = files.Add({.name = "./test.go", .text = std::move(text)});
    std::vector<syntax::File*> trees{syntax::ParseFile(context, id, {})};
    types::Package* package = checker.NewPackage("main", false);
    if (!trees[0] || errors.errors() > 0 || !checker.CheckPackage(package, trees, {}, errors)) return;
    ir::Unit unit = builder.BuildPackage(package);
    lowering.InitGlobals(unit);
    escape::Context escape{program, files, errors, {}, [](ir::Func*) {}, nullptr};
    for (ir::Func* fn : unit.funcs) escape::SplitLoopVariables(program, fn);
    escape::RemoveDeadLocals(program, unit.funcs);
    escape::Analyze(escape, unit.funcs);
    escape::MoveSlicesToHeapLate(program, unit.funcs);
    for (ir::Func* fn : unit.funcs) {
      if (fn->Has(ir::kFuncNoBody)) continue;
      base::Arena trees_arena;
      lower::Func lowered = lowering.LowerFunc(fn, trees_arena);
      chunks.push_back(Generate(lowering, files, lowered));
    }
  }

  const bytecode::Chunk* Find(std::string_view name) const {
    for (const bytecode::Chunk& c : chunks)
      if (c.name == name) return &c;
    return nullptr;
  }

  base::Arena arena;
  base::Interner names;
  diag::FileSet files;
  diag::Emitter errors;
  types::Checker checker;
  ir::Program program;
  ir::RewrittenTrees rewritten;
  ir::Builder builder;
  lower::Data data;
  lower::Lowering lowering;
  std::vector<bytecode::Chunk> chunks;
};

}  // namespace escapement::codegen
