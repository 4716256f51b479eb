// Parsing in unit tests: everything a tree needs, and the errors as lines of text.
#pragma once

#include <string>

#include "engine/syntax/parser.h"

struct Parsed {
  escapement::base::Arena arena;
  escapement::base::Interner names;
  escapement::diag::FileSet files;
  escapement::diag::Emitter errors;
  escapement::syntax::ParseContext context{arena, names, files, errors};
  escapement::syntax::File* file = nullptr;

  explicit Parsed(std::string text, escapement::syntax::ParseOptions options = {},
                  std::string name = "x.go") {
    file = escapement::syntax::ParseFile(
        context, files.Add({.name = std::move(name), .text = std::move(text)}), options);
  }
  // "LINE:COL: text\n…" in the order of emission.
  std::string Errors() const {
    std::string out;
    for (const auto& d : errors.diagnostics())
      out += std::to_string(d.pos.line) + ":" + std::to_string(d.pos.col) + ": " + d.text + "\n";
    return out;
  }
};
