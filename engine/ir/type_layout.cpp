// Sizes, alignments and pointer prefixes of types on linux/amd64 (cmd/compile's types.CalcSize).
#include "engine/base/check.h"
#include "engine/ir/type.h"

namespace escapement::ir {
namespace {

constexpr int64_t kPtrSize = 8;
constexpr uint8_t kTooManyRegs = 255;

int64_t RoundUp(int64_t n, int64_t align) {
  return (n + align - 1) & -align;
}

// When two algorithms meet the one of higher priority wins; plain memory is lowest.
int Priority(Alg a) {
  switch (a) {
    case Alg::kUnknown:
      return 0;
    case Alg::kMem:
      return 1;
    case Alg::kSpecial:
      return 3;
    case Alg::kNoEq:
      return 4;
    case Alg::kNoAlg:
      return 5;
    default:
      return 2;
  }
}

struct Layouter {
  Type* t;

  void SetAlg(Alg a) {
    if (Priority(a) > Priority(t->alg_)) t->alg_ = a;
  }
  void Set(int64_t size, int64_t align, int int_regs, int float_regs = 0) {
    t->size_ = size;
    t->align_ = static_cast<uint8_t>(align);
    t->int_regs_ = static_cast<uint8_t>(int_regs);
    t->float_regs_ = static_cast<uint8_t>(float_regs);
  }
  void Pointerish(Alg alg) {
    Set(kPtrSize, kPtrSize, 1);
    t->ptr_bytes_ = kPtrSize;
    t->alg_ = alg;
  }

  void Array() {
    Type* elem = t->elem->Laid();
    t->size_ = elem->size_ * t->length;
    t->align_ = elem->align_;
    if (t->length == 0) {
      t->int_regs_ = t->float_regs_ = 0;
    } else if (t->length == 1) {
      t->int_regs_ = elem->int_regs_;
      t->float_regs_ = elem->float_regs_;
    } else {
      t->int_regs_ = t->float_regs_ = kTooManyRegs;
    }
    Alg a = elem->alg_;
    if (a == Alg::kMem || a == Alg::kNoEq || a == Alg::kNoAlg)
      SetAlg(a);
    else if (t->length == 1)
      SetAlg(a);
    else if (t->length > 1)
      SetAlg(Alg::kSpecial);
    if (t->length > 0 && elem->PtrBytes() > 0)
      t->ptr_bytes_ = elem->size_ * (t->length - 1) + elem->PtrBytes();
  }

  bool Padded(size_t i, int64_t size) {
    const Field& f = t->fields[i];
    int64_t end = i + 1 < t->fields.size() ? t->fields[i + 1].offset : size;
    return f.offset + f.type->size_ != end;
  }

  void Struct() {
    int64_t offset = 0, max_align = 1;
    const Sym* sym = t->sym;
    if (sym != nullptr && sym->text() == "align64" && sym->pkg != nullptr &&
        (sym->pkg->path == "sync/atomic" || sym->pkg->path == "internal/runtime/atomic"))
      max_align = 8;
    int int_regs = 0, float_regs = 0;
    for (Field& f : t->fields) {
      Type* type = f.type->Laid();
      offset = RoundUp(offset, type->align_);
      f.offset = offset;
      offset += type->size_;
      if (type->align_ > max_align) max_align = type->align_;
      int_regs += type->int_regs_;
      float_regs += type->float_regs_;
      if (type->Has(kTypeNotInHeap)) t->flags |= kTypeNotInHeap;
    }
    if (offset > 0 && t->fields.back().type->size_ == 0) ++offset;
    int64_t size = RoundUp(offset, max_align);
    bool overflow = int_regs > kTooManyRegs || float_regs > kTooManyRegs;
    Set(size, max_align, overflow ? kTooManyRegs : int_regs, overflow ? kTooManyRegs : float_regs);
    if (t->fields.size() == 1 && t->fields[0].sym->text() != "_") {
      SetAlg(t->fields[0].type->alg_);
    } else {
      for (size_t i = 0; i < t->fields.size(); ++i) {
        Alg a = t->fields[i].type->alg_;
        bool blank = t->fields[i].sym->text() == "_";
        if (a == Alg::kMem) {
          if (blank || Padded(i, size)) a = Alg::kSpecial;
        } else if (a != Alg::kNoEq && a != Alg::kNoAlg) {
          a = Alg::kSpecial;
        }
        SetAlg(a);
      }
    }
    for (size_t i = t->fields.size(); i-- > 0;) {
      if (int64_t n = t->fields[i].type->PtrBytes(); n > 0) {
        t->ptr_bytes_ = t->fields[i].offset + n;
        break;
      }
    }
  }

  void Run() {
    t->alg_ = t->Has(kTypeNoAlg) ? Alg::kNoAlg : Alg::kMem;
    switch (t->kind) {
      case Kind::kInt8:
      case Kind::kUint8:
      case Kind::kBool:
        Set(1, 1, 1);
        break;
      case Kind::kInt16:
      case Kind::kUint16:
        Set(2, 2, 1);
        break;
      case Kind::kInt32:
      case Kind::kUint32:
        Set(4, 4, 1);
        break;
      case Kind::kInt64:
      case Kind::kUint64:
      case Kind::kInt:
      case Kind::kUint:
      case Kind::kUintptr:
        Set(8, 8, 1);
        break;
      case Kind::kFloat32:
        Set(4, 4, 0, 1), SetAlg(Alg::kFloat32);
        break;
      case Kind::kFloat64:
        Set(8, 8, 0, 1), SetAlg(Alg::kFloat64);
        break;
      case Kind::kComplex64:
        Set(8, 4, 0, 2), SetAlg(Alg::kComplex64);
        break;
      case Kind::kComplex128:
        Set(16, 8, 0, 2), SetAlg(Alg::kComplex128);
        break;
      case Kind::kPtr:
        Pointerish(t->elem->Has(kTypeNoAlg) ? Alg::kNoAlg : Alg::kMem);
        break;
      case Kind::kUnsafePtr:
      case Kind::kChan:
        Pointerish(Alg::kMem);
        break;
      case Kind::kMap:
      case Kind::kFunc:
        Pointerish(Alg::kNoEq);
        break;
      case Kind::kInter:
        Set(2 * kPtrSize, kPtrSize, 2);
        SetAlg(t->methods.empty() ? Alg::kNilInter : Alg::kInter);
        t->ptr_bytes_ = 2 * kPtrSize;
        break;
      case Kind::kString:
        Set(2 * kPtrSize, kPtrSize, 2), SetAlg(Alg::kString);
        t->ptr_bytes_ = kPtrSize;
        break;
      case Kind::kSlice:
        Set(3 * kPtrSize, kPtrSize, 3), SetAlg(Alg::kNoEq);
        if (!t->elem->Has(kTypeNotInHeap)) t->ptr_bytes_ = kPtrSize;
        break;
      case Kind::kArray:
        Array();
        break;
      case Kind::kStruct:
        Struct();
        break;
      case Kind::kNil:
        Set(kPtrSize, kPtrSize, 1);
        break;
      case Kind::kResults:
        Results();
        break;
      default:
        Set(0, 1, 0);
        break;
    }
  }

  void Results() {
    int64_t offset = 0;
    for (Field& f : t->fields) {
      offset = RoundUp(offset, f.type->Align());
      f.offset = offset;
      offset += f.type->Size();
    }
    Set(RoundUp(offset, kPtrSize), kPtrSize, kTooManyRegs);
  }
};

}  // namespace

void Type::Layout() {
  ENSURE(kind != Kind::kForw, "layout of an incomplete type");
  Layouter{this}.Run();
}

int64_t Type::PtrBytes() {
  if (kind == Kind::kPtr && elem->Has(kTypeNotInHeap)) return 0;
  return Laid()->ptr_bytes_;
}

int64_t Type::ArgWidth() {
  int64_t offset = 0;
  auto add = [&](Type* t) {
    offset = RoundUp(offset, t->Align());
    offset += t->Size();
  };
  if (recv != nullptr) add(recv->type);
  for (const Field& f : params) add(f.type);
  offset = RoundUp(offset, kPtrSize);
  for (const Field& f : results) add(f.type);
  return RoundUp(offset, kPtrSize);
}

bool Type::IsSigned() const {
  switch (kind) {
    case Kind::kInt8:
    case Kind::kInt16:
    case Kind::kInt32:
    case Kind::kInt64:
    case Kind::kInt:
      return true;
    default:
      return false;
  }
}

bool Type::HasNil() const {
  switch (kind) {
    case Kind::kChan:
    case Kind::kFunc:
    case Kind::kInter:
    case Kind::kMap:
    case Kind::kNil:
    case Kind::kPtr:
    case Kind::kSlice:
    case Kind::kUnsafePtr:
      return true;
    default:
      return false;
  }
}

bool Type::IsDirectIface() {
  return Size() == kPtrSize && PtrBytes() == kPtrSize;
}

bool Type::CanSSA() {
  if (Size() == 0) return true;
  if (Size() > 4 * kPtrSize) return false;
  switch (kind) {
    case Kind::kArray:
      return length <= 1 && elem->CanSSA();
    case Kind::kStruct:
      if (IsDirectIface()) return true;
      if (fields.size() > 4) return false;
      for (const Field& f : fields)
        if (!f.type->CanSSA()) return false;
      return true;
    default:
      return true;
  }
}

}  // namespace escapement::ir
