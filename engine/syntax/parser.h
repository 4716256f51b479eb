// The parser: source text to syntax tree, with gc's error texts, positions and order.
#pragma once

#include <string_view>

#include "engine/base/arena.h"
#include "engine/base/interner.h"
#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/syntax/ast.h"

namespace escapement::syntax {

struct ParseOptions {
  // Skip the bodies of function declarations by matching braces; ParseBody parses
  // one when it is wanted. Meant for library files, which are known to be correct:
  // syntax errors in a skipped body are found only by ParseBody.
  bool lazy_bodies = false;
  // The package is the Go standard library: directives that user code may not use
  // are accepted.
  bool std = false;
  // The package is runtime or one of the few that are compiled like it.
  bool runtime = false;
};

// What a parser needs around it. All outlive the tree: it refers to the file's text,
// to the arena and to the names.
struct ParseContext {
  base::Arena& arena;
  base::Interner& names;
  diag::FileSet& files;
  diag::Emitter& errors;
};

// Parses a file of the set and records its `//line` directives there. Returns null
// where gc gives up (no package clause, or an error in it); errors go to the emitter
// in gc's order.
File* ParseFile(const ParseContext& context, diag::FileId file, const ParseOptions& options = {});

// Parses the body of a function that lazy parsing skipped; no effect otherwise.
void ParseBody(const ParseContext& context, FuncDecl* func, const ParseOptions& options = {});

// Parses one expression (for tests and for the page's questions); null after errors.
Expr* ParseExpr(const ParseContext& context, diag::FileId file);

}  // namespace escapement::syntax
