// Calls: function values, conversions and built-ins; instantiation of generic functions.
#include "engine/types/assign.h"
#include "engine/types/builtins.h"
#include "engine/types/convert.h"
#include "engine/types/errors.h"
#include "engine/types/expr.h"
#include "engine/types/infer.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/subst.h"
#include "engine/types/typeset.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

namespace {

std::span<syntax::Expr* const> IndexList(syntax::IndexExpr* e) {
  return syntax::UnpackListExpr(e->index);
}

// The instance of a generic signature; constraints are verified later. `explicit_args` are the type
// argument expressions, for positions.
Signature* InstantiateSignature(Context& c, diag::Pos pos, syntax::Expr* e, Signature* sig, TypeList targs,
                                std::span<syntax::Expr* const> explicit_args) {
  TypeList owned = c.arena.Copy(targs);
  auto* instance = static_cast<Signature*>(Instantiate(c, pos, sig, owned));
  RecordInstance(c, e, owned, instance);
  std::vector<syntax::Expr*> args(explicit_args.begin(), explicit_args.end());
  LaterVerify(c, [&c, pos, sig, owned, args] {
    std::string cause;
    int i = VerifyInstance(c, pos, sig->tparams, owned, &cause);
    if (i >= 0) {
      auto n = static_cast<size_t>(i);
      SoftError(c, n < args.size() ? At(args[n]) : At(pos), cause);
    } else {
      RecordMonoInstance(c, c.env.pkg, pos, sig->tparams, owned, args);
    }
  });
  return instance;
}

// One value for each result of a call.
std::vector<Operand> TupleOperands(Tuple* tuple, syntax::Expr* e) {
  std::vector<Operand> list;
  for (Var* var : tuple->vars) {
    Operand& x = list.emplace_back();
    x.mode = Mode::kValue;
    x.expr = e;
    x.type = var->type;
  }
  return list;
}

}  // namespace

std::vector<Type*> FuncInst(Context& c, const Target* target, diag::Pos pos, Operand* x,
                            syntax::IndexExpr* inst, bool infer) {
  bool has_target = target != nullptr && target->sig != nullptr;
  diag::Pos error_pos = inst != nullptr ? inst->pos : pos;
  if (inst != nullptr) x->expr = inst;  // else keep the expression of x
  bool version_error = !VerifyVersion(c, error_pos, 18, "function instantiation");

  std::vector<Type*> targs;
  std::span<syntax::Expr* const> xlist;
  if (inst != nullptr) {
    xlist = IndexList(inst);
    if (!TypeExprList(c, xlist, &targs)) {
      x->Invalidate();
      return {};
    }
  }
  auto* sig = As<Signature>(x->type);
  size_t got = targs.size(), want = sig->tparams.size();
  if (got > want) {
    Error(c, xlist[got - 1], "got ", got, " type arguments but want ", want);
    x->Invalidate();
    return {};
  }
  if (got < want) {
    if (!infer) return targs;
    // The uninstantiated function type plays the parameter, the target's type the argument
    // (of reverse inference).
    std::vector<Operand> args;
    std::vector<Var*> params;
    syntax::Name* name = nullptr;
    if (has_target) {
      if (!version_error && !AllowVersion(c, 21)) {
        VersionError(c, error_pos, 21,
                     inst != nullptr ? "partially instantiated function in assignment"
                                     : "implicitly instantiated function in assignment");
      }
      auto* generic = NewType<Signature>(c);
      generic->params = sig->params;
      generic->results = sig->results;
      generic->variadic = sig->variadic;
      params.push_back(NewVar(c, VarKind::kParam, x->expr->pos, c.env.pkg, {}, generic));
      name = syntax::NewNode<syntax::Name>(c.arena, x->expr->pos);
      name->name = c.Intern(target->description);
      Operand& arg = args.emplace_back();
      arg.mode = Mode::kValue;
      arg.expr = name;
      arg.type = target->sig;
    }
    // The function may be used recursively inside itself: rename its parameters.
    Type* renamed = nullptr;
    std::vector<TypeParam*> tparams = RenameTypeParams(c, pos, sig->tparams, NewTuple(c, params), &renamed);
    std::vector<Operand*> arg_list;
    for (Operand& arg : args) arg_list.push_back(&arg);
    Report error(c);
    targs = Infer(c, pos, tparams, targs, static_cast<Tuple*>(renamed), arg_list, has_target, error);
    if (targs.empty()) {
      if (!error.empty()) error.Emit();
      x->Invalidate();
      return {};
    }
  }
  x->type = InstantiateSignature(c, x->expr->pos, x->expr, sig, targs, xlist);
  x->mode = Mode::kValue;
  return {};
}

std::vector<Operand> ExprList(Context& c, std::span<syntax::Expr* const> list) {
  if (list.size() == 1) return MultiExpr(c, list[0], false, nullptr);
  std::vector<Operand> result(list.size());
  for (size_t i = 0; i < list.size(); ++i) Expr(c, &result[i], list[i]);
  return result;
}

namespace {

// A possibly partial instantiation as an argument. Returns false if e is something else (which
// is then checked into x by the caller unless it was an index expression).
bool GenericIndexArgument(Context& c, Operand* x, syntax::Expr* e, bool infer, std::vector<Type*>* targs) {
  auto* inst = syntax::As<syntax::IndexExpr>(e);
  if (inst == nullptr || !IndexExpr(c, x, inst)) return false;
  *targs = FuncInst(c, nullptr, x->expr->pos, x, inst, infer);
  if (!targs->empty()) {
    x->expr = inst;  // still generic: recorded when its instance is known
  } else {
    Record(c, *x);
  }
  return true;
}

}  // namespace

std::vector<Operand> GenericExprList(Context& c, std::span<syntax::Expr* const> list,
                                     std::vector<std::vector<Type*>>* atargs) {
  // Before Go 1.21 partially instantiated functions were completed here.
  bool infer = !(list.size() > 0 && AllowVersion(c, 21));
  std::vector<std::vector<Type*>> partial(list.size());
  std::vector<Operand> result;
  if (list.size() == 1) {
    syntax::Expr* e = list[0];
    Operand x;
    if (!GenericIndexArgument(c, &x, e, infer, &partial[0])) {
      RawExpr(c, nullptr, &x, e, nullptr, true);
      ExcludeNonValues(c, &x);
    }
    auto* tuple = x.valid() ? As<Tuple>(x.type) : nullptr;
    if (tuple != nullptr) {
      result = TupleOperands(tuple, e);
    } else {
      result.push_back(x);
    }
  } else {
    result.resize(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      if (!GenericIndexArgument(c, &result[i], list[i], infer, &partial[i]))
        GenericExpr(c, &result[i], list[i]);
    }
  }
  if (atargs != nullptr) *atargs = std::move(partial);
  return result;
}

namespace {

// T(x)
ExprKind ConversionCall(Context& c, Operand* x, syntax::CallExpr* call) {
  NonGeneric(c, nullptr, x);
  if (!x->valid()) {
    x->expr = call;
    return ExprKind::kConversion;
  }
  Type* type = x->type;
  x->Invalidate();
  size_t count = call->args.size();
  if (count == 0) {
    Error(c, call, "missing argument in conversion to ", type);
  } else if (count > 1) {
    Use(c, call->args);
    Error(c, call->args[count - 1], "too many arguments in conversion to ", type);
  } else {
    Expr(c, x, call->args[0]);
    if (x->valid()) {
      auto* iface = Under<Interface>(type);
      if (iface != nullptr && !IsTypeParam(type) && !TypeSetOf(iface)->IsMethodSet()) {
        Error(c, call, "cannot use interface ", type,
              " in conversion (contains specific type constraints or is comparable)");
        x->Invalidate();
      } else if (call->has_dots) {
        Error(c, call->args[0], "invalid use of ... in conversion to ", type);
        x->Invalidate();
      } else {
        Conversion(c, x, type);
      }
    }
  }
  x->expr = call;
  return ExprKind::kConversion;
}

// Checks arguments against parameters; infers type arguments. Returns the signature
// called: instantiated, or as given after an error.
class ArgumentCheck {
 public:
  ArgumentCheck(Context& c, syntax::CallExpr* call, Signature* sig) : c_(c), call_(call), sig_(sig) {}

  Signature* Run(std::vector<Type*> targs, std::span<syntax::Expr* const> xlist, std::vector<Operand>& args,
                 const std::vector<std::vector<Type*>>& atargs);

 private:
  bool AdjustParameters(std::vector<Operand>& args);
  void ReportCount(std::vector<Operand>& args, size_t want);
  bool InferArguments(std::vector<Type*> targs, std::span<syntax::Expr* const> xlist,
                      std::vector<Operand>& args, const std::vector<std::vector<Type*>>& atargs);

  Context& c_;
  syntax::CallExpr* call_;
  Signature* sig_;
  Signature* result_ = nullptr;
  Tuple* params_ = nullptr;  // one a (non-variadic) argument
  bool adjusted_ = false;
};

void ArgumentCheck::ReportCount(std::vector<Operand>& args, size_t want) {
  At at(call_->pos);
  const char* qualifier = "not enough";
  if (args.size() > want) {
    at = At(args[want].expr);  // the first extra argument
    qualifier = "too many";
  } else if (!args.empty()) {
    at = At(args.back().expr);
  } else {
    at = At(static_cast<const syntax::Node*>(call_));
  }
  std::vector<Type*> have, wanted;
  for (const Operand& x : args) have.push_back(x.type);
  for (Var* var : sig_->param_vars()) wanted.push_back(var->type);
  Report(c_)
      .Add(at, Text(c_, qualifier, " arguments in call to ", call_->fun))
      .Add(diag::Pos(), Text(c_, "have ", TypesSummary(c_, have, false, call_->has_dots)))
      .Add(diag::Pos(), Text(c_, "want ", TypesSummary(c_, wanted, sig_->variadic, false)))
      .Emit();
}

// Matches numbers, giving a variadic parameter one parameter an argument.
bool ArgumentCheck::AdjustParameters(std::vector<Operand>& args) {
  params_ = sig_->params;
  std::span<Var*> vars = sig_->param_vars();
  size_t want = vars.size();
  bool dots = call_->has_dots;
  if (sig_->variadic) {
    if (dots) {
      if (call_->args.size() == 1 && args.size() > 1) {
        // f(g()...) with several results
        Error(c_, call_, "cannot use ... with ", args.size(), "-valued ", call_->args[0]);
        return false;
      }
    } else if (args.size() + 1 >= want) {
      std::vector<Var*> list(vars.begin(), vars.end() - 1);
      Var* last = vars.back();
      Type* elem = As<Slice>(last->type)->elem;
      while (list.size() < args.size()) {
        list.push_back(NewVar(c_, VarKind::kParam, last->pos, last->pkg, last->name, elem));
      }
      params_ = NewTuple(c_, list);
      adjusted_ = true;
      want = args.size();
    } else {
      --want;  // for the comparison below
    }
  } else if (dots) {
    Error(c_, call_, "cannot use ... in call to non-variadic ", call_->fun);
    return false;
  }
  if (args.size() == want) return true;
  ReportCount(args, want);
  return false;
}

bool ArgumentCheck::InferArguments(std::vector<Type*> targs, std::span<syntax::Expr* const> xlist,
                                   std::vector<Operand>& args,
                                   const std::vector<std::vector<Type*>>& atargs) {
  std::vector<TypeParam*> tparams;
  size_t own = sig_->tparams.size();
  if (own > 0) {
    if (!AllowVersion(c_, 18)) {
      bool indexed = call_->fun->kind == syntax::NodeKind::kIndexExpr;
      VersionError(c_, indexed ? At(call_->fun) : At(static_cast<const syntax::Node*>(call_)), 18,
                   indexed ? "function instantiation" : "implicit function instantiation");
    }
    // A function may call itself with other type arguments: its parameters are renamed.
    Type* renamed = nullptr;
    tparams = RenameTypeParams(c_, call_->pos, sig_->tparams, params_, &renamed);
    params_ = static_cast<Tuple*>(renamed);
    targs.resize(tparams.size());
  } else {
    targs.clear();
  }
  // Generic functions among the arguments bring type parameters of their own.
  std::vector<size_t> generic_args;
  for (size_t i = 0; i < args.size(); ++i) {
    auto* arg_sig = args[i].valid() ? As<Signature>(args[i].type) : nullptr;
    if (arg_sig == nullptr || arg_sig->tparams.empty()) continue;
    auto* copy = c_.arena.New<Signature>(*arg_sig);
    Type* renamed = nullptr;
    std::vector<TypeParam*> own_params = RenameTypeParams(c_, call_->pos, arg_sig->tparams, copy, &renamed);
    auto* renamed_sig = static_cast<Signature*>(renamed);
    if (renamed_sig == arg_sig) renamed_sig = copy;
    renamed_sig->tparams = c_.arena.Copy(own_params);
    args[i].type = renamed_sig;
    tparams.insert(tparams.end(), own_params.begin(), own_params.end());
    if (i < atargs.size()) targs.insert(targs.end(), atargs[i].begin(), atargs[i].end());
    targs.resize(tparams.size());
    generic_args.push_back(i);
  }
  if (!generic_args.empty()) {
    VerifyVersion(c_, args[generic_args[0]], 21, "implicitly instantiated function as argument");
  }
  if (tparams.empty()) return true;

  std::vector<Operand*> arg_list;
  for (Operand& x : args) arg_list.push_back(&x);
  Report error(c_);
  targs = Infer(c_, call_->pos, tparams, targs, params_, arg_list, false, error);
  if (targs.empty()) {
    // An empty report: the cause was reported before.
    if (!error.empty()) Error(c_, error.pos(), "in call to ", call_->fun, ", ", error.message());
    return false;
  }
  if (own > 0) {
    std::vector<Type*> own_targs(targs.begin(), targs.begin() + static_cast<std::ptrdiff_t>(own));
    result_ = InstantiateSignature(c_, call_->pos, call_->fun, sig_, own_targs, xlist);
    // If nothing was adjusted the instance's parameters can be used as they are.
    if (adjusted_) {
      SubstMap map(std::span<TypeParam* const>(tparams.data(), own), own_targs);
      params_ = SubstTuple(c_, call_->pos, params_, map);
    } else {
      params_ = result_->params;
    }
  }
  size_t at = own;
  for (size_t i : generic_args) {
    Operand& arg = args[i];
    auto* arg_sig = As<Signature>(arg.type);
    size_t count = arg_sig->tparams.size();
    arg.type =
        InstantiateSignature(c_, call_->pos, arg.expr, arg_sig, TypeList(targs.data() + at, count), {});
    Record(c_, arg);  // the usual evaluation left it generic
    at += count;
  }
  return true;
}

Signature* ArgumentCheck::Run(std::vector<Type*> targs, std::span<syntax::Expr* const> xlist,
                              std::vector<Operand>& args, const std::vector<std::vector<Type*>>& atargs) {
  result_ = sig_;
  if (!AdjustParameters(args)) return result_;
  if (!InferArguments(std::move(targs), xlist, args, atargs)) return result_;
  if (!args.empty()) {
    std::string context = Text(c_, "argument to ", call_->fun);
    for (size_t i = 0; i < args.size(); ++i) Assignment(c_, &args[i], params_->vars[i]->type, context);
  }
  return result_;
}

// The common signature of what is called; null after an error.
Signature* CalledSignature(Context& c, Operand* x) {
  std::string cause;
  Type* u = CommonUnder(
      c, x->type,
      [&](Type* t, Type* under, std::string* why) {
        if (under == nullptr || As<Signature>(under) != nullptr) return true;
        *why = Text(c, t, " is not a function");
        return false;
      },
      &cause);
  if (u == nullptr) {
    Error(c, *x, kInvalidOp, "cannot call ", *x, ": ", cause);
    return nullptr;
  }
  return As<Signature>(u);
}

void SetResult(Operand* x, Signature* sig) {
  std::span<Var*> results = sig->result_vars();
  if (results.empty()) {
    x->mode = Mode::kNoValue;
    return;
  }
  x->mode = Mode::kValue;
  x->type = results.size() == 1 ? results[0]->type : sig->results;
}

ExprKind FunctionCall(Context& c, Operand* x, syntax::CallExpr* call, syntax::IndexExpr* inst) {
  Signature* sig = CalledSignature(c, x);
  if (sig == nullptr) {
    x->Invalidate();
    x->expr = call;
    return ExprKind::kStatement;  // the arguments are not looked at
  }
  bool was_generic = !sig->tparams.empty();
  std::vector<Type*> targs;
  std::span<syntax::Expr* const> xlist;
  if (inst != nullptr) {
    xlist = IndexList(inst);
    bool ok = TypeExprList(c, xlist, &targs);
    size_t want = sig->tparams.size();
    if (ok && targs.size() > want) {
      Error(c, xlist[want], "got ", targs.size(), " type arguments but want ", want);
      ok = false;
    }
    if (!ok) {
      Use(c, call->args);
      x->Invalidate();
      x->expr = call;
      return ExprKind::kStatement;
    }
    // All type arguments are given: instantiate before looking at the arguments.
    if (targs.size() == want && want > 0) {
      VerifyVersion(c, inst, 18, "function instantiation");
      sig = InstantiateSignature(c, inst->pos, inst, sig, targs, xlist);
      targs.clear();
      xlist = {};
    }
  }
  std::vector<std::vector<Type*>> atargs;
  std::vector<Operand> args = GenericExprList(c, call->args, &atargs);
  sig = ArgumentCheck(c, call, sig).Run(std::move(targs), xlist, args, atargs);
  if (was_generic && sig->tparams.empty()) {
    RecordTypeAndValue(c, call->fun, Mode::kValue, sig, {});
  }
  SetResult(x, sig);
  x->expr = call;
  c.env.has_call_or_recv = true;
  // If inference failed, a result that depends on type parameters is of no use.
  if (x->mode == Mode::kValue && !sig->tparams.empty() && IsParameterized(sig->tparams, x->type))
    x->Invalidate();
  return ExprKind::kStatement;
}

}  // namespace

void CheckArguments(Context& c, syntax::CallExpr* call, Signature* sig, std::span<Operand> args) {
  std::vector<Operand> list(args.begin(), args.end());
  ArgumentCheck(c, call, sig).Run({}, {}, list, {});
}

ExprKind CallExpr(Context& c, Operand* x, syntax::CallExpr* call) {
  syntax::IndexExpr* inst = nullptr;
  if (auto* index = syntax::As<syntax::IndexExpr>(call->fun)) {
    // A generic function is not instantiated yet: the arguments may complete it.
    if (IndexExpr(c, x, index)) inst = index;
    x->expr = index;
    Record(c, *x);
  } else {
    ExprOrType(c, x, call->fun, true);
  }
  switch (x->mode) {
    case Mode::kInvalid:
      Use(c, call->args);
      x->expr = call;
      return ExprKind::kStatement;
    case Mode::kTypeExpr:
      return ConversionCall(c, x, call);
    case Mode::kBuiltin: {
      BuiltinId id = x->id;
      if (!BuiltinCall(c, x, call, id)) x->Invalidate();
      x->expr = call;
      // A non-constant result implies a call.
      if (x->valid() && !x->is_constant()) c.env.has_call_or_recv = true;
      return InfoOf(id).kind;
    }
    default:
      return FunctionCall(c, x, call, inst);
  }
}

}  // namespace escapement::types
