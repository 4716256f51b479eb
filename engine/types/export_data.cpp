#include "engine/types/export_data.h"

#include "engine/syntax/parser.h"
#include "engine/syntax/walk.h"
#include "engine/types/decl.h"
#include "engine/types/object.h"

namespace escapement::types {

namespace {

// The declared type's name in a receiver's type.
syntax::Name* ReceiverName(syntax::Expr* type) {
  for (;;) {
    if (auto* paren = syntax::As<syntax::ParenExpr>(type)) {
      type = paren->x;
    } else if (auto* star = syntax::As<syntax::Operation>(type)) {
      type = star->x;
    } else if (auto* instance = syntax::As<syntax::IndexExpr>(type)) {
      type = instance->x;
    } else {
      return syntax::As<syntax::Name>(type);
    }
  }
}

// Walks from the exported objects of one package to all they need.
class Reach {
 public:
  Reach(Context& c, Package* package) : c_(c), package_(package) {}

  std::unordered_set<const Object*> Run() {
    for (Object* object : package_->objects) {
      if (object->kind != ObjectKind::kFunc || object->decl->fdecl->recv == nullptr) {
        if (object->exported() && object->parent == package_->scope) Add(object);
      } else if (syntax::Name* name = ReceiverName(object->decl->fdecl->recv->type_expr)) {
        methods_[name->name].push_back(object);
      }
    }
    while (!todo_.empty()) {
      Object* next = todo_.back();
      todo_.pop_back();
      Visit(next);
    }
    return std::move(seen_);
  }

 private:
  void Add(Object* object) {
    if (seen_.insert(object).second) todo_.push_back(object);
  }

  void Visit(Object* object) {
    DeclInfo* decl = object->decl;
    if (decl == nullptr) return;
    switch (object->kind) {
      case ObjectKind::kTypeName:
        Mentioned(decl->tdecl);
        for (Object* method : methods_[object->name]) Function(method);
        break;
      case ObjectKind::kFunc:
        Function(object);
        break;
      case ObjectKind::kConst:
      case ObjectKind::kVar:
        if (decl->vtype != nullptr) {
          Mentioned(decl->vtype);
        } else {
          ObjDecl(c_, object);
          OfType(object->type);
        }
        break;
      default:
        break;
    }
  }

  void Function(Object* object) {
    syntax::FuncDecl* decl = object->decl->fdecl;
    Mentioned(decl->recv);
    Mentioned(decl->type_expr);
    for (syntax::Field* tparam : decl->tparams) Mentioned(tparam);
    if (!decl->has_body && decl->body == nullptr) return;
    auto options = c_.parse_options.find(package_);
    auto emitter = c_.emitters.find(package_);
    if (options == c_.parse_options.end() || emitter == c_.emitters.end()) return;
    syntax::ParseBody({c_.arena, c_.names, c_.files, *emitter->second}, decl, options->second);
    bool inlinable = c_.inlinable && c_.inlinable(static_cast<Func*>(object));
    if (!decl->tparams.empty() || inlinable || (object->exported() && IsOneStatement(decl->body)))
      MentionedIn(decl->body);
  }

  // The statements that are not dead by a constant condition: not for this architecture.
  void MentionedIn(syntax::BlockStmt* body) {
    if (body == nullptr) return;
    for (syntax::Stmt* statement : body->list) {
      Const* condition = ConstantCondition(statement);
      if (condition == nullptr) {
        Mentioned(statement);
        continue;
      }
      ObjDecl(c_, condition);
      if (condition->value.kind() != base::ConstantKind::kBool || !condition->value.BoolVal()) continue;
      return MentionedIn(syntax::As<syntax::IfStmt>(statement)->then);  // it returns
    }
  }

  // Whether a body is short enough to be inlinable, where that is not known: one statement, and what
  // stands under a constant condition.
  bool IsOneStatement(syntax::BlockStmt* body) {
    if (body == nullptr) return false;
    int statements = 0;
    for (syntax::Stmt* statement : body->list) statements += ConstantCondition(statement) != nullptr ? 0 : 1;
    return statements == 1;
  }
  Const* ConstantCondition(syntax::Node* node) {
    auto* branch = syntax::As<syntax::IfStmt>(node);
    auto* condition = branch == nullptr ? nullptr : syntax::As<syntax::Name>(branch->cond);
    Object* object = condition == nullptr ? nullptr : package_->scope->Lookup(condition->name);
    return object == nullptr ? nullptr : As<Const>(object);
  }

  void Mentioned(syntax::Node* node) {
    if (node == nullptr) return;
    if (auto* selector = syntax::As<syntax::SelectorExpr>(node)) return Mentioned(selector->x);
    if (auto* name = syntax::As<syntax::Name>(node)) {
      Object* object = package_->scope->Lookup(name->name);
      if (object != nullptr && object->kind != ObjectKind::kConst) Add(object);  // constants are folded
      return;
    }
    syntax::ForEachChild(node, [this](syntax::Node* child) { Mentioned(child); });
  }

  // A variable's inferred type.
  void OfType(Type* type) {
    if (type == nullptr) return;
    switch (type->kind) {
      case TypeKind::kNamed:
        if (Object* object = As<Named>(type)->object; object->pkg == package_) Add(object);
        break;
      case TypeKind::kPointer:
        return OfType(As<Pointer>(type)->base);
      case TypeKind::kSlice:
        return OfType(As<Slice>(type)->elem);
      case TypeKind::kArray:
        return OfType(As<Array>(type)->elem);
      case TypeKind::kChan:
        return OfType(As<Chan>(type)->elem);
      case TypeKind::kMap:
        OfType(As<Map>(type)->key);
        return OfType(As<Map>(type)->elem);
      default:
        break;
    }
  }

  Context& c_;
  Package* package_;
  std::unordered_set<const Object*> seen_;
  std::vector<Object*> todo_;
  std::unordered_map<base::Name, std::vector<Object*>> methods_;
};

}  // namespace

bool InExportData(Context& c, const Object* object) {
  auto [it, added] = c.export_data.try_emplace(object->pkg);
  if (added) {
    std::unordered_set<const Object*> seen = Reach(c, object->pkg).Run();
    it = c.export_data.find(object->pkg);
    it->second = std::move(seen);
  }
  return it->second.count(object) != 0;
}

}  // namespace escapement::types
