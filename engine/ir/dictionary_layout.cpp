// What a generic object's dictionary must hold: a walk over its bodies in the order gc's
// writer meets derived types, instances, method expressions and itabs. The layout does not
// depend on type arguments.
#include "engine/base/check.h"
#include "engine/ir/body.h"
#include "engine/types/predicates.h"
#include "engine/types/typeset.h"

namespace escapement::ir {

using syntax::As;
using syntax::To;
using NodeKind = syntax::NodeKind;

namespace {

struct LayoutCollector {
  Builder::Impl& b;
  DictionaryLayout& layout;
  TypeArgs args;  // stands for the object: index of its type parameters
  Body helper;
  types::Signature* sig = nullptr;

  LayoutCollector(Builder::Impl& impl, DictionaryLayout& out, types::Object* object, Func* fn,
                  BodySource* source)
      : b(impl), layout(out), helper(impl, fn, source) {
    args.object = object;
  }

  types::Type* Core(types::Type* type) { return CoreType(b.context(), type); }

  // ---- entries

  void Rtype(types::Type* type) {
    if (type == nullptr) return;
    type = types::Default(type);
    if (b.IsDerived(type)) layout.RtypeIndex(type);
  }
  void Itab(types::Type* type, types::Type* iface) {
    type = types::Default(type);
    iface = types::Default(iface);
    Rtype(type);
    Rtype(iface);
    if (b.IsDerived(type) || b.IsDerived(iface)) layout.ItabIndex(type, iface);
  }
  void Instance(types::Object* object, types::TypeList targs, bool derived) {
    InstanceInfo info{object, {targs.begin(), targs.end()}};
    for (types::Type* arg : info.targs) derived = derived || b.IsDerived(arg);
    if (derived) layout.SubdictIndex(info);
  }
  void Local(types::Var* var) { Rtype(var->type); }

  void Method(types::Type* recv, const types::Selection* sel) {
    auto* func = static_cast<types::Func*>(sel->object);
    types::Type* bare = types::Unalias(recv);
    if (auto* param = types::As<types::TypeParam>(bare)) {
      layout.MethodExprIndex(b.TypeParamIndex(param, &args), b.SelectorOf(func));
      return;
    }
    if (types::As<types::Interface>(types::Underlying(bare)) != nullptr) return;
    if (auto* pointer = types::As<types::Pointer>(bare)) bare = types::Unalias(pointer->base);
    auto* named = types::As<types::Named>(bare);
    if (named != nullptr && b.IsDerived(named)) Instance(types::Obj(named), named->targs, true);
  }

  // ---- functions

  void Function(types::Signature* signature, syntax::BlockStmt* body) {
    types::Signature* saved = sig;
    sig = signature;
    if (sig->recv != nullptr) Local(sig->recv);
    for (types::Var* v : sig->param_vars()) Local(v);
    for (types::Var* v : sig->result_vars()) Local(v);
    if (body != nullptr) Stmts(body->list);
    sig = saved;
  }

  // ---- statements

  void Stmts(std::span<syntax::Stmt*> stmts) {
    size_t last_label = 0;
    bool has_label = false, dead = false;
    for (size_t i = 0; i < stmts.size(); ++i)
      if (stmts[i]->kind == NodeKind::kLabeledStmt) last_label = i, has_label = true;
    for (size_t i = 0; i < stmts.size(); ++i) {
      if (dead && (!has_label || i > last_label) && stmts[i]->kind != NodeKind::kLabeledStmt) continue;
      Stmt(stmts[i]);
      dead = helper.Terminates(stmts[i]);
    }
  }

  void Stmt(syntax::Stmt* stmt) {
    if (stmt == nullptr) return;
    switch (stmt->kind) {
      case NodeKind::kAssignStmt: {
        auto* s = To<syntax::AssignStmt>(stmt);
        if (s->rhs == nullptr) return Expr(s->lhs);
        if (s->op != syntax::Operator::kNone && s->op != syntax::Operator::kDef) {
          Expr(s->lhs);
          return Conv(IsShift(s->op) ? nullptr : TypeOfExpr(s->lhs), s->rhs, true);
        }
        return Assign(UnpackListExpr(s->lhs), UnpackListExpr(s->rhs));
      }
      case NodeKind::kBlockStmt:
        return Stmts(To<syntax::BlockStmt>(stmt)->list);
      case NodeKind::kCallStmt:
        return Expr(To<syntax::CallStmt>(stmt)->call);
      case NodeKind::kDeclStmt:
        for (syntax::Decl* decl : To<syntax::DeclStmt>(stmt)->decls)
          if (auto* var = As<syntax::VarDecl>(static_cast<syntax::Node*>(decl))) {
            std::vector<syntax::Expr*> names(var->names.begin(), var->names.end());
            Assign(names, UnpackListExpr(var->values));
          }
        return;
      case NodeKind::kExprStmt:
        return Expr(To<syntax::ExprStmt>(stmt)->x);
      case NodeKind::kForStmt:
        return For(To<syntax::ForStmt>(stmt));
      case NodeKind::kIfStmt: {
        auto* s = To<syntax::IfStmt>(stmt);
        int known = helper.StaticBool(s->cond);
        Stmt(s->init);
        Expr(s->cond);
        if (known >= 0) Stmts(s->then->list);
        if (known <= 0) Stmt(s->else_stmt);
        return;
      }
      case NodeKind::kLabeledStmt:
        return Stmt(To<syntax::LabeledStmt>(stmt)->stmt);
      case NodeKind::kReturnStmt: {
        std::span<types::Var*> results = sig->result_vars();
        return Multi([&](size_t i) { return results[i]->type; },
                     UnpackListExpr(To<syntax::ReturnStmt>(stmt)->results));
      }
      case NodeKind::kSelectStmt:
        for (syntax::CommClause* clause : To<syntax::SelectStmt>(stmt)->body) {
          Stmt(clause->comm);
          Stmts(clause->body);
        }
        return;
      case NodeKind::kSendStmt: {
        auto* s = To<syntax::SendStmt>(stmt);
        Expr(s->chan);
        return Conv(types::As<types::Chan>(Core(TypeOfExpr(s->chan)))->elem, s->value, true);
      }
      case NodeKind::kSwitchStmt:
        return Switch(To<syntax::SwitchStmt>(stmt));
      default:
        return;
    }
  }

  void Assignee(syntax::Expr* expr) {
    expr = Unparen(expr);
    if (auto* name = As<syntax::Name>(static_cast<syntax::Node*>(expr))) {
      if (name->text() == "_") return;
      auto* var = types::As<types::Var>(name->object);
      bool defines =
          var != nullptr && (b.rewritten.range_vars.contains(var) ? b.rewritten.range_defs.contains(name)
                                                                  : var->pos == name->pos);
      if (defines && !IsGlobal(var)) return Local(var);
    }
    Expr(expr);
  }

  void Assign(std::span<syntax::Expr* const> lhs, std::span<syntax::Expr* const> rhs) {
    for (syntax::Expr* e : lhs) Assignee(e);
    Multi([&](size_t i) { return helper.AssigneeType(lhs[i]); }, rhs);
  }

  void For(syntax::ForStmt* stmt) {
    if (stmt->init != nullptr && stmt->init->kind == NodeKind::kRangeClause) {
      auto* clause = To<syntax::RangeClause>(stmt->init);
      std::span<syntax::Expr* const> lhs = UnpackListExpr(clause->lhs);
      for (syntax::Expr* e : lhs) Assignee(e);
      Expr(clause->x);
      types::Type* xtype = TypeOfExpr(clause->x);
      if (types::As<types::Map>(Core(xtype)) != nullptr) Rtype(xtype);
      auto [key, value] = RangeKeyValue(b.context(), xtype);
      types::Type* sources[2] = {key, value};
      for (size_t i = 0; i < lhs.size() && i < 2; ++i)
        if (sources[i] != nullptr && !IsBlankName(Unparen(lhs[i])))
          Itab(sources[i], helper.AssigneeType(lhs[i]));
    } else {
      if (stmt->cond != nullptr && helper.StaticBool(stmt->cond) < 0) {
        stmt->post = nullptr;
        stmt->body->list = {};
      }
      Stmt(stmt->init);
      if (stmt->cond != nullptr) Expr(stmt->cond);
      Stmt(stmt->post);
    }
    Stmts(stmt->body->list);
  }

  void Switch(syntax::SwitchStmt* stmt) {
    Stmt(stmt->init);
    auto* guard = As<syntax::TypeSwitchGuard>(static_cast<syntax::Node*>(stmt->tag));
    types::Type* tag_type = nullptr;
    bool chan_tag = false;
    if (guard != nullptr) {
      Expr(guard->x);
    } else {
      helper.SimplifySwitch(stmt);
      tag_type = helper.SwitchTagType(stmt, &chan_tag);
      if (stmt->tag != nullptr) Conv(tag_type, stmt->tag, true);
    }
    for (syntax::CaseClause* clause : stmt->body) {
      for (syntax::Expr* e : UnpackListExpr(clause->cases)) {
        if (guard == nullptr)
          Conv(chan_tag ? nullptr : tag_type, e, true);
        else if (e->mode == syntax::ExprMode::kTypeExpr)
          ExprType(TypeOfExpr(guard->x), e);
      }
      if (auto* var = types::As<types::Var>(clause->implicit_object)) Local(var);
      Stmts(clause->body);
    }
  }

  // ---- expressions

  void Multi(const std::function<types::Type*(size_t)>& dst, std::span<syntax::Expr* const> exprs) {
    if (exprs.size() == 1) {
      if (auto* tuple = types::As<types::Tuple>(TypeOfExpr(exprs[0]))) {
        Expr(exprs[0]);
        for (size_t i = 0; i < tuple->vars.size(); ++i) {
          types::Type* want = dst(i);
          if (want != nullptr && !types::Identical(tuple->vars[i]->type, want))
            Itab(tuple->vars[i]->type, want);
        }
        return;
      }
    }
    for (size_t i = 0; i < exprs.size(); ++i) Conv(dst(i), exprs[i], true);
  }

  void Conv(types::Type* dst, syntax::Expr* expr, bool implicit) {
    types::Type* src = TypeOfExpr(expr);
    if (!(implicit && (dst == nullptr || src == nullptr || types::Identical(src, dst)))) Itab(src, dst);
    Expr(expr);
  }

  void ExprType(types::Type* iface, syntax::Expr* expr) {
    types::Type* type = TypeOfExpr(expr);
    if (iface != nullptr &&
        !types::TypeSetOf(types::As<types::Interface>(types::Underlying(iface)))->methods.empty())
      Itab(type, iface);
    else
      Rtype(type);
  }

  void Receiver(syntax::SelectorExpr* expr) {
    types::Type* type = nullptr;
    Expr(expr->x);
    type = helper.ReceiverType(expr);
    Method(type, expr->selection);
  }

  void Expr(syntax::Expr* expr) {
    expr = Unparen(expr);
    if (expr->value.has_value()) return;
    ObjectUse use = LookupObject(expr);
    if (use.object != nullptr) {
      if (use.instance != nullptr && !use.instance->targs.empty())
        Instance(use.object, use.instance->targs, false);
      return;
    }
    switch (expr->kind) {
      case NodeKind::kCompositeLit:
        return Literal(To<syntax::CompositeLit>(expr));
      case NodeKind::kFuncLit: {
        auto* lit = To<syntax::FuncLit>(expr);
        return Function(types::As<types::Signature>(TypeOfExpr(lit)), lit->body);
      }
      case NodeKind::kSelectorExpr: {
        auto* s = To<syntax::SelectorExpr>(expr);
        switch (s->selection->kind) {
          case types::SelectionKind::kFieldVal:
            return Expr(s->x);
          case types::SelectionKind::kMethodVal:
            return Receiver(s);
          case types::SelectionKind::kMethodExpr:
            return Method(helper.ReceiverType(s), s->selection);
        }
        return;
      }
      case NodeKind::kIndexExpr: {
        auto* s = To<syntax::IndexExpr>(expr);
        types::Type* xtype = TypeOfExpr(s->x);
        auto* map = types::As<types::Map>(Core(xtype));
        Expr(s->x);
        Conv(map != nullptr ? map->key : nullptr, s->index, true);
        if (map != nullptr) Rtype(xtype);
        return;
      }
      case NodeKind::kSliceExpr:
        Expr(To<syntax::SliceExpr>(expr)->x);
        for (syntax::Expr* i : To<syntax::SliceExpr>(expr)->index)
          if (i != nullptr) Expr(i);
        return;
      case NodeKind::kAssertExpr: {
        auto* s = To<syntax::AssertExpr>(expr);
        Expr(s->x);
        ExprType(TypeOfExpr(s->x), s->type_expr);
        return Rtype(TypeOfExpr(s->x));
      }
      case NodeKind::kOperation: {
        auto* s = To<syntax::Operation>(expr);
        if (s->y == nullptr) return Expr(s->x);
        types::Type* common = nullptr;
        if (!IsShift(s->op)) {
          types::Type *x = TypeOfExpr(s->x), *y = TypeOfExpr(s->y);
          common = b.Assignable(x, y) ? y : x;
        }
        Conv(common, s->x, true);
        return Conv(common, s->y, true);
      }
      case NodeKind::kCallExpr:
        return Call(To<syntax::CallExpr>(expr));
      default:
        return;
    }
  }

  void Literal(syntax::CompositeLit* lit) {
    types::Type* type = TypeOfExpr(lit);
    if (auto* pointer = types::As<types::Pointer>(Core(type))) type = pointer->base;
    types::Type* core = Core(type);
    types::Type *key = nullptr, *elem = nullptr;
    auto* strukt = types::As<types::Struct>(core);
    if (auto* array = types::As<types::Array>(core)) elem = array->elem;
    if (auto* slice = types::As<types::Slice>(core)) elem = slice->elem;
    if (auto* map = types::As<types::Map>(core)) {
      Rtype(type);
      key = map->key;
      elem = map->elem;
    }
    for (size_t i = 0; i < lit->elems.size(); ++i) {
      syntax::Expr* e = lit->elems[i];
      types::Type* want = elem;
      auto* kv = As<syntax::KeyValueExpr>(static_cast<syntax::Node*>(e));
      if (strukt != nullptr) {
        if (kv != nullptr) {
          for (types::Var* f : strukt->fields)
            if (f == As<syntax::Name>(static_cast<syntax::Node*>(kv->key))->object) want = f->type;
        } else {
          want = strukt->fields[i]->type;
        }
      } else if (kv != nullptr) {
        Conv(key, kv->key, true);
      }
      Conv(want, kv != nullptr ? kv->value_expr : e, true);
    }
  }

  types::Type* SliceElem(types::Type* type) {
    if (auto* tuple = types::As<types::Tuple>(type)) type = tuple->vars[0]->type;
    auto* slice = types::As<types::Slice>(Core(type));
    return slice != nullptr ? slice->elem : nullptr;
  }

  void Call(syntax::CallExpr* call) {
    using B = types::BuiltinId;
    syntax::Expr* fun = Unparen(call->fun);
    if (fun->mode == syntax::ExprMode::kTypeExpr) return Conv(TypeOfExpr(fun), call->args[0], false);
    ObjectUse use = LookupObject(fun);
    types::Type* rtype = nullptr;
    if (auto* builtin = types::As<types::Builtin>(use.object)) {
      switch (builtin->id) {
        case B::kMake: {
          ExprType(nullptr, call->args[0]);
          for (syntax::Expr* e : call->args.subspan(1)) Expr(e);
          types::Type* type = TypeOfExpr(call);
          types::Type* elem = types::As<types::Slice>(Core(type)) != nullptr ? SliceElem(type) : nullptr;
          return Rtype(elem != nullptr ? elem : type);
        }
        case B::kNew:
          if (call->args[0]->mode == syntax::ExprMode::kTypeExpr) return ExprType(nullptr, call->args[0]);
          return Expr(call->args[0]);
        case B::kUnsafeSizeof:
        case B::kUnsafeAlignof:
        case B::kUnsafeOffsetof:
          return;
        case B::kAppend:
        case B::kUnsafeSlice:
          rtype = SliceElem(TypeOfExpr(call));
          break;
        case B::kCopy:
          rtype = SliceElem(TypeOfExpr(call->args[0]));
          break;
        case B::kDelete: {
          rtype = TypeOfExpr(call->args[0]);
          if (auto* tuple = types::As<types::Tuple>(rtype)) rtype = tuple->vars[0]->type;
          break;
        }
        default:
          break;
      }
    } else {
      auto* selector = As<syntax::SelectorExpr>(static_cast<syntax::Node*>(fun));
      if (selector != nullptr && selector->selection != nullptr &&
          selector->selection->kind == types::SelectionKind::kMethodVal)
        Receiver(selector);
      else
        Expr(fun);
    }
    auto* sig_type = types::As<types::Signature>(Core(TypeOfExpr(call->fun)));
    std::span<types::Var*> params = sig_type->param_vars();
    Multi(
        [&](size_t i) -> types::Type* {
          if (sig_type->variadic && !call->has_dots && i + 1 >= params.size())
            return SliceElem(params.back()->type);
          return params[i]->type;
        },
        call->args);
    if (rtype != nullptr) Rtype(rtype);
  }
};

}  // namespace

DictionaryLayout* Builder::Impl::LayoutOf(types::Object* object) {
  auto [it, added] = layouts.try_emplace(object, nullptr);
  if (!added) return it->second;
  DictionaryLayout* layout = &all_layouts.emplace_back();
  it->second = layout;
  layout->implicits = LayoutImplicits(object);
  Func scratch;
  BodySource source;
  source.package = object->pkg;
  auto collect = [&](types::Func* func) {
    Resolve(func);
    syntax::FuncDecl* decl = func->decl != nullptr ? func->decl->fdecl : nullptr;
    if (func->pkg->is_library) checker.CheckBody(func);
    if (decl != nullptr && decl->body != nullptr) {
      CollectLocalTypes(func, decl->body);
      RewriteRangeFuncs(func->pkg, func->signature(), decl->body);
    }

    LayoutCollector collector(*this, *layout, object, &scratch, &source);
    collector.Function(func->signature(), decl != nullptr ? decl->body : nullptr);
  };
  if (auto* func = types::As<types::Func>(object)) {
    collect(func);
  } else if (auto* named = types::AsNamed(object->type)) {
    for (size_t i = 0, n = types::NumMethods(named); i < n; ++i) collect(types::Method(named, i));
  }
  layout->complete = true;
  return layout;
}

}  // namespace escapement::ir
