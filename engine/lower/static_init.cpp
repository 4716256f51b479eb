// Static initialisation: package-level variables whose value the compiler knows become data
// (cmd/compile/internal/staticinit). What is left stays code in the package's init function.

#include <algorithm>

#include "engine/base/check.h"
#include "engine/ir/call_graph.h"
#include "engine/ir/static_value.h"
#include "engine/lower/layout.h"
#include "engine/lower/lowering.h"

namespace escapement::lower {

namespace {

// gc's staticinit.Schedule for one package.
class Schedule {
 public:
  // `addresses`: whether static data may hold them.
  Schedule(Lowering& lowering, const ir::Package* package, bool addresses)
      : low_(lowering), data_(lowering.data()), package_(package), addresses_(addresses) {}

  std::vector<ir::Node*> Run(ir::List body) {
    for (ir::Node* n : body) {
      if (n && !TryInit(n)) out_.push_back(n);
    }
    return std::move(out_);
  }

 private:
  bool IsOwn(const ir::Name* name) const {
    return name->cls == ir::Class::kExtern && name->name_sym != nullptr && name->name_sym->pkg == package_;
  }

  // Whether assigning to `target` leaves the package's variables alone.
  bool IsSafeTarget(ir::Node* target) const {
    if (target == nullptr) return true;
    ir::Node* outer = ir::OuterValue(target);
    while (outer->op == ir::kDeref) outer = outer->x;
    if (ir::IsBlank(outer)) return true;
    return ir::IsName(outer) && !IsOwn(outer->AsName());
  }

  // Whether evaluating n may change variables of the package.
  bool MayModifyVariables(ir::Node* n) const {
    return n && ir::Any(n, [this](ir::Node* e) {
             switch (e->op) {
               case ir::kCallFunc:
               case ir::kCallInter:
               case ir::kAppend:
               case ir::kClear:
               case ir::kCopy:
                 return true;
               case ir::kAs:
               case ir::kAsOp:
                 return !IsSafeTarget(e->x);
               case ir::kAs2:
               case ir::kAs2DotType:
               case ir::kAs2Func:
               case ir::kAs2MapR:
               case ir::kAs2Recv:
                 return std::any_of(e->list.begin(), e->list.end(),
                                    [this](ir::Node* target) { return !IsSafeTarget(target); });
               default:
                 return false;
             }
           });
  }

  // Dynamic parts stand where the last node with a position of its own stood (base.Pos).
  void At(ir::Node* n) {
    if (n->op != ir::kName && n->pos.valid()) pos_ = n->pos;
  }

  bool TryInit(ir::Node* n) {
    At(n);
    switch (n->op) {
      case ir::kAs:
        break;
      case ir::kAs2DotType:
      case ir::kAs2Func:
      case ir::kAs2MapR:
      case ir::kAs2Recv: {
        ir::Node* value = n->rlist.empty() ? n->y : n->rlist[0];
        seen_mutation_ = seen_mutation_ || MayModifyVariables(value);
        bool blank = std::all_of(n->list.begin(), n->list.end(), ir::IsBlank);
        return blank && n->init.empty() && !ir::AnySideEffects(value);
      }
      default:
        return false;  // temporaries of a multiple assignment, a map's own initialiser
    }
    if (!ir::IsName(n->x)) return false;
    ir::Name* name = n->x->AsName();
    seen_mutation_ = seen_mutation_ || MayModifyVariables(n->y);
    if (ir::IsBlank(name) && n->init.empty() && (n->y == nullptr || !ir::AnySideEffects(n->y))) return true;
    if (!n->init.empty()) return false;
    if (ir::IsBlank(name)) return Discard(name, n->y);
    if (name->cls != ir::Class::kExtern) return false;
    return Assign(data_.Find(low_.GlobalSymbol(name)), 0, n->y, name->type);
  }

  // `var _ = value`: what can be data goes nowhere, the rest is assigned to the blank name.
  bool Discard(ir::Name* blank, ir::Node* value) {
    DataSymbol nowhere;
    nowhere_ = &nowhere;
    blank_ = blank;
    bool done = Assign(&nowhere, 0, value, value->type);
    nowhere_ = nullptr;
    return done;
  }

  // A variable that gets initial bytes moves from bss to data.
  void Initialised(DataSymbol* s) {
    if (s->section == Section::kBss) s->section = Section::kData;
    if (s->section == Section::kNoptrBss) s->section = Section::kNoptrData;
  }

  DataSymbol* Temporary(ir::Type* t) {
    base::Name name;
    do {  // a package's initialisers may come in pieces
      name = data_.Intern(std::string(package_->prefix) + "..stmp_" + std::to_string(temporaries_++));
    } while (data_.Find(name) != nullptr);
    return Backing(name, t);
  }

  DataSymbol* Backing(base::Name name, ir::Type* t) {
    DataSymbol* s = data_.Define(name, t->HasPointers() ? Section::kBss : Section::kNoptrBss,
                                 static_cast<uint64_t>(t->Size()), static_cast<uint32_t>(t->Align()));
    s->type = t;
    return s;
  }

  ir::Node* Place(base::Name symbol, int64_t offset, ir::Type* type) {
    ir::Node* place = low_.program().NewNode(ir::kLinkSymOffset, pos_, type);
    place->sym = low_.types().Lookup(nullptr, symbol.text());
    place->n = offset;
    return place;
  }

  // symbol[offset] = v when v is not constant: code in the init function.
  void Dynamic(DataSymbol* s, int64_t offset, ir::Node* v, ir::Type* type) {
    ir::Node* as = low_.program().NewNode(ir::kAs, pos_);
    as->x = s == nowhere_ ? blank_ : Place(s->name, offset, type);
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

  // symbol[offset] = `from`, a variable that has its own initial value by now, or a function.
  bool CopyOf(DataSymbol* s, int64_t offset, ir::Name* from, ir::Type* type) {
    if (from->cls == ir::Class::kFunc) {
      Address(s, offset, data_.FuncValue(low_.SymbolOf(from)));
      return true;
    }
    if (!IsOwn(from) || seen_mutation_ || from->dictionary) return false;
    ir::Node* defn = from->defn;
    if (!defn || defn->op != ir::kAs || !defn->y || from->type->IsString()) return false;
    ir::Node* r = defn->y;
    while (r->op == ir::kConvNop && !ir::Identical(r->type, type)) r = r->x;
    switch (r->op) {
      case ir::kLiteral:
      case ir::kNil:
      case ir::kMethExpr:
        return Assign(s, offset, r, type);
      case ir::kName:
        if (!CopyOf(s, offset, r->AsName(), type)) Dynamic(s, offset, Converted(r, type), type);
        return true;
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
      case ir::kArrayLit:
      case ir::kStructLit:
        if (!r->init.empty()) return false;
        CopyElements(s, offset, r, low_.GlobalSymbol(from), 0);
        return true;
      default:
        return false;
    }
  }

  ir::Node* Converted(ir::Node* n, ir::Type* type) {
    if (ir::Identical(n->type, type)) return n;
    ir::Node* conversion = low_.program().NewNode(ir::kConvNop, n->pos, type);
    conversion->x = n;
    return conversion;
  }

  // Copies an array or struct that was built at `from`: constants as they are, what was
  // computed there from there.
  void CopyElements(DataSymbol* s, int64_t offset, ir::Node* literal, base::Name from, int64_t at) {
    EachElement(literal, [&](int64_t relative, ir::Node* v, ir::Type* type) {
      if (IsZeroLiteral(low_.constants(), v)) return;
      if (v->op == ir::kArrayLit || v->op == ir::kStructLit)
        return CopyElements(s, offset + relative, v, from, at + relative);
      if (v->op == ir::kLiteral || v->op == ir::kMethExpr) {
        Assign(s, offset + relative, v, type);
      } else if (v->op != ir::kName || !CopyOf(s, offset + relative, v->AsName(), type)) {
        Dynamic(s, offset + relative, Place(from, at + relative, type), type);
      }
    });
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

  // The parts of an inlined call whose body is one return of one value, else null results.
  struct OneReturn {
    ir::Node* parameters = nullptr;  // kAs2: parameters = arguments
    ir::Node* result = nullptr;
  };
  static OneReturn PartsOf(ir::Node* call) {
    ir::List init = call->init;
    if (init.size() != 2 || init[0]->op != ir::kAs2 || init[1]->op != ir::kInlMark) return {};
    if (call->body.size() != 2 || call->body[0]->op != ir::kBlock || call->body[1]->op != ir::kLabel)
      return {};
    ir::List list = call->body[0]->list;
    if (list.size() != 3 || list[0]->op != ir::kDcl || list[1]->op != ir::kAs2 || list[2]->op != ir::kGoto ||
        list[2]->label != call->body[1]->label)
      return {};
    ir::Node* as = list[1];
    if (as->list.size() != 1 || as->list[0] != list[0]->x) return {};
    return {init[0], as->rlist[0]};
  }

  // The value of an inlined call that only builds it of its arguments (errors.New).
  bool InlinedCall(DataSymbol* s, int64_t offset, ir::Node* call, ir::Type* type) {
    OneReturn parts = PartsOf(call);
    if (parts.result == nullptr) return false;
    // Arguments are moved to where the body uses them: without effects, and once if they make something.
    ir::List parameters = parts.parameters->list, arguments = parts.parameters->rlist;
    std::unordered_map<ir::Node*, ir::Node*> values;
    for (size_t i = 0; i < parameters.size(); i++) {
      if (parameters[i]->AsName()->Is(ir::kNameAddrtaken) || ir::AnySideEffects(arguments[i])) return false;
      if (!ir::IsBlank(parameters[i])) values[parameters[i]] = arguments[i];
    }
    std::unordered_map<ir::Node*, int> uses;
    bool captures = ir::Any(parts.result, [&](ir::Node* n) {
      ++uses[n];
      return n->op == ir::kClosure && ir::CapturesVariables(n->func);
    });
    if (captures) return false;
    for (auto& [name, value] : values)
      if (uses[name] > 1 && !ir::CanRepeat(value)) return false;
    bool valid = true;
    ir::Node* built = Substitute(parts.result, values, &valid);
    return valid && Assign(s, offset, built, type);
  }

  // n with variables replaced by their values, and what is constant then folded.
  ir::Node* Substitute(ir::Node* n, const std::unordered_map<ir::Node*, ir::Node*>& values, bool* valid) {
    ir::Program& p = low_.program();
    switch (n->op) {
      case ir::kName: {
        auto it = values.find(n);
        return it == values.end() ? n : ir::DeepCopy(p.arena(), it->second->pos, it->second);
      }
      case ir::kNoName:
      case ir::kLiteral:
      case ir::kNil:
      case ir::kType:
        return n;
      default:
        break;
    }
    ir::Node* copy = ir::ShallowCopy(p.arena(), n);
    ir::EditChildren(copy, [&](ir::Node* c) { return Substitute(c, values, valid); });
    if (copy->op == ir::kAddStr) return JoinConstants(copy);
    if (copy->op != ir::kConv || copy->x->op != ir::kLiteral) return copy;
    ir::Node* converted = ConvertConstant(copy->x, copy->type);
    if (converted == nullptr) *valid = false;
    return converted == nullptr ? copy : converted;
  }

  // A constant forced into a type as a variable would be; null where that is left to run time.
  ir::Node* ConvertConstant(ir::Node* literal, ir::Type* type) {
    base::ConstantPool& constants = low_.constants();
    ir::Node* out = ir::ShallowCopy(low_.program().arena(), literal);
    out->type = type;
    if (literal->type->kind == type->kind) return out;
    if (!literal->type->IsInteger() || !type->IsInteger()) return nullptr;
    unsigned spare = 64 - 8 * static_cast<unsigned>(type->Size());
    uint64_t bits = ScalarBits(constants, literal->type, literal->value) << spare;
    out->value = type->IsSigned() ? constants.MakeInt64(static_cast<int64_t>(bits) >> spare)
                                  : constants.MakeUint64(bits >> spare);
    return out;
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
            Backing(data_.Fresh("gobytes_"),
                    low_.types().Array(low_.types().ByteType(), static_cast<int64_t>(text.size())));
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
          At(v);
          AssignOrDynamic(s, offset + 8, v, v->type);
        } else if (v->type->Size() == 0) {
          Address(s, offset + 8, data_.Intern("runtime.zerobase"));
          ++temporaries_;
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
    EachElement(r, [&](int64_t relative, ir::Node* v, ir::Type* type) {
      if (v->op != ir::kLiteral && v->op != ir::kNil && v->op != ir::kArrayLit && v->op != ir::kStructLit)
        At(v);
      AssignOrDynamic(s, offset + relative, v, type);
    });
  }

  // Calls f(offset, value, type) for what a composite literal names.
  template <typename F>
  void EachElement(ir::Node* r, F&& f) {
    r->type->Size();
    if (r->op == ir::kStructLit) {
      for (ir::Node* e : r->list) {
        if (e->field->sym && e->field->sym->text() == "_") continue;
        f(e->field->offset, e->x, e->field->type);
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
      f(index * elem->Size(), v, elem);
      index++;
    }
  }

  Lowering& low_;
  Data& data_;
  const ir::Package* package_;
  bool addresses_;
  std::vector<ir::Node*> out_;
  std::unordered_map<ir::Node*, DataSymbol*> temps_;
  int temporaries_ = 0;
  ir::SrcPos pos_;
  bool seen_mutation_ = false;
  // While a blank variable is initialised: what stands for its bytes, and its name.
  DataSymbol* nowhere_ = nullptr;
  ir::Node* blank_ = nullptr;
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
  std::vector<ir::Node*> rest = Schedule(*this, unit.pkg, !IsFips(unit.pkg->path)).Run(unit.init->body);
  unit.init->body = program_.NewList(rest);
}

}  // namespace escapement::lower
