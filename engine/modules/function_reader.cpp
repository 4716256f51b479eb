#include "engine/modules/function_reader.h"

#include "engine/syntax/parser.h"

namespace escapement::modules {

std::vector<syntax::FuncDecl*> FunctionReader::Functions(const GoFile& file) {
  std::vector<syntax::FuncDecl*> out;
  diag::FileId id = set_.Add({.name = file.shown, .text = file.text});
  syntax::ParseContext context{arena_, names_, set_, errors_};
  syntax::File* tree = syntax::ParseFile(context, id, {.lazy_bodies = true, .std = true, .runtime = true});
  if (tree == nullptr) return out;
  for (syntax::Decl* decl : tree->decls) {
    auto* func = syntax::As<syntax::FuncDecl>(decl);
    if (func != nullptr && func->recv == nullptr) out.push_back(func);
  }
  return out;
}

}  // namespace escapement::modules
