#include "engine/escape/self_assign.h"
#include "engine/escape/walker.h"
#include "engine/ir/call_graph.h"

namespace escapement::escape {

using namespace ir;

void Walker::Expr(Hole k, Node* n) {
  if (n == nullptr) return;
  Stmts(n->init);
  ExprSkipInit(k, n);
}

void Walker::ExprSkipInit(Hole k, Node* n) {
  if (n == nullptr) return;
  // A value without pointers carries nothing anywhere.
  if (k.derefs >= 0 && n->type != nullptr && n->type->kind != Kind::kIdeal && n->type->kind != Kind::kNil &&
      !n->type->HasPointers())
    k.dst = b_.Blank();
  switch (n->op) {
    case kLiteral:
    case kNil:
    case kGetG:
    case kGetCallerSP:
    case kType:
    case kMethExpr:
    case kLinkSymOffset:
    case kDynamicType:
      break;
    case kName: {
      Name* name = n->AsName();
      if (name->cls == Class::kFunc || name->cls == Class::kExtern) break;
      b_.Flow(k, Batch::LocationOf(name));
      break;
    }
    case kPlus:
    case kNeg:
    case kBitNot:
    case kNot:
    case kRecv:
      Discard(n->x);
      break;
    case kAdd:
    case kSub:
    case kOr:
    case kXor:
    case kMul:
    case kDiv:
    case kMod:
    case kLsh:
    case kRsh:
    case kAnd:
    case kAndNot:
    case kEq:
    case kNe:
    case kLt:
    case kLe:
    case kGt:
    case kGe:
    case kAndAnd:
    case kOrOr:
      Discard(n->x);
      Discard(n->y);
      break;
    case kAddr:
      Expr(b_.Address(k, n, "address-of"), n->x);
      break;
    case kDeref:
      Expr(b_.Dereference(k, n, "indirection"), n->x);
      break;
    case kDot:
    case kDotMeth:
    case kDotInter:
      Expr(b_.WithNote(k, n, "dot"), n->x);
      break;
    case kDotPtr:
      Expr(b_.Dereference(k, n, "dot of pointer"), n->x);
      break;
    case kDotType:
    case kDotType2:
    case kDynamicDotType:
    case kDynamicDotType2: {
      // A value that is not pointer-shaped is read out of the interface's box.
      bool boxed = !n->type->IsInterface() && !n->type->IsDirectIface();
      Expr(boxed ? b_.Dereference(k, n, "dot") : b_.WithNote(k, n, "dot"), n->x);
      break;
    }
    case kIndex:
      if (n->x->type->IsArray()) {
        Expr(b_.WithNote(k, n, "fixed-array-index-of"), n->x);
      } else {
        Expr(b_.Dereference(k, n, "dot of pointer"), n->x);
      }
      Discard(n->y);
      break;
    case kIndexMap:
      Discard(n->x);
      Discard(n->y);
      break;
    case kSlice:
    case kSliceArr:
    case kSlice3:
    case kSlice3Arr:
    case kSliceStr:
      Expr(b_.WithNote(k, n, "slice"), n->x);
      Discard(n->y);
      Discard(n->z);
      Discard(n->w);
      break;
    case kConv:
    case kConvNop:
      Conversion(k, n);
      break;
    case kConvIface:
      ConversionToInterface(k, n);
      break;
    case kMakeFace:
      Expr(k, n->y);
      break;
    case kItab:
    case kIData:
    case kSPtr:
    case kParen:
    case kSlice2ArrPtr:
      Expr(k, n->x);
      break;
    case kSlice2Arr:
      Expr(b_.Dereference(k, n, "slice-to-array"), n->x);
      break;
    case kCallMeth:
    case kCallFunc:
    case kCallInter:
    case kInlCall:
    case kLen:
    case kCap:
    case kMin:
    case kMax:
    case kComplex:
    case kReal:
    case kImag:
    case kAppend:
    case kCopy:
    case kRecover:
    case kUnsafeAdd:
    case kUnsafeSlice:
    case kUnsafeString:
    case kUnsafeStringData:
    case kUnsafeSliceData: {
      Holes ks{k};
      Call(&ks, n);
      break;
    }
    case kNew:
      Spill(k, n);
      break;
    case kMakeSlice:
      Spill(k, n);
      Discard(n->x);
      Discard(n->y);
      break;
    case kMakeChan:
      Discard(n->x);
      break;
    case kMakeMap:
      Spill(k, n);
      Discard(n->x);
      break;
    case kMethValue:
      MethodValue(k, n);
      break;
    case kPtrLit:
      Expr(Spill(k, n), n->x);
      break;
    case kArrayLit:
      Elements(k, n, "array literal element");
      break;
    case kSliceLit:
      Elements(Spill(k, n), n, "slice-literal-element");
      break;
    case kStructLit:
      for (Node* element : n->list) Expr(b_.WithNote(k, n, "struct literal element"), element->x);
      break;
    case kMapLit:
      MapLiteral(k, n);
      break;
    case kClosure:
      ClosureLiteral(k, n);
      break;
    case kRunes2Str:
    case kBytes2Str:
    case kStr2Runes:
    case kStr2Bytes:
    case kRuneStr:
      Spill(k, n);
      Discard(n->x);
      break;
    case kAddStr:
      Spill(k, n);
      Discards(n->list);
      break;
    default:
      UNREACHABLE("escape: unexpected expression " + std::string(OpName(n->op)));
  }
}

void Walker::Discards(List list) {
  for (Node* n : list) Discard(n);
}

Hole Walker::Spill(Hole k, Node* n) {
  Location* loc = NewLocation(n, false);
  b_.Flow(b_.Address(k, n, "spill"), loc);
  return Hole{loc};
}

void Walker::Conversion(Hole k, Node* n) {
  if (n->type->IsUnsafePtr() && n->x->type->Is(Kind::kUintptr)) {
    UnsafeValue(k, n->x);
  } else {
    Expr(k, n->x);
  }
}

void Walker::ConversionToInterface(Hole k, Node* n) {
  if (!n->x->type->IsInterface() && !n->x->type->IsDirectIface()) k = Spill(k, n);
  Expr(b_.WithNote(k, n, "interface-converted"), n->x);
}

void Walker::Elements(Hole k, Node* n, const char* why) {
  for (Node* element : n->list) Expr(b_.WithNote(k, n, why), element->op == kKey ? element->y : element);
}

// Keys and values of maps are always stored in the heap.
void Walker::MapLiteral(Hole k, Node* n) {
  Spill(k, n);
  for (Node* element : n->list) {
    AssignHeap(element->x, "map literal key", n);
    AssignHeap(element->y, "map literal value", n);
  }
}

// The receiver flows to the method value's own record and to the method's receiver
// parameter; how it will be called is unknown, so results count as heap.
void Walker::MethodValue(Hole k, Node* n) {
  Hole record = Spill(k, n);
  Name* method = MethodExprName(n);
  const ir::Type* signature = method != nullptr ? method->type : n->field->type;
  Holes results(signature->results.size(), HeapHole());
  Hole receiver = TagHole(&results, method, 0);
  Expr(Tee({receiver, record}), n->x);
}

void Walker::ClosureLiteral(Hole k, Node* n) {
  k = Spill(k, n);
  b_.closures_.push_back({k, n});
  Func* fn = n->func;
  if (!CapturesVariables(fn)) return;
  for (Name* captured : fn->closure_vars) {
    Location* loc = Batch::LocationOf(captured);
    if (loc->captured) continue;
    loc->captured = true;
    // Assignments in straight-line code before the first capture do not count.
    if (loc->loop_depth == loop_depth_) loc->reassigned = false;
  }
  for (Name* name : fn->dcl) {
    if (name->opt == nullptr) b_.NewLocation(name, fn, 1, true);
  }
  Walker(b_, fn).WalkFunc();
}

// Looks through arithmetic on uintptr values for conversions from unsafe.Pointer.
void Walker::UnsafeValue(Hole k, Node* n) {
  Stmts(n->init);
  switch (n->op) {
    case kConv:
    case kConvNop:
      Expr(n->x->type->IsUnsafePtr() ? k : DiscardHole(), n->x);
      break;
    case kDotPtr:
      if (IsReflectHeaderDataField(n)) {
        Expr(b_.Dereference(k, n, "reflect.Header.Data"), n->x);
      } else {
        Discard(n->x);
      }
      break;
    case kPlus:
    case kNeg:
    case kBitNot:
      UnsafeValue(k, n->x);
      break;
    case kAdd:
    case kSub:
    case kOr:
    case kXor:
    case kMul:
    case kDiv:
    case kMod:
    case kAnd:
    case kAndNot:
      UnsafeValue(k, n->x);
      UnsafeValue(k, n->y);
      break;
    case kLsh:
    case kRsh:
      UnsafeValue(k, n->x);
      Discard(n->y);
      break;
    default:
      ExprSkipInit(DiscardHole(), n);
  }
}

}  // namespace escapement::escape
