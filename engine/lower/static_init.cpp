// Static initialisation: package-level variables whose value the compiler knows become data
// (cmd/compile/internal/staticinit). What is left stays code in the package's init function.

#include "engine/base/bit_cast.h"
#include "engine/base/check.h"
#include "engine/ir/static_value.h"
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

namespace {

// gc's staticinit.Schedule for one package.
class Schedule {
 public:
  // `addresses`: whether static data may hold them.
  Schedule(Lowering& lowering, bool addresses)
      : low_(lowering), data_(lowering.data()), addresses_(addresses) {}

  std::vector<ir::Node*> Run(ir::List body) {
    for (ir::Node* n : body) {
      if (n && !TryInit(n)) out_.push_back(n);
    }
    return std::move(out_);
  }

 private:
  static bool MayModifyVariables(ir::Node* n) {
    return n && ir::Any(n, [](ir::Node* e) {
             return e->op == ir::kCallFunc || e->op == ir::kCallInter || e->op == ir::kInlCall ||
                    e->op == ir::kAppend || e->op == ir::kClear || e->op == ir::kCopy || e->op == ir::kRecv;
           });
  }

  bool TryInit(ir::Node* n) {
    if (n->op == ir::kCallFunc) return false;  // of a map's own initialiser
    if (n->op != ir::kAs || !ir::IsName(n->x)) {
      if (n->op != ir::kDcl) seen_mutation_ = true;
      return false;
    }
    ir::Name* name = n->x->AsName();
    seen_mutation_ = seen_mutation_ || MayModifyVariables(n->y);
    if (ir::IsBlank(name) && n->init.empty() && (n->y == nullptr || !ir::AnySideEffects(n->y))) return true;
    if (name->cls != ir::Class::kExtern || ir::IsBlank(name) || !n->init.empty()) return false;
    DataSymbol* symbol = data_.Find(low_.GlobalSymbol(name));
    size_t mark = out_.size();
    bool done = Assign(symbol, 0, n->y, name->type);
    if (!done) out_.resize(mark);
    return done;
  }

  // A variable that gets initial bytes moves from bss to data.
  void Initialised(DataSymbol* s) {
    if (s->section == Section::kBss) s->section = Section::kData;
    if (s->section == Section::kNoptrBss) s->section = Section::kNoptrData;
  }

  DataSymbol* Temporary(ir::Type* t) {
    DataSymbol* s = data_.Define(data_.Fresh("stmp_"), t->HasPointers() ? Section::kBss : Section::kNoptrBss,
                                 static_cast<uint64_t>(t->Size()), static_cast<uint32_t>(t->Align()));
    s->type = t;
    return s;
  }

  // symbol[offset] = v when v is not constant: code in the init function.
  void Dynamic(DataSymbol* s, int64_t offset, ir::Node* v, ir::Type* type) {
    ir::Program& p = low_.program();
    ir::Node* place = p.NewNode(ir::kLinkSymOffset, v->pos, type);
    place->sym = low_.types().Lookup(nullptr, s->name.text());
    place->n = offset;
    ir::Node* as = p.NewNode(ir::kAs, v->pos);
    as->x = place;
    as->y = v;
    out_.push_back(as);
  }

  void AssignOrDynamic(DataSymbol* s, int64_t offset, ir::Node* v, ir::Type* type) {
    if (!Assign(s, offset, v, type)) Dynamic(s, offset, v, type);
  }

  void Address(DataSymbol* s, int64_t offset, base::Name target, int64_t addend = 0) {
    Initialised(s);
    s->PutAddress(static_cast<uint64_t>(offset), target, addend);
  }

  static bool IsComposite(ir::Node* n) {
    return n->op == ir::kArrayLit || n->op == ir::kSliceLit || n->op == ir::kStructLit ||
           n->op == ir::kMapLit;
  }

  bool CopyOf(DataSymbol* s, int64_t offset, ir::Name* from, ir::Type* type) {
    if (from->cls == ir::Class::kFunc) {
      Address(s, offset, data_.FuncValue(low_.SymbolOf(from)));
      return true;
    }
    if (from->cls != ir::Class::kExtern || seen_mutation_ || from->dictionary) return false;
    ir::Node* defn = from->defn;
    if (!defn || defn->op != ir::kAs || !defn->y || from->type->IsString()) return false;
    ir::Node* r = defn->y;
    while (r->op == ir::kConvNop && !ir::Identical(r->type, type)) r = r->x;
    switch (r->op) {
      case ir::kLiteral:
      case ir::kNil:
        return Assign(s, offset, r, type);
      case ir::kName:
        return CopyOf(s, offset, r->AsName(), type);
      case ir::kAddr: {
        ir::Name* n = ir::IsName(r->x) ? r->x->AsName() : nullptr;
        if (!n || n->cls != ir::Class::kExtern) return false;
        Address(s, offset, low_.GlobalSymbol(n));
        return true;
      }
      case ir::kPtrLit: {
        auto it = temps_.find(r);
        if (it == temps_.end()) return false;
        Address(s, offset, it->second->name);
        return true;
      }
      case ir::kSliceLit: {
        auto it = temps_.find(r);
        if (it == temps_.end()) return false;
        Slice(s, offset, it->second->name, r->n);
        return true;
      }
      default:
        return false;
    }
  }

  void Slice(DataSymbol* s, int64_t offset, base::Name array, int64_t length) {
    Address(s, offset, array);
    s->Put(static_cast<uint64_t>(offset) + 8, static_cast<uint64_t>(length), 8);
    s->Put(static_cast<uint64_t>(offset) + 16, static_cast<uint64_t>(length), 8);
  }

  // Whether n's address is known: a variable, or a field or constant element of one.
  bool StaticLocation(ir::Node* n, base::Name* symbol, int64_t* offset) {
    switch (n->op) {
      case ir::kName:
        if (n->AsName()->cls != ir::Class::kExtern) return false;
        *symbol = low_.GlobalSymbol(n->AsName());
        *offset = 0;
        return true;
      case ir::kDot:
        if (!StaticLocation(n->x, symbol, offset)) return false;
        n->x->type->Size();
        *offset += n->field->offset;
        return true;
      case ir::kIndex:
        if (!n->x->type->IsArray() || n->y->op != ir::kLiteral || !StaticLocation(n->x, symbol, offset))
          return false;
        *offset += low_.constants().Int64Val(n->y->value) * n->type->Size();
        return true;
      default:
        return false;
    }
  }

  // A concatenation with neighbouring constants joined.
  ir::Node* JoinConstants(ir::Node* sum) {
    ir::Program& p = low_.program();
    std::vector<ir::Node*> parts;
    for (ir::Node* part : sum->list) {
      if (parts.empty() || part->op != ir::kLiteral || parts.back()->op != ir::kLiteral) {
        parts.push_back(part);
        continue;
      }
      ir::Node* joined = ir::ShallowCopy(p.arena(), parts.back());
      joined->value = p.constants().MakeString(std::string(parts.back()->value.StringVal()) +
                                               std::string(part->value.StringVal()));
      parts.back() = joined;
    }
    if (parts.size() > 1) {
      sum->list = p.arena().Copy(std::span<ir::Node* const>(parts.data(), parts.size()));
      return sum;
    }
    parts[0]->pos = sum->pos;
    parts[0]->type = sum->type;
    return parts[0];
  }

  // The result of an inlined call whose body only builds a value of its arguments (errors.New).
  bool InlinedCall(DataSymbol* s, int64_t offset, ir::Node* call, ir::Type* type) {
    if (call->list.size() != 1 || !ir::IsName(call->list[0])) return false;
    std::vector<ir::Node*> statements;
    auto add = [&](ir::List list, auto&& self) -> void {
      for (ir::Node* n : list) {
        if (!n) continue;
        if (n->op == ir::kBlock) {
          self(n->list, self);
        } else if (n->op == ir::kDcl || n->op == ir::kInlMark || n->op == ir::kLabel) {
          // nothing to do
        } else {
          if (n->op != ir::kName) self(n->init, self);
          statements.push_back(n);
        }
      }
    };
    add(call->init, add);
    add(call->body, add);
    std::unordered_map<ir::Node*, ir::Node*> values;
    ir::Node* result = nullptr;
    auto bind = [&](ir::Node* x, ir::Node* y) {
      if (!ir::IsName(x) || !y) return ir::IsBlank(x);
      if (x == call->list[0]) {
        if (result) return false;
        result = y;
        return true;
      }
      if (values.count(x)) return false;
      values[x] = y;
      return true;
    };
    for (ir::Node* n : statements) {
      if (n->op == ir::kGoto) continue;
      if (n->op == ir::kAs) {
        if (n->x == call->list[0] && !n->y) continue;
        if (!bind(n->x, n->y)) return false;
      } else if (n->op == ir::kAs2) {
        for (size_t i = 0; i < n->list.size(); i++)
          if (!bind(n->list[i], n->rlist[i])) return false;
      } else {
        return false;
      }
    }
    if (!result) return false;
    // Arguments are moved to where the body uses them: without effects, and once if they make something.
    std::unordered_map<ir::Node*, int> uses;
    auto count = [&](ir::Node* n) { ir::Visit(n, [&](ir::Node* e) { ++uses[e]; }); };
    count(result);
    for (auto& [name, value] : values) count(value);
    for (auto& [name, value] : values) {
      if (name->AsName()->Is(ir::kNameAddrtaken) || ir::AnySideEffects(value)) return false;
      if (uses[name] > 1 && !ir::CanRepeat(value)) return false;
    }
    ir::Program& p = low_.program();
    auto substitute = [&](ir::Node* n, auto&& self) -> ir::Node* {
      if (ir::IsName(n)) {
        auto it = values.find(n);
        if (it == values.end()) return n;
        // All of an argument stands where the argument does.
        ir::Node* value = self(it->second, self);
        return ir::IsName(value) ? value : ir::DeepCopy(p.arena(), value->pos, value);
      }
      ir::Node* copy = ir::ShallowCopy(p.arena(), n);
      copy->list = p.arena().Copy(std::span<ir::Node* const>(n->list.data(), n->list.size()));
      ir::EditChildren(copy, [&](ir::Node* c) { return self(c, self); });
      return copy->op == ir::kAddStr ? JoinConstants(copy) : copy;
    };
    ir::Node* built = substitute(result, substitute);
    bool leftover = ir::Any(built, [](ir::Node* n) {
      return (ir::IsName(n) && n->AsName()->IsLocal()) || n->op == ir::kCallFunc || n->op == ir::kCallInter ||
             n->op == ir::kInlCall || (n->op == ir::kClosure && !n->func->closure_vars.empty());
    });
    if (leftover) return false;
    size_t mark = out_.size();
    if (Assign(s, offset, built, type)) return true;
    out_.resize(mark);
    return false;
  }

  bool NeedsAddress(ir::Node* r) {
    switch (r->op) {
      case ir::kName:
      case ir::kMethExpr:
      case ir::kAddr:
      case ir::kPtrLit:
      case ir::kStr2Bytes:
      case ir::kSliceLit:
      case ir::kClosure:
      case ir::kConvIface:
        return true;
      case ir::kLiteral:
        return r->type->IsString() && !IsZeroLiteral(low_.constants(), r);
      default:
        return false;
    }
  }

  bool Assign(DataSymbol* s, int64_t offset, ir::Node* r, ir::Type* type) {
    if (!r) return true;
    while (r->op == ir::kConvNop || r->op == ir::kParen) r = r->x;
    if (r->op != ir::kName && !r->init.empty() && r->op != ir::kInlCall) return false;
    if (!addresses_ && NeedsAddress(r)) return false;
    switch (r->op) {
      case ir::kName:
        return CopyOf(s, offset, r->AsName(), type);
      case ir::kMethExpr:
        Address(s, offset, data_.FuncValue(data_.Intern(low_.MethodExpression(r)->link_name)));
        return true;
      case ir::kNil:
        return true;
      case ir::kLiteral:
        if (IsZeroLiteral(low_.constants(), r)) return true;
        Initialised(s);
        return StaticConstant(low_, s, offset, r, type);
      case ir::kAddr: {
        base::Name target;
        int64_t at = 0;
        if (StaticLocation(r->x, &target, &at)) {
          Address(s, offset, target, at);
          return true;
        }
        if (!IsComposite(r->x)) return false;
        return Pointer(s, offset, r);
      }
      case ir::kPtrLit:
        return IsComposite(r->x) && Pointer(s, offset, r);
      case ir::kStr2Bytes: {
        if (r->x->op != ir::kLiteral) return false;
        std::string_view text = r->x->value.StringVal();
        DataSymbol* bytes =
            Temporary(low_.types().Array(low_.types().ByteType(), static_cast<int64_t>(text.size())));
        Initialised(bytes);
        bytes->bytes = std::string(text);
        Slice(s, offset, bytes->name, static_cast<int64_t>(text.size()));
        return true;
      }
      case ir::kSliceLit: {
        DataSymbol* array = Temporary(low_.types().Array(r->type->underlying->elem, r->n));
        temps_[r] = array;
        Slice(s, offset, array->name, r->n);
        Elements(array, 0, r);
        return true;
      }
      case ir::kArrayLit:
      case ir::kStructLit:
        Elements(s, offset, r);
        return true;
      case ir::kClosure:
        if (!r->func->closure_vars.empty()) return false;
        Address(s, offset, data_.FuncValue(data_.Intern(r->func->link_name)));
        return true;
      case ir::kInlCall:
        return InlinedCall(s, offset, r, type);
      case ir::kConvIface: {
        ir::Node* v = r;
        while (v->op == ir::kConvIface) v = v->x;
        if (v->type->IsInterface()) return v->op == ir::kNil;
        if (v->type->HasShape() || (r->hidden && r->hidden->type_word)) return false;
        if (v->op != ir::kName && v->op != ir::kInlCall && !v->init.empty()) return false;
        Address(s, offset,
                type->IsEmptyInterface() ? data_.TypeDescriptor(v->type) : data_.Itab(v->type, type));
        if (v->type->IsDirectIface()) {
          AssignOrDynamic(s, offset + 8, v, v->type);
        } else if (v->type->Size() == 0) {
          Address(s, offset + 8, data_.Intern("runtime.zerobase"));
        } else {
          DataSymbol* box = Temporary(v->type);
          AssignOrDynamic(box, 0, v, v->type);
          Address(s, offset + 8, box->name);
        }
        return true;
      }
      default:
        return false;
    }
  }

  bool Pointer(DataSymbol* s, int64_t offset, ir::Node* r) {
    DataSymbol* target = Temporary(r->x->type);
    temps_[r] = target;
    Address(s, offset, target->name);
    AssignOrDynamic(target, 0, r->x, r->x->type);
    return true;
  }

  void Elements(DataSymbol* s, int64_t offset, ir::Node* r) {
    r->type->Size();
    if (r->op == ir::kStructLit) {
      for (ir::Node* e : r->list) {
        if (e->field->sym && e->field->sym->text() == "_") continue;
        AssignOrDynamic(s, offset + e->field->offset, e->x, e->field->type);
      }
      return;
    }
    ir::Type* elem = r->type->underlying->elem;
    int64_t index = 0;
    for (ir::Node* e : r->list) {
      ir::Node* v = e;
      if (e->op == ir::kKey) {
        index = low_.constants().Int64Val(e->x->value);
        v = e->y;
      }
      AssignOrDynamic(s, offset + index * elem->Size(), v, elem);
      index++;
    }
  }

  Lowering& low_;
  Data& data_;
  bool addresses_;
  std::vector<ir::Node*> out_;
  std::unordered_map<ir::Node*, DataSymbol*> temps_;
  bool seen_mutation_ = false;
};

// The packages of the FIPS 140 module: their data is hashed, so nothing in it may need relocation.
bool IsFips(std::string_view path) {
  return path == "crypto/internal/fips140" || path.rfind("crypto/internal/fips140/", 0) == 0;
}

}  // namespace

void Lowering::InitGlobals(ir::Unit& unit) {
  for (ir::Name* name : unit.externs)
    if (!ir::IsBlank(name)) GlobalSymbol(name);
  if (!unit.init) return;
  std::vector<ir::Node*> rest = Schedule(*this, !IsFips(unit.pkg->path)).Run(unit.init->body);
  unit.init->body = program_.NewList(rest);
}

}  // namespace escapement::lower
