// Functions that the compiler knows by name and turns into instructions: math, math/bits, the atomics.
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {

struct IntrinsicEntry {
  std::string_view name;
  Intrinsic op;
};

// One result, operands as they are.
constexpr IntrinsicEntry kIntrinsics[] = {
    {"math.sqrt", Intrinsic::kSqrt},
    {"math.Sqrt", Intrinsic::kSqrt},
    {"math.Floor", Intrinsic::kFloor},
    {"math.Ceil", Intrinsic::kCeil},
    {"math.Trunc", Intrinsic::kTrunc},
    {"math.RoundToEven", Intrinsic::kRoundToEven},
    {"math.Abs", Intrinsic::kFabs},
    {"math.Copysign", Intrinsic::kCopysign},
    {"math.FMA", Intrinsic::kFma},
    {"math/bits.TrailingZeros64", Intrinsic::kTrailingZeros64},
    {"math/bits.TrailingZeros", Intrinsic::kTrailingZeros64},
    {"math/bits.TrailingZeros32", Intrinsic::kTrailingZeros32},
    {"internal/runtime/sys.TrailingZeros64", Intrinsic::kTrailingZeros64},
    {"internal/runtime/sys.TrailingZeros32", Intrinsic::kTrailingZeros32},
    {"math/bits.Len64", Intrinsic::kLen64},
    {"math/bits.Len", Intrinsic::kLen64},
    {"math/bits.Len32", Intrinsic::kLen64},
    {"math/bits.Len16", Intrinsic::kLen64},
    {"math/bits.Len8", Intrinsic::kLen64},
    {"internal/runtime/sys.Len64", Intrinsic::kLen64},
    {"internal/runtime/sys.Len8", Intrinsic::kLen64},
    {"math/bits.OnesCount64", Intrinsic::kOnesCount64},
    {"math/bits.OnesCount32", Intrinsic::kOnesCount64},
    {"math/bits.OnesCount16", Intrinsic::kOnesCount64},
    {"math/bits.OnesCount", Intrinsic::kOnesCount64},
    {"internal/runtime/sys.OnesCount64", Intrinsic::kOnesCount64},
    {"math/bits.ReverseBytes64", Intrinsic::kBswap64},
    {"math/bits.ReverseBytes32", Intrinsic::kBswap32},
    {"internal/runtime/sys.Bswap64", Intrinsic::kBswap64},
    {"internal/runtime/sys.Bswap32", Intrinsic::kBswap32},
    {"math/bits.RotateLeft64", Intrinsic::kRotateLeft64},
    {"math/bits.RotateLeft", Intrinsic::kRotateLeft64},
    {"math/bits.RotateLeft32", Intrinsic::kRotateLeft32},
};

struct CarryEntry {
  std::string_view name;
  Intrinsic op;
};

// Two results from two operands and a carry.
constexpr CarryEntry kCarries[] = {
    {"math/bits.Add64", Intrinsic::kAddCarry},
    {"math/bits.Add", Intrinsic::kAddCarry},
    {"math/bits.Sub64", Intrinsic::kSubBorrow},
    {"math/bits.Sub", Intrinsic::kSubBorrow},
};

// Trailing zeros of a narrow integer: those of a wide one with a bit set just above.
struct NarrowZeros {
  std::string_view name;
  int64_t above;
};
constexpr NarrowZeros kNarrowZeros[] = {
    {"math/bits.TrailingZeros16", 1 << 16},
    {"math/bits.TrailingZeros8", 1 << 8},
    {"internal/runtime/sys.TrailingZeros8", 1 << 8},
};

enum class Atomic : uint8_t { kNone, kLoad, kStore, kAdd, kSwap, kCompareAndSwap };

struct AtomicName {
  std::string_view prefix;
  Atomic operation;
};

// The operation of an atomic function on integers. One goroutine runs at a time and none is preempted between
// the statements that it becomes, so plain accesses are atomic. Those that store pointers are natives.
Atomic AtomicOf(std::string_view name) {
  constexpr std::string_view kSync = "sync/atomic.", kRuntime = "internal/runtime/atomic.";
  constexpr AtomicName kSyncNames[] = {{"Load", Atomic::kLoad},
                                       {"Store", Atomic::kStore},
                                       {"Add", Atomic::kAdd},
                                       {"Swap", Atomic::kSwap},
                                       {"CompareAndSwap", Atomic::kCompareAndSwap}};
  constexpr AtomicName kRuntimeNames[] = {{"Load", Atomic::kLoad},
                                          {"Store", Atomic::kStore},
                                          {"Xadd", Atomic::kAdd},
                                          {"Xchg", Atomic::kSwap},
                                          {"Cas", Atomic::kCompareAndSwap}};
  constexpr std::string_view kSyncTypes[] = {"Int32", "Int64", "Uint32", "Uint64", "Uintptr"};
  constexpr std::string_view kRuntimeTypes[] = {"",        "8",          "64",    "32",        "Acq",
                                                "Acq64",   "Acquintptr", "int32", "int64",     "uint",
                                                "uintptr", "Rel",        "Rel64", "Reluintptr"};
  auto find = [](std::string_view rest, const auto& names, const auto& types) {
    for (const AtomicName& n : names) {
      if (!rest.starts_with(n.prefix)) continue;
      for (std::string_view t : types)
        if (rest.substr(n.prefix.size()) == t) return n.operation;
    }
    return Atomic::kNone;
  };
  if (name == "sync/atomic.LoadPointer" || name == "internal/runtime/atomic.Loadp") return Atomic::kLoad;
  if (name.starts_with(kSync)) return find(name.substr(kSync.size()), kSyncNames, kSyncTypes);
  if (name.starts_with(kRuntime)) return find(name.substr(kRuntime.size()), kRuntimeNames, kRuntimeTypes);
  return Atomic::kNone;
}

}  // namespace

bool FuncLowerer::TryIntrinsicName(std::string_view name) {
  if (name == "internal/abi.FuncPCABI0" || name == "internal/abi.FuncPCABIInternal") return true;
  for (const IntrinsicEntry& e : kIntrinsics)
    if (e.name == name) return true;
  for (const NarrowZeros& e : kNarrowZeros)
    if (e.name == name) return true;
  return AtomicOf(name) != Atomic::kNone;
}

Expr* FuncLowerer::Instruction(Intrinsic op, const Exprs& operands, ir::Type* type) {
  Expr* x = New(Op::kIntrinsic, type);
  x->value = static_cast<uint64_t>(op);
  x->args = arena_.Copy(operands);
  return x;
}

Expr* FuncLowerer::TryIntrinsic(ir::Node* n, ir::Func* callee) {
  std::string_view name = callee->link_name;
  if (name == "internal/abi.FuncPCABI0" || name == "internal/abi.FuncPCABIInternal") {
    ir::Node* f = n->list[0];
    if (f->op == ir::kConvIface) f = f->x;
    if (ir::Func* target = StaticCallee(f)) return Symbol(data().Intern(target->link_name), 0, n->type);
    Expr* value = Value(n->list[0]);
    Expr* closure = value->type->IsInterface() ? IData(value) : Retype(value, types_.UnsafePointer());
    return Copy(Load(n->type, closure));
  }
  for (const IntrinsicEntry& e : kIntrinsics)
    if (e.name == name) return Instruction(e.op, Values(n->list), n->type);
  for (const NarrowZeros& e : kNarrowZeros) {
    if (e.name != name) continue;
    Expr* x = Numeric(Value(n->list[0]), Basic(ir::Kind::kUint64));
    return Instruction(Intrinsic::kTrailingZeros64, {Binary(Op::kOr, x, Int(e.above, x->type))}, n->type);
  }
  return TryAtomic(n, name);
}

Expr* FuncLowerer::TryAtomic(ir::Node* n, std::string_view name) {
  const Atomic operation = AtomicOf(name);
  if (operation == Atomic::kNone) return nullptr;
  Exprs args = Values(n->list);
  for (Expr*& a : args) a = Cheap(a);
  ir::Type* type = n->x->type->underlying->params[0].type->underlying->elem;
  Expr* place = Load(type, args[0]);
  auto stored = [&](Expr* x) { return Retype(x, type); };
  switch (operation) {
    case Atomic::kLoad:
      return Copy(place);
    case Atomic::kStore:
      Assign(place, stored(args[1]));
      return Zero(types_.Bool());
    case Atomic::kAdd: {
      Expr* sum = Copy(Binary(Op::kAdd, place, stored(args[1]), type));
      Assign(place, sum);
      return sum;
    }
    case Atomic::kSwap: {
      Expr* old = Copy(place);
      Assign(place, stored(args[1]));
      return old;
    }
    default: {
      Expr* equal = Copy(Compare(Op::kEq, place, stored(args[1])));
      If(equal, [&] { Assign(place, stored(args[2])); });
      return equal;
    }
  }
}

bool FuncLowerer::TryIntrinsicMany(ir::Node* n, ir::Func* callee, std::vector<Var*>* results) {
  std::string_view name = callee->link_name;
  for (const CarryEntry& e : kCarries) {
    if (e.name != name) continue;
    Exprs args = Values(n->list);
    Call* call = arena_.New<Call>();
    call->kind = CallKind::kInstruction;
    call->instruction = e.op;
    call->args = arena_.Copy(args);
    *results = {Temp(args[0]->type), Temp(args[0]->type)};
    call->results = arena_.Copy(*results);
    Stmt* s = NewStmt(StmtOp::kCall);
    s->call = call;
    Emit(s);
    return true;
  }
  if (name != "math/bits.Mul64" && name != "math/bits.Mul" && name != "internal/runtime/math.Mul64" &&
      name != "math/big.mulWW")
    return false;
  Exprs args = Values(n->list);
  Expr* x = Cheap(args[0]);
  Expr* y = Cheap(args[1]);
  *results = {CopyToVar(Instruction(Intrinsic::kMulHigh64, {x, y}, x->type)),
              CopyToVar(Binary(Op::kMul, x, y))};
  return true;
}

}  // namespace escapement::lower
