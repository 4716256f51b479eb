// Index and slice expressions.
#include "engine/types/assign.h"
#include "engine/types/convert.h"
#include "engine/types/errors.h"
#include "engine/types/expr.h"
#include "engine/types/predicates.h"
#include "engine/types/typeset.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

namespace {

// What indexing a type gives: element type, mode, length if known; key type for maps.
struct Indexing {
  Type* elem = nullptr;  // null: not indexable
  Type* key = nullptr;
  Mode mode = Mode::kVariable;
  int64_t length = -1;
};

Indexing IndexType(Type* u, bool addressable) {
  Indexing result;
  if (u == nullptr) return result;
  switch (u->kind) {
    case TypeKind::kBasic:
      if (IsString(u)) {
        result.elem = ByteType();
        result.mode = Mode::kValue;
      }
      break;
    case TypeKind::kArray:
      result.elem = As<Array>(u)->elem;
      result.length = As<Array>(u)->length;
      if (!addressable) result.mode = Mode::kValue;
      break;
    case TypeKind::kPointer:
      if (auto* array = Under<Array>(As<Pointer>(u)->base)) {
        result.elem = array->elem;
        result.length = array->length;
      }
      break;
    case TypeKind::kSlice:
      result.elem = As<Slice>(u)->elem;
      break;
    case TypeKind::kMap:
      result.key = As<Map>(u)->key;
      result.elem = As<Map>(u)->elem;
      result.mode = Mode::kMapIndex;
      break;
    default:
      break;
  }
  return result;
}

// A type parameter: all types of its set must agree, all maps or none.
Indexing IndexTypeParam(Type* type, bool addressable) {
  Indexing result;
  bool ok = EachType(type, [&](Type*, Type* u) {
    Indexing one = IndexType(u, addressable);
    if (one.elem == nullptr) return false;
    if (result.elem == nullptr) {
      result = one;
      return true;
    }
    if ((result.key == nullptr) != (one.key == nullptr)) return false;
    if (one.key != nullptr && !Identical(result.key, one.key)) return false;
    if (!Identical(result.elem, one.elem)) return false;
    if (one.mode == Mode::kValue) result.mode = Mode::kValue;
    if (one.length >= 0 && one.length < result.length) result.length = one.length;
    return true;
  });
  return ok ? result : Indexing{};
}

// The one index of x[i]; null (after an error) if there is none.
syntax::Expr* SingleIndex(Context& c, syntax::IndexExpr* e) {
  if (e->index == nullptr) {
    Error(c, e, "invalid syntax tree: missing index for ", e->x);
    return nullptr;
  }
  if (auto* list = syntax::As<syntax::ListExpr>(e->index)) {
    Error(c, list->elems[1], kInvalidOp, "more than one index");
    return list->elems[0];
  }
  return e->index;
}

}  // namespace

bool IndexExpr(Context& c, Operand* x, syntax::IndexExpr* e) {
  ExprOrType(c, x, e->x, true);
  switch (x->mode) {
    case Mode::kInvalid:
      Use(c, e->index);
      return false;
    case Mode::kTypeExpr:
      // An instantiated type.
      x->Invalidate();
      x->type = VarType(c, e);
      if (IsValid(x->type)) x->mode = Mode::kTypeExpr;
      return false;
    case Mode::kValue:
      if (auto* sig = Under<Signature>(x->type); sig != nullptr && !sig->tparams.empty()) return true;
      break;
    default:
      break;
  }
  NonGeneric(c, nullptr, x);
  if (!x->valid()) return false;

  bool addressable = x->mode == Mode::kVariable;
  Indexing indexing = IsTypeParam(x->type) ? IndexTypeParam(x->type, addressable)
                                           : IndexType(Underlying(x->type), addressable);
  if (indexing.elem == nullptr) {
    Error(c, e->pos, "cannot index ", *x);
    Use(c, e->index);
    x->Invalidate();
    return false;
  }
  if (x->is_constant() && x->value.kind() == base::ConstantKind::kString && IsString(x->type)) {
    indexing.length = static_cast<int64_t>(x->value.StringVal().size());
  }
  syntax::Expr* index = SingleIndex(c, e);
  if (index == nullptr) {
    x->Invalidate();
    return false;
  }
  x->type = indexing.elem;
  if (indexing.key != nullptr) {
    Operand key;
    Expr(c, &key, index);
    Assignment(c, &key, indexing.key, "map index");
    // The key's error does not make the element's type unknown.
    x->mode = Mode::kMapIndex;
    x->expr = e;
    return false;
  }
  x->mode = indexing.mode;
  Index(c, index, indexing.length);
  return false;
}

namespace {

// The common underlying type for slicing; strings count as []byte among type sets.
// Null after an error.
Type* SliceableType(Context& c, const Operand& x) {
  Type* common_type = nullptr;
  Type* common = nullptr;
  bool has_string = false;
  bool ok = EachType(x.type, [&](Type* t, Type* u) {
    if (u == nullptr) {
      Error(c, x, "cannot slice ", x, ": no specific type in ", x.type);
      return false;
    }
    if (IsString(u)) {
      u = NewSlice(c, ByteType());
      has_string = true;
    }
    if (common == nullptr) {
      common_type = t;
      common = u;
      return true;
    }
    if (!Identical(common, u)) {
      Error(c, x, "cannot slice ", x, ": ", common_type, " and ", t, " have different underlying types");
      return false;
    }
    return true;
  });
  if (!ok) return nullptr;
  if (has_string) return IsTypeParam(x.type) ? Typ(BasicKind::kString) : Underlying(x.type);
  return common;
}

// Constant indices must not decrease.
void CheckSliceOrder(Context& c, syntax::SliceExpr* e, const int64_t (&indices)[3]) {
  for (int i = 0; i < 2; ++i) {
    if (indices[i] <= 0) continue;
    for (int j = i + 1; j < 3; ++j) {
      if (indices[j] >= 0 && indices[j] < indices[i]) {
        // The culprit is the later one, which was written.
        Error(c, e->index[j] != nullptr ? At(e->index[j]) : At(e), "invalid slice indices: ", indices[j],
              " < ", indices[i]);
        return;  // one error is enough
      }
    }
  }
}

}  // namespace

void SliceExpr(Context& c, Operand* x, syntax::SliceExpr* e) {
  Expr(c, x, e->x);
  if (!x->valid()) {
    for (syntax::Expr* index : e->index) Use(c, index);
    return;
  }
  Type* u = SliceableType(c, *x);
  if (u == nullptr) {
    x->Invalidate();
    return;
  }
  bool valid = false;
  int64_t length = -1;
  if (IsString(u) && u->kind == TypeKind::kBasic) {
    if (e->full) {
      Error(c, e->index[2] != nullptr ? At(e->index[2]) : At(e), kInvalidOp, "3-index slice of string");
      x->Invalidate();
      return;
    }
    valid = true;
    if (x->is_constant()) length = static_cast<int64_t>(x->value.StringVal().size());
    // Slicing an untyped string gives a string, a defined one stays what it is.
    if (IsUntyped(x->type)) x->type = Typ(BasicKind::kString);
  } else if (auto* array = As<Array>(u)) {
    valid = true;
    length = array->length;
    if (x->mode != Mode::kVariable) {
      Error(c, *x, "cannot slice unaddressable value ", *x);
      x->Invalidate();
      return;
    }
    x->type = NewSlice(c, array->elem);
  } else if (auto* pointer = As<Pointer>(u)) {
    if (auto* base = Under<Array>(pointer->base)) {
      valid = true;
      length = base->length;
      x->type = NewSlice(c, base->elem);
    }
  } else {
    valid = u->kind == TypeKind::kSlice;
  }
  if (!valid) {
    Error(c, *x, "cannot slice ", *x);
    x->Invalidate();
    return;
  }
  x->mode = Mode::kValue;
  if (e->full && (e->index[1] == nullptr || e->index[2] == nullptr)) {
    Error(c, e, "invalid syntax tree: 2nd and 3rd index required in 3-index slice");
    x->Invalidate();
    return;
  }
  int64_t indices[3];
  for (int i = 0; i < 3; ++i) {
    int64_t value = -1;
    if (e->index[i] != nullptr) {
      // The "capacity" is one more than the last valid index.
      value = Index(c, e->index[i], length >= 0 ? length + 1 : -1).value;
    } else if (i == 0) {
      value = 0;
    } else if (length >= 0) {
      value = length;
    }
    indices[i] = value;
  }
  CheckSliceOrder(c, e, indices);
}

IndexValue Index(Context& c, syntax::Expr* index, int64_t max) {
  IndexValue invalid{InvalidType(), -1};
  Operand x;
  Expr(c, &x, index);
  if (!IsValidIndex(c, &x, "index", false)) return invalid;
  if (!x.is_constant()) return {x.type, -1};
  if (x.value.is_unknown()) return invalid;
  int64_t value = c.constants.Int64Val(x.value);
  if (max >= 0 && value >= max) {
    Error(c, x, kInvalidArg, "index ", x.value, " out of bounds [0:", max, "]");
    return invalid;
  }
  return {x.type, value};
}

bool IsValidIndex(Context& c, Operand* x, std::string_view what, bool allow_negative) {
  if (!x->valid()) return false;
  // A constant index that is untyped becomes an int.
  ConvertUntyped(c, x, Typ(BasicKind::kInt));
  if (!x->valid()) return false;
  if (!AllBasic(x->type, kIsInteger)) {
    Error(c, *x, kInvalidArg, what, " ", *x, " must be integer");
    return false;
  }
  if (x->is_constant()) {
    if (!allow_negative && c.constants.Sign(x->value) < 0) {
      Error(c, *x, kInvalidArg, what, " ", *x, " must not be negative");
      return false;
    }
    if (!RepresentableConst(c, x->value, Typ(BasicKind::kInt), &x->value)) {
      Error(c, *x, kInvalidArg, what, " ", *x, " overflows int");
      return false;
    }
  }
  return true;
}

}  // namespace escapement::types
