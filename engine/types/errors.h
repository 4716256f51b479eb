// Errors: building the checker's sentences and handing them to the emitter. Arguments
// print as types2's %s does: types and objects qualified relative to the package under
// check, expressions in short form, operands with their description.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/position.h"
#include "engine/syntax/ast.h"
#include "engine/types/context.h"
#include "engine/types/object.h"
#include "engine/types/operand.h"
#include "engine/types/type.h"

namespace escapement::types {

// Where an error is reported: the leftmost position of an expression or operand, the
// declaring identifier of an object, or a position as it is.
struct At {
  diag::Pos pos;
  At(diag::Pos p) : pos(p) {}
  At(const Object* object) : pos(object->pos) {}
  At(const syntax::Node* node) : pos(syntax::StartPos(node)) {}
  At(const Operand& x) : pos(x.expr != nullptr ? syntax::StartPos(x.expr) : diag::Pos()) {}
};

void Append(Context& c, std::string& out, std::string_view text);
void Append(Context& c, std::string& out, const char* text);
void Append(Context& c, std::string& out, const std::string& text);
void Append(Context& c, std::string& out, base::Name name);
void Append(Context& c, std::string& out, int64_t number);
void Append(Context& c, std::string& out, int number);
void Append(Context& c, std::string& out, size_t number);
void Append(Context& c, std::string& out, Type* type);
void Append(Context& c, std::string& out, const Object* object);
void Append(Context& c, std::string& out, const syntax::Node* node);
void Append(Context& c, std::string& out, const Operand& x);
// A position inside a message; the distribution's files are named as its export data does, from $GOROOT.
std::string PositionText(const diag::FileSet& files, diag::Pos pos);
void Append(Context& c, std::string& out, diag::Pos pos);
void Append(Context& c, std::string& out, syntax::Operator op);
void Append(Context& c, std::string& out, base::Constant value);
// Bracketed, comma-separated lists.
void Append(Context& c, std::string& out, TypeList types);
void Append(Context& c, std::string& out, std::span<TypeParam* const> tparams);
void Append(Context& c, std::string& out, std::span<syntax::Expr* const> exprs);

// The arguments one after the other.
template <typename... Args>
std::string Text(Context& c, const Args&... args) {
  std::string out;
  (Append(c, out, args), ...);
  return out;
}

// One error of several lines: the first is the error, further ones follow indented, with
// their position where they have one.
class Report {
 public:
  explicit Report(Context& c) : c_(c) {}
  Report& Add(At at, std::string text) {
    parts_.push_back({at.pos, std::move(text)});
    return *this;
  }
  // "other declaration of x", if x has a position.
  Report& AddAlternative(const Object* other);
  bool empty() const { return parts_.empty(); }
  diag::Pos pos() const { return parts_.empty() ? diag::Pos() : parts_[0].pos; }
  std::string message() const;
  // Emits the error (unless it follows from an earlier one) and empties the report.
  void Emit(bool soft = false);

 private:
  struct Part {
    diag::Pos pos;
    std::string text;
  };
  Context& c_;
  std::vector<Part> parts_;
};

template <typename... Args>
void Error(Context& c, At at, const Args&... args) {
  Report(c).Add(at, Text(c, args...)).Emit();
}
// An error that does not keep the package from being compiled.
template <typename... Args>
void SoftError(Context& c, At at, const Args&... args) {
  Report(c).Add(at, Text(c, args...)).Emit(true);
}

// Whether the file's language version is at least go1.`minor`.
bool AllowVersion(const Context& c, int minor);
// Reports "WHAT requires go1.N or later".
void VersionError(Context& c, At at, int minor, const std::string& what);
// AllowVersion, and reports if not.
template <typename... Args>
bool VerifyVersion(Context& c, At at, int minor, const Args&... what) {
  if (AllowVersion(c, minor)) return true;
  VersionError(c, at, minor, Text(c, what...));
  return false;
}

inline constexpr std::string_view kInvalidArg = "invalid argument: ";
inline constexpr std::string_view kInvalidOp = "invalid operation: ";

}  // namespace escapement::types
