// Body: builds the statements of one function from the typed syntax tree, doing what
// gc's writer, reader and typecheck do together. One file a construct:
//   build_stmt, build_assign, build_expr, build_call, build_literal, build_closure,
//   build_generic; make.cpp has the node constructors with typecheck's rewrites.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "engine/ir/builder_impl.h"

namespace escapement::ir {

using NodeVec = std::vector<Node*>;

// A function or method reference with what it takes to call it (reader.funcInst, methodExpr).
struct FuncRef {
  Node* wrapper = nullptr;     // a function of the plain type, or null
  Node* base = nullptr;        // what to call; takes dictionary first (after a receiver)
  Node* dictionary = nullptr;  // pointer to the dictionary, or null
};

struct Body {
  Body(Builder::Impl& impl, Func* fn, BodySource* source)
      : b(impl),
        p(impl.p),
        t(impl.t),
        fn(fn),
        source(source),
        args(source->args),
        sig(source->sig),
        package(source->package) {
    uint16_t version = package != nullptr ? package->language : 0;
    if (source->func != nullptr && source->func->decl != nullptr) version = source->func->decl->version;
    distinct_vars = version == 0 || version >= kPerIterationVariables;
  }

  Builder::Impl& b;
  Program& p;
  TypeTable& t;
  Func* fn;
  BodySource* source;
  TypeArgs* args;
  types::Signature* sig;
  types::Package* package;
  Body* outer = nullptr;  // the body a closure is written in
  Name* dict_param = nullptr;
  std::unordered_map<types::Var*, Name*> locals;
  std::unordered_map<types::Var*, Name*> captured;
  std::unordered_map<std::string_view, Label*> labels;

  // Building an inlined copy: positions get `inl`, closures belong to `inl_caller`.
  Func* inl_caller = nullptr;
  uint32_t inl = 0;
  int inl_generation = 0;
  SrcPos inline_call_pos;
  static constexpr uint16_t kPerIterationVariables = 22;  // go1.22
  bool distinct_vars = true;  // the file's language has per-iteration loop variables

  // Declares parameters and builds fn->body.
  bool Run();
  void DeclareParams();
  bool SyntheticBody();
  void CallShaped();

  SrcPos Pos(diag::Pos pos) const { return {pos, inl}; }
  types::Context& context() { return b.checker.context(); }
  Type* TypeOf(types::Type* type) { return b.TypeOf(type, args); }
  types::Type* Core(types::Type* type) { return CoreType(context(), type); }

  // ---- build_stmt.cpp
  NodeVec Stmts(std::span<syntax::Stmt*> stmts);
  void Stmt(syntax::Stmt* stmt, NodeVec& out);
  NodeVec StmtList(syntax::Stmt* stmt);  // zero or more nodes of one optional statement
  Node* OneStmt(syntax::Stmt* stmt);     // null, the statement, or a block
  void Append(NodeVec& out, Node* n);
  Node* ForStmt(syntax::ForStmt* stmt, Label* label);
  Node* RangeStmt(syntax::ForStmt* stmt, syntax::RangeClause* clause, Label* label);
  Node* IfStmt(syntax::IfStmt* stmt);
  Node* SelectStmt(syntax::SelectStmt* stmt, Label* label);
  Node* CommClause(syntax::CommClause* clause);
  Node* SwitchStmt(syntax::SwitchStmt* stmt, Label* label);
  Node* TypeSwitchGuard(syntax::TypeSwitchGuard* guard);
  types::Type* SwitchTagType(syntax::SwitchStmt* stmt, bool* chan_tag);
  void SimplifySwitch(syntax::SwitchStmt* stmt);
  void TypeCases(syntax::CaseClause* clause, types::Type* iface, Node* out);
  Node* ReturnStmt(syntax::ReturnStmt* stmt);
  Node* GoDeferStmt(syntax::CallStmt* stmt);
  Node* DeferAt(syntax::CallStmt* stmt);
  Node* NormalizeGoDefer(Node* stmt, Op op, Node* call, NodeVec& init);
  int StaticBool(syntax::Expr*& e);
  bool Terminates(syntax::Stmt* stmt);
  Label* LabelOf(syntax::Name* name);
  Node* Block(const NodeVec& stmts);

  // ---- build_assign.cpp
  void AssignStmt(SrcPos pos, std::span<syntax::Expr* const> lhs, std::span<syntax::Expr* const> rhs,
                  NodeVec& out);
  Node* AssignOp(syntax::AssignStmt* stmt);
  // An assignee; `name` is set if it declares a variable.
  Node* Assignee(syntax::Expr* expr, Name** declared);
  Node* BlankNode();
  void InitDefn(Node* defn, const std::vector<Name*>& names);
  types::Type* AssigneeType(syntax::Expr* expr);
  Node* NewAssign(SrcPos pos, Node* lhs, Node* rhs);
  Node* NewAssignList(SrcPos pos, NodeVec lhs, NodeVec rhs);
  // a, b = f() whose results need conversion: through temporaries (typecheck's RewriteMultiValueCall).
  Node* SpreadAssign(Node* as);
  Name* DeclareLocal(types::Var* var);
  // Notes where the dictionary describes a variable of derived type.
  void DictIndex(Name* name, types::Type* type);

  // ---- build_expr.cpp
  Node* Expr(syntax::Expr* expr);
  Node* Expr0(syntax::Expr* expr);
  Node* OptExpr(syntax::Expr* expr) { return expr != nullptr ? Expr(expr) : nullptr; }
  Node* Constant(syntax::Expr* expr);
  Node* UseLocal(diag::Pos pos, types::Var* var) { return Variable(pos, var); }
  Name* Variable(diag::Pos pos, types::Var* var);
  Node* Selector(syntax::SelectorExpr* expr);
  Node* MethodValue(syntax::SelectorExpr* expr);
  Node* MethodExpr(syntax::SelectorExpr* expr);
  Node* IndexExpr(syntax::IndexExpr* expr);
  Node* SliceExpr(syntax::SliceExpr* expr);
  Node* AssertExpr(syntax::AssertExpr* expr);
  Node* Operation(syntax::Operation* expr);
  Node* ConvertTo(types::Type* dst, syntax::Expr* expr, bool implicit);
  Node* LiteralAs(Node* x, Type* type);
  Node* ImplicitConv(types::Type* dst, syntax::Expr* expr) { return ConvertTo(dst, expr, true); }
  // gc's multiExpr: values for destinations, a multi-valued call spread over temporaries.
  NodeVec MultiExpr(SrcPos pos, const std::function<types::Type*(size_t)>& dst,
                    std::span<syntax::Expr* const> exprs);
  Node* ExprType(types::Type* iface, syntax::Expr* type);
  // x of a method selector, with implicit fields, address or dereference applied.
  // The type of the receiver a method selection ends at, without building anything.
  types::Type* ReceiverType(syntax::SelectorExpr* expr);
  Node* ReceiverExpr(syntax::SelectorExpr* expr, types::Type** type);

  // ---- build_call.cpp
  Node* CallExpr(syntax::CallExpr* expr);
  Node* BuiltinCall(syntax::CallExpr* expr, types::Builtin* builtin);
  Node* MakeCall(syntax::CallExpr* expr);
  Node* NewCall(syntax::CallExpr* expr);
  Node* UnsafeConstant(syntax::CallExpr* expr, types::Builtin* builtin);
  NodeVec CallArgs(syntax::CallExpr* expr);

  // ---- build_literal.cpp
  Node* CompositeLit(syntax::CompositeLit* lit);

  // ---- build_closure.cpp
  Node* FuncLit(syntax::FuncLit* lit);
  Func* ClosureFunc(SrcPos fpos, SrcPos cpos, Op why, Type* type, Func* outer_fn);
  const Sym* ClosureName(Func* outer_fn, SrcPos cpos, Op why);
  Node* Curry(diag::Pos pos, bool iface_hack, Node* fun, Node* arg0, Node* arg1);
  Node* MethodExprWrap(diag::Pos pos, Type* recv, std::span<const int> implicits, bool deref, bool addr,
                       Node* method, Node* dictionary);
  Node* SyntheticClosure(diag::Pos pos, Type* type, bool iface_hack, const NodeVec& captures,
                         std::function<void(Body&, const NodeVec&)> add_body);
  void SyntheticTailCall(SrcPos pos, Node* fun, const NodeVec& call_args);
  NodeVec SyntheticArgs();

  // ---- build_generic.cpp
  FuncRef FuncInst(SrcPos pos, types::Func* func, types::TypeList targs);
  FuncRef MethodRef(SrcPos pos, types::Type* recv, const types::Selection* selection);
  Node* ShapedMethodExpr(SrcPos pos, Type* shaped, const Sym* sym);
  Node* DictWord(SrcPos pos, int index);
  Node* RttiWord(SrcPos pos, int index);
  // *runtime._type of a type; null where it is static (the type says it).
  Node* DerivedRtype(SrcPos pos, types::Type* type);
  Node* Rtype(SrcPos pos, types::Type* type);
  Node* StaticType(SrcPos pos, Type* type);
  Node* Itab(SrcPos pos, types::Type* type, types::Type* iface);
  void ConvRtti(SrcPos pos, types::Type* src, types::Type* dst, Node** type_word, Node** src_rtype);
  HiddenTypes* Hidden(Node* n);
  bool IsDerived(types::Type* type) { return args != nullptr && b.IsDerived(type); }

  // ---- make.cpp: node constructors with gc typecheck's rewrites
  Node* New(Op op, SrcPos pos, Type* type = nullptr) { return p.NewNode(op, pos, type); }
  Node* Unary(Op op, SrcPos pos, Type* type, Node* x);
  Node* Binary(Op op, SrcPos pos, Type* type, Node* x, Node* y);
  Node* Literal(SrcPos pos, Type* type, base::Constant value);
  Node* IntLiteral(SrcPos pos, int64_t value, Type* type = nullptr);
  Node* Zero(SrcPos pos, Type* type);
  Node* Nil(SrcPos pos, Type* type) { return New(kNil, pos, type); }
  base::Constant FixValue(Type* type, base::Constant value);
  Node* TypeNode(SrcPos pos, Type* type);
  Node* Addr(SrcPos pos, Node* x);
  Node* Deref(SrcPos pos, Node* x);
  Node* Implicit(Node* n) {
    n->Set(kImplicit);
    return n;
  }
  Node* Decl(SrcPos pos, Name* name);
  Node* DotField(SrcPos pos, Node* x, int index);
  Node* Dot(SrcPos pos, Node* x, const Sym* sym);  // field, through embedded ones
  Node* DotMethod(SrcPos pos, Node* x, const Sym* sym, bool callee);
  Node* MethodExprNode(SrcPos pos, Type* recv, const Sym* sym);
  Type* MethodType(Type* sig, Type* recv);
  Node* ImplicitDots(SrcPos pos, Node* x, const Sym* sym, Field** found);
  Node* Conv(SrcPos pos, Type* type, Node* x, bool implicit);
  Node* AssignConv(Node* x, Type* type);
  Op AssignOpFor(Type* src, Type* dst);
  Op ConvertOpFor(bool constant, Type* src, Type* dst);
  Node* RunesLiteral(Node* conv);
  Node* Index(SrcPos pos, Node* x, Node* index);
  Node* Call(SrcPos pos, Node* fun, NodeVec call_args, bool dots);
  void FixVariadic(Node* call);
  void FixMethod(Node* call);
  void RewriteNonName(Node* call);
  Node* AddString(SrcPos pos, Type* type, Node* x, Node* y);
  Name* Temp(SrcPos pos, Type* type) { return p.NewTemp(fn, pos, type); }
  Name* TempCopy(SrcPos pos, Node* expr, NodeVec& init);
  // n with statements to run before it (ir.InitExpr).
  Node* WithInit(const NodeVec& init, Node* n);
  void AppendInit(Node* n, Node* stmt);
  List ToList(const NodeVec& nodes) { return p.arena().Copy(nodes); }
};

// Whether the node has a position of its own (ir.HasUniquePos).
bool HasUniquePos(const Node* n);
// Whether n is a call, channel operation or built-in (typecheck's callOrChan).
bool IsCallOrChan(const Node* n);

}  // namespace escapement::ir
