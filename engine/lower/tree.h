// The lowered tree: what is left of a function once order of evaluation, allocation and the language's
// own operations are spelled out. Expressions are free of side effects except for faults (nil, bounds,
// division); everything else is a statement. A value of register class (layout.h) is an expression; a
// value of memory class only ever appears as a *place*: a frame variable or a load from an address.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/base/interner.h"
#include "engine/ir/func.h"
#include "engine/ir/node.h"
#include "engine/ir/type.h"

namespace escapement::lower {

// Expressions. Operands: x, y, z; integers: value, offset; see each.
enum class Op : uint8_t {
  kConst,     // value: the bits of a scalar (integer extended by its type, float bits, nil)
  kZero,      // the zero value of `type`, which is of register class
  kVar,       // var
  kSymAddr,   // symbol + offset: address of static data or of a function's entry
  kVarAddr,   // address of frame variable var + offset
  kLoad,      // the value of `type` at address x + offset
  kPart,      // components [value, value + components of type) of register-class x
  kMake,      // args concatenated: a register-class value built of its parts
  kPtrAdd,    // x + offset: an address inside the object of x
  kElemAddr,  // x + y * value, checked 0 <= y < z unless z is null
  kNeg,
  kCom,
  kNot,
  kAdd,
  kSub,
  kMul,
  kDiv,  // division by zero faults unless bounded
  kMod,
  kAnd,
  kOr,
  kXor,
  kAndNot,
  kShl,  // y is unsigned; bounded when y < width is known
  kShr,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kAndAnd,  // y is evaluated only if needed and has no statements of its own
  kOrOr,
  kConvert,    // scalar x converted between integer and float types, amd64's results
  kRetype,     // the same bits as another type of the same components
  kContext,    // the closure pointer this function was called with
  kIntrinsic,  // value: an Intrinsic; operands args
  kSlice,      // x[args[0]:args[1]:args[2]] with all checks; x is (ptr, len, cap) or a string; value: element
               // size; offset: bytecode::SliceFlags
  kMemEqual,   // value bytes at x and y are equal
};

// Operations of packages the compiler knows by name.
enum class Intrinsic : uint8_t {
  kSqrt,
  kFloor,
  kCeil,
  kTrunc,
  kRoundToEven,
  kFabs,
  kCopysign,
  kFma,
  kTrailingZeros64,
  kTrailingZeros32,
  kLen64,
  kOnesCount64,
  kBswap64,
  kBswap32,
  kRotateLeft64,
  kRotateLeft32,
  kMulHigh64,
  kAddCarry,   // two results: only as an instruction call
  kSubBorrow,  // the same
};

// Where a variable lives for the whole of its life.
enum class Home : uint8_t { kSlots, kFrame };

// A local variable: parameter, result, declared variable or temporary.
struct Var {
  ir::Type* type = nullptr;
  ir::Name* origin = nullptr;  // null for a temporary
  ir::Name* shown = nullptr;   // the variable of the program that this holds (a captured one, too)
  bool points = false;         // it holds the address of that variable
  Home home = Home::kSlots;
  Var* copy = nullptr;  // of a parameter whose address is taken: the variable that it is copied to on entry
  bool is_param = false;
  bool is_result = false;
  bool need_zero = false;  // must be zeroed on entry (frame variables with pointers, results)
  uint32_t index = 0;      // position in Func::vars
};

struct Expr {
  Op op = Op::kConst;
  bool bounded = false;  // the check (bounds, shift width, zero divisor, nil) cannot fail
  ir::Type* type = nullptr;
  Expr* x = nullptr;
  Expr* y = nullptr;
  Expr* z = nullptr;
  uint64_t value = 0;
  int64_t offset = 0;
  Var* var = nullptr;
  base::Name symbol;
  std::span<Expr*> args;
  ir::SrcPos pos;
};

enum class StmtOp : uint8_t {
  kAssign,    // var (components from value on) = x, register class
  kStore,     // *(addr + offset) = x, register class
  kMove,      // memory class: *(addr + offset) = *x as `type`, x an address
  kZeroMem,   // memory at addr + offset of `type` = zero
  kEval,      // x for its faults alone
  kNilCheck,  // fault if x is nil
  kCall,      // call
  kIf,        // x; body; otherwise
  kLoop,      // for { head; if !x (null: true) break; body; label (continue); post }
  kLabel,     // label
  kGoto,      // label
  kSwitch,    // jump table: x - value indexes targets; out of range goes on behind
  kReturn,    // args: the results, or empty when they are in their homes
  kDefer,     // call the closure x when the function returns; defer_kind
  kGo,        // start a goroutine on the closure x
  kPanic,     // x: an interface value
  kRecover,   // var = recover()
  kUnreachable,
  kKeepAlive,  // x is live here
};

// An operation that may allocate, and the node that carries its verdict.
struct Site {
  enum Kind : uint8_t {  // as bytecode::SiteKind
    kNew,
    kMovedVariable,
    kMakeSlice,
    kMakeMap,
    kMakeChan,
    kSliceLiteral,
    kMapLiteral,
    kAppend,
    kClosure,
    kMethodValue,
    kInterface,
    kConcat,
    kStringConversion,
    kMapAssign,
    kGo,
    kDefer,
    kVariadic,
    kRuntime,
    kOther,
  };
  Kind kind = kOther;
  ir::Type* type = nullptr;
  ir::Node* node = nullptr;
  ir::SrcPos pos;
};

enum class CallKind : uint8_t { kStatic, kClosure, kInterface, kInstruction };
enum class DeferKind : uint8_t { kOpen, kStack, kHeap };

struct Call {
  CallKind kind = CallKind::kStatic;
  base::Name symbol;         // kStatic: link name
  ir::Func* func = nullptr;  // kStatic: the callee when it is Go code of this session
  Expr* target = nullptr;    // kClosure: func value; kInterface: the interface value
  int method = 0;            // kInterface: index in the itab's function table
  Intrinsic instruction{};   // kInstruction: what one instruction does instead
  std::span<Expr*> args;     // in order of the callee's parameters (dictionary, receiver, ...)
  std::span<Var*> results;   // null entries are discarded; may be shorter than the callee's results
  std::span<ir::Type*> result_types;
  int32_t site = -1;  // index in Func::sites, or -1
  bool noreturn = false;
  ir::Type* new_type = nullptr;  // runtime.newobject of a static type: one instruction
};

struct Stmt {
  StmtOp op = StmtOp::kEval;
  bool write_barrier = false;
  DeferKind defer_kind = DeferKind::kStack;
  ir::Type* type = nullptr;
  Var* var = nullptr;
  uint64_t value = 0;
  int64_t offset = 0;
  int label = -1;
  int32_t site = -1;
  Expr* addr = nullptr;
  Expr* x = nullptr;
  Call* call = nullptr;
  std::span<Expr*> args;
  std::span<Stmt*> head;
  std::span<Stmt*> body;
  std::span<Stmt*> otherwise;
  std::span<Stmt*> post;
  std::span<int> targets;
  ir::SrcPos pos;
};

// A lowered function. Everything hangs off the arena it was lowered into.
struct Func {
  base::Name symbol;
  ir::Func* origin = nullptr;  // null for functions made here (hash, eq)
  std::vector<Var*> vars;
  std::vector<Var*> params;  // in order: dictionary, receiver, parameters
  std::vector<Var*> results;
  std::vector<Stmt*> body;
  std::vector<Expr*> homes;  // with defers: where the results are when the frame returns
  std::vector<Site> sites;
  int labels = 0;
  bool needs_context = false;
  bool has_defer = false;
  bool has_recover = false;
  bool open_defers = false;
  bool nosplit = false;
  bool wrapper = false;
};

}  // namespace escapement::lower
