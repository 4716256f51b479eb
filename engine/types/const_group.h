// ConstGroup: iota and repeated expressions of a parenthesised constant declaration.
#pragma once

#include <cstdint>
#include <span>

#include "engine/syntax/ast.h"

namespace escapement::types {

// Constants of a group: iota, and the last type and values that later specs repeat.
class ConstGroup {
 public:
  // Takes the next spec of `list` into account; `index` is its place there.
  void Next(std::span<syntax::Decl* const> list, size_t index) {
    auto* spec = syntax::As<syntax::ConstDecl>(list[index]);
    if (spec == nullptr) {
      first_ = -1;
      return;
    }
    auto* previous = index > 0 ? syntax::As<syntax::ConstDecl>(list[index - 1]) : nullptr;
    if (first_ < 0 || spec->group == nullptr || previous == nullptr || previous->group != spec->group) {
      first_ = static_cast<int64_t>(index);
      last_ = nullptr;
    }
    iota = static_cast<int64_t>(index) - first_;
    inherited = true;
    if (spec->type_expr != nullptr || spec->values != nullptr) {
      last_ = spec;
      inherited = false;
    } else if (last_ == nullptr) {
      inherited = false;
    }
  }

  syntax::Expr* type_expr() const { return last_ != nullptr ? last_->type_expr : nullptr; }
  std::span<syntax::Expr* const> values() const {
    return last_ != nullptr ? syntax::UnpackListExpr(last_->values) : std::span<syntax::Expr* const>();
  }
  int64_t iota = 0;
  bool inherited = false;

 private:
  int64_t first_ = -1;
  syntax::ConstDecl* last_ = nullptr;
};

}  // namespace escapement::types
