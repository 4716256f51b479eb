// Constants and literals as bytes of static data.

#include "engine/base/bit_cast.h"
#include "engine/base/check.h"
#include "engine/lower/layout.h"
#include "engine/lower/lowering.h"

namespace escapement::lower {

uint64_t ScalarBits(base::ConstantPool& constants, ir::Type* type, base::Constant value) {
  switch (type->kind) {
    case ir::Kind::kBool:
      return value.BoolVal();
    case ir::Kind::kFloat32:
      return base::BitCast<uint32_t>(constants.Float32Val(constants.ToFloat(value)));
    case ir::Kind::kFloat64:
      return base::BitCast<uint64_t>(constants.Float64Val(constants.ToFloat(value)));
    default:
      break;
  }
  base::Constant i = constants.ToInt(value);
  if (constants.Sign(i) < 0) return static_cast<uint64_t>(constants.Int64Val(i));
  uint64_t bits = constants.Uint64Val(i);
  switch (ScalarOf(type)) {
    case Scalar::kS8:
      return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int8_t>(bits)));
    case Scalar::kS16:
      return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int16_t>(bits)));
    case Scalar::kS32:
      return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(bits)));
    default:
      return bits;
  }
}

bool IsZeroLiteral(base::ConstantPool& constants, ir::Node* n) {
  switch (n->op) {
    case ir::kNil:
      return true;
    case ir::kLiteral:
      if (n->type->IsString()) return n->value.StringVal().empty();
      if (n->type->IsBoolean()) return !n->value.BoolVal();
      if (n->type->IsComplex())
        return constants.Sign(constants.Real(constants.ToComplex(n->value))) == 0 &&
               constants.Sign(constants.Imag(constants.ToComplex(n->value))) == 0;
      return constants.Sign(n->value) == 0;
    case ir::kArrayLit:
    case ir::kStructLit:
      for (ir::Node* e : n->list) {
        ir::Node* v = e->op == ir::kKey ? e->y : e->op == ir::kStructKey ? e->x : e;
        if (!IsZeroLiteral(constants, v)) return false;
      }
      return true;
    default:
      return false;
  }
}

bool IsStaticLiteral(ir::Node* n) {
  switch (n->op) {
    case ir::kLiteral:
    case ir::kNil:
      return true;
    case ir::kArrayLit:
    case ir::kStructLit:
      for (ir::Node* e : n->list) {
        ir::Node* v = e->op == ir::kKey ? e->y : e->op == ir::kStructKey ? e->x : e;
        if (!IsStaticLiteral(v)) return false;
      }
      return n->init.empty();
    case ir::kConvIface: {
      ir::Node* v = n;
      while (v->op == ir::kConvIface) v = v->x;
      if (v->type->IsInterface()) return v->op == ir::kNil;
      if (v->type->HasShape() || (n->hidden && n->hidden->type_word)) return false;
      if (v->type->IsDirectIface()) return v->op == ir::kNil;
      return IsStaticLiteral(v);
    }
    default:
      return false;
  }
}

bool StaticConstant(Lowering& lowering, DataSymbol* symbol, int64_t offset, ir::Node* n, ir::Type* type) {
  if (n->op == ir::kNil) return true;
  ENSURE(n->op == ir::kLiteral, "not a constant");
  base::ConstantPool& constants = lowering.constants();
  uint64_t at = static_cast<uint64_t>(offset);
  if (type->IsString()) {
    std::string_view text = n->value.StringVal();
    if (text.empty()) return true;
    symbol->PutAddress(at, lowering.data().StringBytes(text));
    symbol->Put(at + 8, text.size(), 8);
    return true;
  }
  if (type->IsComplex()) {
    bool small = type->Is(ir::Kind::kComplex64);
    ir::Type* part = lowering.types().Basic(small ? ir::Kind::kFloat32 : ir::Kind::kFloat64);
    unsigned width = small ? 4 : 8;
    base::Constant c = constants.ToComplex(n->value);
    symbol->Put(at, ScalarBits(constants, part, constants.Real(c)), width);
    symbol->Put(at + width, ScalarBits(constants, part, constants.Imag(c)), width);
    return true;
  }
  symbol->Put(at, ScalarBits(constants, type, n->value), static_cast<unsigned>(type->Size()));
  return true;
}

void StaticLiteral(Lowering& lowering, DataSymbol* symbol, int64_t offset, ir::Node* n, ir::Type* type) {
  switch (n->op) {
    case ir::kLiteral:
    case ir::kNil:
      StaticConstant(lowering, symbol, offset, n, type);
      return;
    case ir::kArrayLit:
    case ir::kSliceLit: {  // of a slice: the elements of its array
      ir::Type* elem = n->type->underlying->elem;
      int64_t index = 0;
      for (ir::Node* e : n->list) {
        ir::Node* v = e;
        if (e->op == ir::kKey) {
          index = lowering.constants().Int64Val(e->x->value);
          v = e->y;
        }
        if (v->op != ir::kSliceLit) StaticLiteral(lowering, symbol, offset + index * elem->Size(), v, elem);
        index++;
      }
      return;
    }
    case ir::kStructLit:
      n->type->Size();
      for (ir::Node* e : n->list)
        if (e->x->op != ir::kSliceLit)
          StaticLiteral(lowering, symbol, offset + e->field->offset, e->x, e->field->type);
      return;
    case ir::kConvIface: {
      if (!IsStaticLiteral(n)) return;
      ir::Node* v = n;
      while (v->op == ir::kConvIface) v = v->x;
      if (v->type->IsInterface()) return;
      uint64_t at = static_cast<uint64_t>(offset);
      symbol->PutAddress(at, type->IsEmptyInterface() ? lowering.data().TypeDescriptor(v->type)
                                                      : lowering.data().Itab(v->type, type));
      if (v->type->IsDirectIface()) return;
      if (v->type->Size() == 0) {
        symbol->PutAddress(at + 8, lowering.data().Intern("runtime.zerobase"));
        return;
      }
      DataSymbol* s = lowering.data().Define(lowering.data().Fresh("stmp_ro_"), Section::kRodata,
                                             static_cast<uint64_t>(v->type->Size()),
                                             static_cast<uint32_t>(v->type->Align()));
      StaticLiteral(lowering, s, 0, v, v->type);
      symbol->PutAddress(at + 8, s->name);
      return;
    }
    default:
      return;  // a dynamic part: stored by code
  }
}

}  // namespace escapement::lower
