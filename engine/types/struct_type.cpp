// Struct types.
#include "engine/base/unicode.h"
#include "engine/types/errors.h"
#include "engine/types/objset.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

namespace {

syntax::Expr* PointerBase(syntax::Expr* e) {
  auto* op = syntax::As<syntax::Operation>(e);
  return op != nullptr && op->op == syntax::Operator::kMul && op->y == nullptr ? op->x : nullptr;
}

// The name of an embedded field: T, *T, p.T, *p.T, instantiated or not; null for other types.
syntax::Name* EmbeddedName(syntax::Expr* e) {
  switch (e->kind) {
    case syntax::NodeKind::kName:
      return syntax::To<syntax::Name>(e);
    case syntax::NodeKind::kOperation: {
      syntax::Expr* base = PointerBase(e);
      if (base == nullptr || PointerBase(base) != nullptr) return nullptr;  // **T is not allowed
      return EmbeddedName(base);
    }
    case syntax::NodeKind::kSelectorExpr:
      return syntax::To<syntax::SelectorExpr>(e)->sel;
    case syntax::NodeKind::kIndexExpr:
      return EmbeddedName(syntax::To<syntax::IndexExpr>(e)->x);
    default:
      return nullptr;
  }
}

std::string_view TagText(Context& c, syntax::BasicLit* tag) {
  if (tag == nullptr || tag->bad) return {};
  if (tag->lit_kind == syntax::LitKind::kString) {
    if (std::optional<std::string> text = base::UnquoteString(tag->text)) {
      return c.arena.Copy(std::string_view(*text));
    }
  }
  Error(c, tag, "invalid syntax tree: incorrect tag syntax: ", base::Quote(tag->text));
  return {};
}

// What may not be embedded; known when all types are set up.
void CheckEmbedded(Context& c, diag::Pos pos, Type* type) {
  bool pointer = false;
  Type* t = Deref(type, &pointer);
  Type* u = Underlying(t);
  if (auto* basic = As<Basic>(u)) {
    if (basic->basic == BasicKind::kUnsafePointer) {
      Error(c, pos, "embedded field type cannot be unsafe.Pointer");
    }
  } else if (As<Pointer>(u) != nullptr) {
    Error(c, pos, "embedded field type cannot be a pointer");
  } else if (As<Interface>(u) != nullptr) {
    if (IsTypeParam(t)) {
      Error(c, pos, "embedded field type cannot be a (pointer to a) type parameter");
    } else if (pointer) {
      Error(c, pos, "embedded field type cannot be a pointer to an interface");
    }
  }
}

class FieldCollector {
 public:
  explicit FieldCollector(Context& c) : c_(c) {}

  void Add(syntax::Name* name, diag::Pos pos, Type* type, std::string_view tag, bool embedded) {
    if (!tag.empty()) has_tags_ = true;
    Var* field = NewVar(c_, VarKind::kField, pos, c_.env.pkg, name->name, type);
    field->embedded = embedded;
    if (name->text() != "_") {
      if (Object* other = set_.Insert(field)) {
        Report(c_).Add(pos, name->name.str() + " redeclared").AddAlternative(other).Emit();
        return;
      }
    }
    fields_.push_back(field);
    tags_.push_back(tag);
    // An embedded field's name keeps denoting the type in the tree.
    if (!embedded) RecordObject(name, field);
  }

  void Finish(Struct* type) {
    type->fields = c_.arena.Copy(fields_);
    if (has_tags_) type->tags = c_.arena.Copy(tags_);
  }

 private:
  Context& c_;
  ObjectSet set_;
  std::vector<Var*> fields_;
  std::vector<std::string_view> tags_;
  bool has_tags_ = false;
};

}  // namespace

void StructType(Context& c, Struct* result, syntax::StructType* e) {
  FieldCollector fields(c);
  Type* type = nullptr;
  syntax::Expr* previous = nullptr;
  for (size_t i = 0; i < e->fields.size(); ++i) {
    syntax::Field* f = e->fields[i];
    // Fields declared in one list share their type.
    if (i == 0 || f->type_expr != previous) {
      type = VarType(c, f->type_expr);
      previous = f->type_expr;
    }
    std::string_view tag = i < e->tags.size() ? TagText(c, e->tags[i]) : std::string_view();
    if (f->name != nullptr) {
      fields.Add(f->name, f->name->pos, type, tag, false);
      continue;
    }
    diag::Pos pos = syntax::StartPos(f->type_expr);
    syntax::Name* name = EmbeddedName(f->type_expr);
    if (name == nullptr) {
      Error(c, pos, "invalid syntax tree: invalid embedded field type ", f->type_expr);
      continue;
    }
    fields.Add(name, name->pos, type, tag, true);
    LaterVerify(c, [&c, pos, type] { CheckEmbedded(c, pos, type); });
  }
  fields.Finish(result);
}

}  // namespace escapement::types
