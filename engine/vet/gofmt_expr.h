// An expression as gofmt lays it out on its own: messages of vet quote arguments so.
#pragma once

#include <string>

#include "engine/diag/file_set.h"
#include "engine/syntax/ast.h"

namespace escapement::vet {

// `files` holds the source, from which function literals are taken as they stand.
std::string GofmtExpr(const syntax::Expr* expr, const diag::FileSet& files);

}  // namespace escapement::vet
