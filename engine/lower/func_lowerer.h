// FuncLowerer: the state of lowering one function, and the small vocabulary its files share. Each file
// of the room implements one construct as members of this class.
#pragma once

#include <functional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/base/check.h"
#include "engine/lower/layout.h"
#include "engine/lower/lowering.h"
#include "engine/lower/tree.h"

namespace escapement::lower {

using Exprs = std::vector<Expr*>;
using Stmts = std::vector<Stmt*>;

class FuncLowerer {
 public:
  FuncLowerer(Lowering& lowering, base::Arena& arena, Func* out)
      : low_(lowering), types_(lowering.types()), arena_(arena), out_(out), list_(&out->body) {}

  // func.cpp
  void Run(ir::Func* fn);
  void RunEqual(ir::Type* type);
  void RunHash(ir::Type* type);

 private:
  // --- Vocabulary (emit.cpp) ---------------------------------------------------
  Expr* New(Op op, ir::Type* type);
  Expr* Int(int64_t value, ir::Type* type = nullptr);
  Expr* Bool(bool value) { return Int(value, types_.Bool()); }
  Expr* Nil(ir::Type* type = nullptr) { return Int(0, type ? type : types_.UnsafePointer()); }
  Expr* Zero(ir::Type* type);
  Expr* Use(Var* var);
  Expr* Symbol(base::Name symbol, int64_t offset = 0, ir::Type* type = nullptr);
  Expr* VarAddr(Var* var, int64_t offset = 0);
  Expr* Load(ir::Type* type, Expr* addr, int64_t offset = 0);
  Expr* Part(Expr* x, unsigned first, ir::Type* type);
  Expr* Make(ir::Type* type, std::initializer_list<Expr*> parts);
  Expr* Make(ir::Type* type, const Exprs& parts);
  Expr* PtrAdd(Expr* x, int64_t offset);
  Expr* PtrIndex(Expr* base, Expr* index, int64_t scale);
  Expr* Unary(Op op, Expr* x, ir::Type* type = nullptr);
  Expr* Binary(Op op, Expr* x, Expr* y, ir::Type* type = nullptr);
  Expr* Compare(Op op, Expr* x, Expr* y) { return Binary(op, x, y, types_.Bool()); }
  Expr* Not(Expr* x) { return Unary(Op::kNot, x, types_.Bool()); }
  Expr* Retype(Expr* x, ir::Type* type);
  Expr* StringPtr(Expr* s) { return Part(s, 0, types_.UnsafePointer()); }
  Expr* StringLen(Expr* s) { return Part(s, 1, types_.Int()); }
  Expr* SlicePtr(Expr* s) { return Part(s, 0, types_.UnsafePointer()); }
  Expr* SliceLen(Expr* s) { return Part(s, 1, types_.Int()); }
  Expr* SliceCap(Expr* s) { return Part(s, 2, types_.Int()); }
  Expr* Tab(Expr* i) { return Part(i, 0, types_.Uintptr()); }
  Expr* IData(Expr* i) { return Part(i, 1, types_.UnsafePointer()); }
  Expr* TypeAddr(ir::Type* type) { return Symbol(data().TypeDescriptor(type)); }
  // The run-time type operand of a node, or the descriptor of a static type.
  Expr* RType(ir::Node* hidden, ir::Type* type);
  Expr* AddrOf(Expr* place);
  Expr* StringConst(std::string_view text, ir::Type* type);

  Var* NewVar(ir::Type* type, Home home);
  Var* Temp(ir::Type* type) { return NewVar(type, IsRegister(type) ? Home::kSlots : Home::kFrame); }
  Var* FrameTemp(ir::Type* type) { return NewVar(type, Home::kFrame); }
  Var* CopyToVar(Expr* x);
  Expr* Copy(Expr* x) { return Use(CopyToVar(x)); }
  // x itself if it can be evaluated twice at no cost, else a copy in a temporary.
  Expr* Cheap(Expr* x);
  // An expression with the same value whatever is stored later.
  Expr* Snapshot(Expr* x);
  // A frame variable holding x, or x itself when it is a place in memory that the caller may point to.
  Expr* Addressable(Expr* x);

  Stmt* NewStmt(StmtOp op);
  void Emit(Stmt* s) { list_->push_back(s); }
  void EmitAll(std::span<Stmt* const> list) { list_->insert(list_->end(), list.begin(), list.end()); }
  void Assign(Expr* place, Expr* x);
  void Set(Var* var, Expr* x) { Assign(Use(var), x); }
  void ZeroPlace(Expr* place);
  void Eval(Expr* x);
  void NilCheck(Expr* x);
  int NewLabel() { return out_->labels++; }
  void Label(int label);
  void Goto(int label);
  template <typename Then, typename Else>
  void If(Expr* cond, Then&& then, Else&& otherwise) {
    Stmt* s = NewStmt(StmtOp::kIf);
    s->x = cond;
    s->body = Collect(then);
    s->otherwise = Collect(otherwise);
    Emit(s);
  }
  template <typename Then>
  void If(Expr* cond, Then&& then) {
    If(cond, then, [] {});
  }
  // for i := 0; i < length; i++ { body(i) }
  template <typename Body>
  void CountedLoop(int64_t length, Body&& body) {
    Var* i = Temp(types_.Int());
    Set(i, Int(0));
    const int done = NewLabel();
    Stmt* loop = NewStmt(StmtOp::kLoop);
    loop->label = NewLabel();
    loop->value = static_cast<uint64_t>(done);
    loop->x = Compare(Op::kLt, Use(i), Int(length));
    loop->body = Collect([&] { body(i); });
    loop->post = Collect([&] { Set(i, Binary(Op::kAdd, Use(i), Int(1))); });
    Emit(loop);
    Label(done);
  }
  // Runs f with statements going to a list of their own.
  template <typename F>
  std::span<Stmt*> Collect(F&& f) {
    Stmts list;
    Stmts* saved = list_;
    list_ = &list;
    f();
    list_ = saved;
    return arena_.Copy(list);
  }
  int32_t AddSite(Site::Kind kind, ir::Type* type, ir::Node* node);

  // Calls runtime.name; results get fresh temporaries of the types given.
  std::vector<Var*> RuntimeCall(std::string_view name, const Exprs& args,
                                const std::vector<ir::Type*>& results = {}, int32_t site = -1,
                                bool noreturn = false);
  Expr* RuntimeValue(std::string_view name, const Exprs& args, ir::Type* result, int32_t site = -1) {
    return Use(RuntimeCall(name, args, {result}, site)[0]);
  }
  void RuntimePanic(std::string_view name, const Exprs& args = {}) { RuntimeCall(name, args, {}, -1, true); }
  // A zeroed heap object.
  Expr* NewObject(ir::Type* type, Expr* rtype, int32_t site);

  Data& data() { return low_.data(); }
  base::ConstantPool& constants() { return low_.constants(); }
  ir::Type* PtrTo(ir::Type* t) { return types_.Pointer(t); }
  ir::Type* UInt() { return types_.Basic(ir::Kind::kUint); }
  ir::Type* Basic(ir::Kind k) { return types_.Basic(k); }

  // --- Expressions (expr.cpp) --------------------------------------------------
  // The value of n: a pure expression; of memory class, a place.
  Expr* Value(ir::Node* n);
  Expr* Value1(ir::Node* n);
  Exprs Values(ir::List list);
  // The place n denotes, for assignment or to take its address.
  Expr* Place(ir::Node* n);
  Expr* VarPlace(ir::Name* name);
  Expr* DotPlace(Expr* x, const ir::Field* field);
  Expr* IndexPlace(ir::Node* n);
  Expr* CheckFar(Expr* pointer, int64_t reach);
  Expr* Address(ir::Node* n);
  Expr* Literal(base::Constant v, ir::Type* t);
  Expr* FuncValue(ir::Name* name);
  Expr* Arith(ir::Node* n, ir::Op op, Expr* x, Expr* y);
  Expr* ComplexArith(ir::Op op, Expr* x, Expr* y, ir::Type* type);
  Expr* Logical(ir::Node* n);
  Expr* Shift(ir::Node* n, ir::Op op, Expr* x, Expr* y, ir::Type* count_type, bool bounded);
  Expr* SliceExpr(ir::Node* n);
  bool IsBlankOrNull(ir::Node* n) { return n == nullptr || ir::IsBlank(n); }

  // --- Comparison (compare.cpp) -------------------------------------------------
  Expr* CompareNode(ir::Node* n);
  Expr* Equal(Expr* x, Expr* y, ir::Type* type);
  Expr* EqualInterfaces(Expr* x, Expr* y, bool empty);
  Expr* EqualMemory(Expr* px, Expr* py, ir::Type* type);

  // --- Conversions (convert.cpp) ------------------------------------------------
  Expr* Convert(ir::Node* n);
  Expr* Numeric(Expr* x, ir::Type* to);
  Expr* ToInterface(ir::Node* n);
  Expr* DataWord(ir::Node* conv, ir::Node* operand);
  Expr* TypeWordOf(ir::Node* conv, ir::Type* from, ir::Type* to);
  Expr* TypeOfInterface(Expr* iface, bool empty);
  Expr* BytesToString(ir::Node* n, bool temporary);
  Expr* StringToBytes(ir::Node* n);
  Expr* ConcatStrings(ir::Node* n);
  // The strings that a concatenation joins; those of any other string are itself.
  Exprs StringParts(ir::Node* n);
  // Joins strings in `buffer`, or in the heap where they do not fit or it is nil.
  Expr* Concat(Expr* buffer, const Exprs& strings, ir::Type* type, int32_t site);
  Expr* StackBuffer(ir::Node* n, int64_t size, ir::Type* elem);

  // --- Interfaces and type assertions (assert.cpp) --------------------------------
  // x.(T): value and whether it held; panics when ok is null.
  Expr* DotType(ir::Node* n, Expr** ok);
  // The type word that a run-time type operand or, without one, an itab operand names.
  Expr* WantedType(ir::Node* rtype, ir::Node* itab);
  Expr* DynamicDotType(ir::Node* n, Expr** ok);
  Expr* FromData(Expr* data_word, ir::Type* type);
  Expr* AssertInterface(Expr* iface, ir::Type* from, ir::Type* to, Expr* inter, Expr** ok);
  void TypeSwitch(ir::Node* n);

  // --- Functions known by name (intrinsics.cpp) ---------------------------------
  Expr* TryIntrinsic(ir::Node* n, ir::Func* callee);
  Expr* TryAtomic(ir::Node* n, std::string_view name);
  static bool TryIntrinsicName(std::string_view link_name);
  bool TryIntrinsicMany(ir::Node* n, ir::Func* callee, std::vector<Var*>* results);
  Expr* Instruction(Intrinsic op, const Exprs& operands, ir::Type* type);

  // --- Calls (call.cpp) --------------------------------------------------------
  Expr* CallValue(ir::Node* n);
  std::vector<Var*> CallMany(ir::Node* n);
  std::vector<Var*> EmitCall(ir::Node* n, const std::vector<Var*>& into);
  ir::Func* StaticCallee(ir::Node* fun);
  void Defer(ir::Node* n);
  void Go(ir::Node* n);

  // --- Closures (closure.cpp) -----------------------------------------------------
  Expr* Closure(ir::Node* n);
  Expr* MethodValue(ir::Node* n);
  Expr* ClosureObject(base::Name code, const Exprs& captures, const std::vector<ir::Type*>& types,
                      ir::Node* n, Site::Kind kind, ir::Type* type);
  void OpenClosureVars(ir::Func* fn);

  // --- Composite literals (complit.cpp) ------------------------------------------
  Expr* CompositeLit(ir::Node* n);
  void CompositeInto(ir::Node* n, Expr* place, bool zeroed);
  Expr* SliceLit(ir::Node* n);
  Expr* MapLit(ir::Node* n);
  Expr* PtrLit(ir::Node* n);
  Expr* ReadOnly(ir::Node* n);
  Expr* StoreElement(Expr* array, ir::Type* elem, int64_t index);

  // --- Builtins (builtin.cpp, append.cpp) -----------------------------------------
  Expr* LenCap(ir::Node* n);
  Expr* MinMax(ir::Node* n);
  Expr* MakeSlice(ir::Node* n);
  Expr* MakeMap(ir::Node* n, Expr* hint, int64_t constant_hint);
  Expr* MakeChan(ir::Node* n);
  Expr* NewExpr(ir::Node* n);
  Expr* CopyBuiltin(ir::Node* n);
  void Clear(ir::Node* n);
  void Print(ir::Node* n);
  Expr* Append(ir::Node* n, ir::Node* lhs);
  Expr* AppendElements(ir::Node* n, ir::Node* lhs);
  Expr* AppendSlice(ir::Node* n);
  Expr* AppendMake(ir::Node* n);
  Expr* Move2Heap(ir::Node* n);
  Expr* UnsafeSlice(ir::Node* n);
  Expr* UnsafeString(ir::Node* n);
  void CopyElements(ir::Type* elem, Expr* rtype, Expr* to, Expr* to_len, Expr* from, Expr* from_len);

  // --- Maps (map.cpp) --------------------------------------------------------------
  Expr* MapKeyArg(ir::Type* map, ir::Node* key, bool for_assign);
  Expr* MapKeyArgValue(ir::Type* map, Expr* key);
  Expr* MapRead(ir::Node* n, Expr** ok);
  Expr* MapElement(ir::Node* n);
  Expr* MapElementAddress(ir::Type* map, Expr* rtype, Expr* m, Expr* key, ir::Node* site);
  void MapDelete(ir::Node* n);
  void MapClear(Expr* m, ir::Type* type, ir::Node* rtype);

  // --- Statements (stmt.cpp, range.cpp, switch.cpp, select.cpp) -----------------------
  void Block(ir::List list);
  void Statement(ir::Node* n);
  void AssignNode(ir::Node* n);
  void AssignOp(ir::Node* n);
  void AssignCall(ir::Node* n);
  void AssignCommaOk(ir::Node* n);
  void AssignParallel(const std::vector<ir::Node*>& lhs, const std::vector<ir::Node*>& rhs);
  // A value to assign: what computes it, and whether that is done before the first of several assignments.
  struct RightSide {
    Expr* value = nullptr;
    std::span<Stmt*> statements;
    bool early = false;
  };
  // The operands of the left sides first, then what `values` makes, then the stores, one by one.
  void AssignAll(const std::vector<ir::Node*>& lhs, const std::function<std::vector<RightSide>()>& values);
  void AssignTo(ir::Node* lhs, Expr* value);
  void Declare(ir::Name* name);
  void IfStmt(ir::Node* n);
  void ForStmt(ir::Node* n);
  void RangeStmt(ir::Node* n);
  void RangeInt(ir::Node* n);
  void RangeArray(ir::Node* n);
  void RangeString(ir::Node* n);
  void RangeMap(ir::Node* n);
  void RangeChan(ir::Node* n);
  void RangeAssign(ir::Node* n, Expr* key, Expr* value);
  Expr* RangeConvert(ir::Node* n, ir::Type* to, Expr* x, ir::Node* type_word, ir::Node* src_rtype);
  bool RangeClear(ir::Node* n);
  struct SwitchClause {
    int label;
    ir::Node* clause;
  };
  void SwitchStmt(ir::Node* n);
  Expr* SwitchTag(ir::Node* n);
  void SwitchOverTable(Expr* tag, const std::vector<SwitchClause>& clauses, int default_label);
  void SwitchBySearch(Expr* tag, std::span<const std::pair<int64_t, int>> table, int default_label);
  void SwitchInOrder(ir::Type* tag_type, Expr* tag, const std::vector<SwitchClause>& clauses);
  Expr* CaseMatches(ir::Type* tag_type, Expr* tag, ir::Node* value, ir::Node* rtype);

  struct SelectCase;
  void SelectStmt(ir::Node* n);
  std::vector<SelectCase> SelectCases(ir::Node* n);
  void SendOperands(SelectCase& c);
  void ReceiveOperands(SelectCase& c);
  void SelectBody(const SelectCase& c, Expr* received_ok);
  void TryOrElse(const SelectCase& c, const SelectCase& fallback);
  void SelectAmong(const std::vector<SelectCase>& cases, const SelectCase* fallback, int end);
  void Send(ir::Node* n);
  Expr* Recv(ir::Node* n, Expr** ok);
  void ReturnStmt(ir::Node* n);

  struct Target {
    ir::Label* label;
    bool is_loop;
    int break_label;
    int continue_label;
  };
  void Loop(ir::Node* n, Expr* cond, std::span<Stmt*> head, std::span<Stmt*> body, std::span<Stmt*> post,
            int break_label, int continue_label);
  int LabelOf(ir::Label* label);

  // --- Functions (func.cpp) ---------------------------------------------------------
  void FindFrameVariables(ir::Func* fn);
  static ir::Name* PunnedVariable(ir::Node* n);
  void DeclareSignature(ir::Func* fn);
  Var* LocalVar(ir::Name* name);
  bool IsHeap(ir::Name* name);
  void HashValue(Expr* p, ir::Type* type, Var* h);

  Lowering& low_;
  ir::TypeTable& types_;
  base::Arena& arena_;
  Func* out_;
  Stmts* list_;
  ir::Func* fn_ = nullptr;
  ir::SrcPos pos_;
  std::unordered_map<const ir::Name*, Var*> vars_;  // slot and frame variables
  std::unordered_map<const ir::Name*, Var*> heap_;  // variables that live behind a pointer
  std::unordered_set<const ir::Name*> in_frame_;    // their address is taken
  std::unordered_map<const ir::Label*, int> labels_;
  std::vector<Target> targets_;
  int fallthrough_ = -1;
  struct BackingStore {
    Var* store;
    Var* used;
    int64_t capacity;
    bool used_static;
  };
  std::unordered_map<const ir::Node*, BackingStore> backing_;
  BackingStore* BackingStoreFor(ir::Node* slice);
};

}  // namespace escapement::lower
