// append, with the stack buffers of Go 1.25 and 1.26 and the move to the heap (ssagen's append and
// move2heap, walk's appendSlice and extendSlice).
#include "engine/ir/static_value.h"
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {
constexpr int64_t kBufferBytes = 32;  // base.Debug.VariableMakeThreshold
}

FuncLowerer::BackingStore* FuncLowerer::BackingStoreFor(ir::Node* slice) {
  ir::Type* elem = slice->type->underlying->elem;
  if (elem->Size() == 0 || elem->Size() > kBufferBytes) return nullptr;
  auto [it, fresh] = backing_.try_emplace(slice);
  if (fresh) {
    int64_t capacity = kBufferBytes / elem->Size();
    it->second = {FrameTemp(types_.Array(elem, capacity)), Temp(types_.Bool()), capacity, false};
  }
  return &it->second;
}

Expr* FuncLowerer::Append(ir::Node* n, ir::Node* lhs) {
  if (n->Has(ir::kIsDDD)) {
    ir::Node* y = n->list[1];
    if (y->op == ir::kMakeSlice && !y->y && (y->x->op == ir::kLiteral || y->x->type->Size() <= 8))
      return AppendMake(n);
    return AppendSlice(n);
  }
  if (n->list.size() == 1) return Value(n->list[0]);
  return AppendElements(n, lhs);
}

Expr* FuncLowerer::AppendElements(ir::Node* n, ir::Node* lhs) {
  ir::Type* elem = n->type->underlying->elem;
  ir::Type* word = types_.Uintptr();
  Expr* slice = Value(n->list[0]);
  Exprs values;
  for (size_t i = 1; i < n->list.size(); i++) values.push_back(Cheap(Value(n->list[i])));
  int64_t count = static_cast<int64_t>(values.size());
  bool same = lhs && ir::SameSafeExpr(lhs, n->list[0]);
  bool in_slots = slice->op == Op::kVar;
  // `p.s = append(p.s, x)` updates in place and never uses a buffer.
  bool in_place = same && !in_slots;
  BackingStore* info = !in_place && n->esc == ir::Esc::kNone ? BackingStoreFor(n->list[0]) : nullptr;
  // s = append(s, x) works on s itself: nothing below can fault after s changed.
  Var* r = same && in_slots && slice->type == n->type ? slice->var : CopyToVar(slice);
  for (Expr*& v : values) {
    const Expr* root = v;
    while (root->op == Op::kPart || root->op == Op::kRetype) root = root->x;
    if (root->op == Op::kVar && root->var == r) v = Copy(v);
  }
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, elem);
  Var* len = Temp(types_.Int());
  Set(len, Binary(Op::kAdd, SliceLen(Use(r)), Int(count)));
  auto grow = [&] {
    Exprs args{SlicePtr(Use(r)), Use(len), SliceCap(Use(r)), Int(count), rtype};
    std::string_view name = "growslice";
    if (info && n->Has(ir::kUseBuf)) {
      name = "growsliceBuf";
      args.push_back(VarAddr(info->store));
      args.push_back(Int(info->capacity));
    }
    Var* grown = RuntimeCall(name, args, {n->type}, AddSite(Site::kAppend, elem, n))[0];
    Set(r, Use(grown));
  };
  auto set_len = [&] { Assign(Part(Use(r), 1, types_.Int()), Use(len)); };
  If(
      Compare(Op::kLt, Retype(SliceCap(Use(r)), word), Retype(Use(len), word)),
      [&] {
        if (!info || n->Has(ir::kUseBuf) || info->used_static) {
          if (info && n->Has(ir::kUseBuf) && elem->HasPointers()) info->store->need_zero = true;
          return grow();
        }
        info->used_static = true;
        info->used->need_zero = true;
        Expr* fits = Binary(Op::kAndAnd,
                            Binary(Op::kAndAnd, Compare(Op::kLe, Use(len), Int(info->capacity)),
                                   Not(Use(info->used)), types_.Bool()),
                            Compare(Op::kEq, SliceLen(Use(r)), Int(0)), types_.Bool());
        If(
            fits,
            [&] {
              ZeroPlace(Use(info->store));
              Set(r, Make(n->type, {VarAddr(info->store), Use(len), Int(info->capacity)}));
              Set(info->used, Bool(true));
            },
            grow);
      },
      set_len);
  if (elem->Size() != 0) {
    for (int64_t i = 0; i < count; i++) {
      Expr* at = PtrIndex(SlicePtr(Use(r)),
                          count == 1 && i == 0 ? Binary(Op::kSub, Use(len), Int(1))
                                               : Binary(Op::kSub, Use(len), Int(count - i)),
                          elem->Size());
      Assign(Load(elem, at), Retype(values[static_cast<size_t>(i)], elem));
    }
  }
  return Use(r);
}

Expr* FuncLowerer::AppendSlice(ir::Node* n) {
  ir::Type* elem = n->type->underlying->elem;
  ir::Type* word = types_.Uintptr();
  Expr* slice = Value(n->list[0]);
  Expr* more = Value(n->list[1]);
  Var* r = CopyToVar(slice);
  more = Cheap(more);
  Expr* more_len = Part(more, 1, types_.Int());
  Expr* more_ptr = Part(more, 0, types_.UnsafePointer());
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, elem);
  Expr* old_len = Copy(SliceLen(Use(r)));
  Var* len = Temp(types_.Int());
  Set(len, Binary(Op::kAdd, old_len, more_len));
  If(
      Compare(Op::kLe, Retype(Use(len), word), Retype(SliceCap(Use(r)), word)),
      [&] { Assign(Part(Use(r), 1, types_.Int()), Use(len)); },
      [&] {
        Exprs args{SlicePtr(Use(r)), Use(len), SliceCap(Use(r)), more_len, rtype};
        Set(r, Use(RuntimeCall("growslice", args, {n->type}, AddSite(Site::kAppend, elem, n))[0]));
      });
  if (elem->Size() != 0) {
    Expr* to = PtrIndex(SlicePtr(Use(r)), old_len, elem->Size());
    if (elem->HasPointers()) {
      RuntimeCall("typedslicecopy", {rtype, to, more_len, more_ptr, more_len}, {types_.Int()});
    } else {
      RuntimeCall("memmove", {to, more_ptr, Binary(Op::kMul, more_len, Int(elem->Size()))});
    }
  }
  return Use(r);
}

Expr* FuncLowerer::AppendMake(ir::Node* n) {
  // append(s, make([]T, y)...) extends by zeroes without making the slice.
  ir::Type* elem = n->type->underlying->elem;
  ir::Type* word = types_.Uintptr();
  Var* r = CopyToVar(Value(n->list[0]));
  Expr* more = Cheap(Numeric(Value(n->list[1]->x), types_.Int()));
  If(Compare(Op::kLt, more, Int(0)), [&] { RuntimePanic("panicmakeslicelen"); });
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, elem);
  Expr* old_len = Copy(SliceLen(Use(r)));
  If(Compare(Op::kNe, more, Int(0)), [&] {
    Var* len = Temp(types_.Int());
    Set(len, Binary(Op::kAdd, old_len, more));
    auto clear = [&] {
      if (elem->Size() == 0) return;
      RuntimeCall(
          elem->HasPointers() ? "memclrHasPointers" : "memclrNoHeapPointers",
          {PtrIndex(SlicePtr(Use(r)), old_len, elem->Size()), Binary(Op::kMul, more, Int(elem->Size()))});
    };
    If(
        Compare(Op::kLe, Retype(Use(len), word), Retype(SliceCap(Use(r)), word)),
        [&] {
          Assign(Part(Use(r), 1, types_.Int()), Use(len));
          if (elem->HasPointers()) clear();
        },
        [&] {
          Exprs args{SlicePtr(Use(r)), Use(len), SliceCap(Use(r)), more, rtype};
          Set(r, Use(RuntimeCall("growslice", args, {n->type}, AddSite(Site::kAppend, elem, n))[0]));
        });
    if (!elem->HasPointers()) clear();
  });
  return Use(r);
}

Expr* FuncLowerer::Move2Heap(ir::Node* n) {
  ir::Type* elem = n->type->underlying->elem;
  Expr* slice = Value(n->x);
  if (elem->Size() == 0 || elem->Size() > kBufferBytes) return slice;
  Var* r = CopyToVar(slice);
  // Only a backing store in this frame has to move; a slice that grew past it is on the heap already.
  BackingStore* info = BackingStoreFor(n->x);
  Expr* here = Compare(Op::kEq, SlicePtr(Use(r)), VarAddr(info->store));
  If(here, [&] {
    bool keep = n->Has(ir::kPreserveCapacity);
    Exprs args{elem->HasPointers() ? RType(n->y, elem) : Int(elem->Size(), types_.Uintptr()),
               SlicePtr(Use(r)), SliceLen(Use(r))};
    if (keep) args.push_back(SliceCap(Use(r)));
    std::string name = keep ? "moveSlice" : "moveSliceNoCap";
    if (!elem->HasPointers()) name += "NoScan";
    Set(r, Use(RuntimeCall(name, args, {n->type}, AddSite(Site::kAppend, elem, n))[0]));
  });
  return Use(r);
}

}  // namespace escapement::lower
