// Identity of types where shape types count as the types they stand for.
#include <set>

#include "engine/ir/type.h"

namespace escapement::ir {
namespace {

struct Comparer {
  bool ignore_tags;
  std::set<std::pair<Type*, Type*>> assumed;

  bool Fields(std::span<Field> a, std::span<Field> b) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i)
      if (!Same(a[i].type, b[i].type)) return false;
    return true;
  }

  bool Same(Type* a, Type* b) {
    if (IdenticalStrict(a, b)) return true;
    if (a == nullptr || b == nullptr || a->kind != b->kind) return false;
    if (!ignore_tags && !a->HasShape() && !b->HasShape()) return false;
    if (a->sym != nullptr || b->sym != nullptr) {
      if (!a->HasShape() && !b->HasShape()) return false;
      switch (a->kind) {
        case Kind::kSlice:
        case Kind::kArray:
        case Kind::kStruct:
        case Kind::kChan:
        case Kind::kMap:
        case Kind::kInter:
        case Kind::kFunc:
          break;
        default:
          return true;
      }
    }
    if (!assumed.insert({a, b}).second) return true;
    switch (a->kind) {
      case Kind::kInter:
        if (a->methods.size() != b->methods.size()) return false;
        for (size_t i = 0; i < a->methods.size(); ++i)
          if (a->methods[i].sym != b->methods[i].sym || !Same(a->methods[i].type, b->methods[i].type))
            return false;
        return true;
      case Kind::kStruct:
        if (a->fields.size() != b->fields.size()) return false;
        for (size_t i = 0; i < a->fields.size(); ++i) {
          const Field &f = a->fields[i], &g = b->fields[i];
          if (f.sym != g.sym || f.embedded != g.embedded || !Same(f.type, g.type)) return false;
          if (!ignore_tags && f.tag != g.tag) return false;
        }
        return true;
      case Kind::kFunc:
        return a->variadic == b->variadic && Fields(a->params, b->params) && Fields(a->results, b->results);
      case Kind::kArray:
        if (a->length != b->length) return false;
        break;
      case Kind::kChan:
        if (a->dir != b->dir) return false;
        break;
      case Kind::kMap:
        if (!Same(a->key, b->key)) return false;
        break;
      case Kind::kPtr:
      case Kind::kSlice:
        break;
      default:
        return false;
    }
    return Same(a->elem, b->elem);
  }
};

}  // namespace

bool Identical(Type* a, Type* b) {
  if (IdenticalStrict(a, b)) return true;
  if (a == nullptr || b == nullptr || a->kind != b->kind || (!a->HasShape() && !b->HasShape())) return false;
  return Comparer{false, {}}.Same(a, b);
}

bool IdenticalIgnoreTags(Type* a, Type* b) {
  if (IdenticalStrict(a, b)) return true;
  return Comparer{true, {}}.Same(a, b);
}

}  // namespace escapement::ir
