// Rewritten trees: what range-over-func rewriting left in syntax trees. It belongs to the trees, which a
// session's library keeps from one compilation to the next.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "engine/syntax/ast.h"
#include "engine/types/object.h"

namespace escapement::ir {

// What was rewritten, the variables and declaring names that the rewrite made, the returns that belong to
// body functions, and where defer statements in bodies register.
struct RewrittenTrees {
  std::unordered_set<const syntax::Node*> roots;
  std::unordered_set<const types::Var*> range_vars;
  std::unordered_set<const syntax::Name*> range_defs;
  std::unordered_set<const syntax::ReturnStmt*> range_returns;
  std::unordered_map<syntax::CallStmt*, syntax::Expr*> defer_at;
  std::unordered_set<const syntax::FuncLit*> range_bodies;  // literals that range-over-func loops became
};

}  // namespace escapement::ir
