#include "engine/types/object.h"

#include <string>

#include "engine/base/unicode.h"
#include "engine/syntax/ast.h"
#include "engine/types/context.h"
#include "engine/types/predicates.h"

namespace escapement::types {

bool Object::exported() const {
  return IsExported(name.text());
}

bool IsExported(std::string_view text) {
  if (text.empty()) return false;
  unsigned char first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return first >= 'A' && first <= 'Z';
  return base::IsUpper(base::DecodeRune(text).rune);
}

// Model: letters beyond ASCII fold to themselves only.
bool EqualFold(std::string_view a, std::string_view b) {
  auto lower = [](char ch) { return ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch + 32) : ch; };
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string Id(const Package* pkg, std::string_view name) {
  if (IsExported(name)) return std::string(name);
  std::string id = pkg != nullptr && !pkg->path.empty() ? std::string(pkg->path) : "_";
  id += '.';
  id += name;
  return id;
}

bool SamePackage(const Package* a, const Package* b) {
  if (a == b) return true;
  return a != nullptr && b != nullptr && a->path == b->path;
}

bool SameId(const Object* object, const Package* pkg, base::Name name, bool fold_case) {
  if (fold_case && EqualFold(object->name.text(), name.text())) return true;
  if (object->name != name) return false;
  return object->exported() || SamePackage(object->pkg, pkg);
}

bool IsAlias(const TypeName* name) {
  Type* t = name->type;
  if (t == nullptr) return false;
  if (auto* basic = As<Basic>(t)) {
    if (name->pkg != nullptr && name->pkg->path == "unsafe") return false;
    // `byte` and `rune` are predeclared aliases; otherwise a basic type under another name is one.
    return name->pkg != nullptr || basic->name != name->name.text() || basic->name == "byte" ||
           basic->name == "rune";
  }
  if (auto* named = As<Named>(t)) return name != named->object;
  if (auto* tparam = As<TypeParam>(t)) return name != tparam->object;
  return true;
}

bool HasPtrRecv(const Func* func) {
  if (func->type != nullptr && func->signature()->recv != nullptr) {
    bool pointer = false;
    Deref(func->signature()->recv->type, &pointer);
    return pointer;
  }
  return func->has_ptr_recv;
}

bool DeclInfo::HasInitializer() const {
  return init != nullptr || (fdecl != nullptr && (fdecl->body != nullptr || fdecl->has_body));
}

namespace {
constexpr size_t kIndexFrom = 8;  // scopes with more objects are hashed
uint32_t HashName(base::Name name) {
  auto bits = reinterpret_cast<uintptr_t>(name.id());
  return static_cast<uint32_t>((bits >> 4) * 0x9E3779B1u);
}
}  // namespace

Object* Scope::Lookup(base::Name name) const {
  if (buckets_ == nullptr) {
    for (Object* object : objects) {
      if (object->name == name) return object;
    }
    return nullptr;
  }
  for (uint32_t slot = HashName(name) & bucket_mask_;; slot = (slot + 1) & bucket_mask_) {
    uint32_t entry = buckets_[slot];
    if (entry == 0) return nullptr;
    if (objects[entry - 1]->name == name) return objects[entry - 1];
  }
}

void Scope::Index(base::Arena& arena) {
  uint32_t size = 32;
  while (size < objects.size() * 3) size *= 2;
  buckets_ = static_cast<uint32_t*>(arena.Allocate(size * sizeof(uint32_t), alignof(uint32_t)));
  std::memset(buckets_, 0, size * sizeof(uint32_t));
  bucket_mask_ = size - 1;
  for (uint32_t i = 0; i < objects.size(); ++i) {
    uint32_t slot = HashName(objects[i]->name) & bucket_mask_;
    while (buckets_[slot] != 0) slot = (slot + 1) & bucket_mask_;
    buckets_[slot] = i + 1;
  }
}

Object* Scope::Insert(base::Arena& arena, Object* object) {
  if (Object* other = Lookup(object->name)) return other;
  objects.Push(arena, object);
  if (object->parent == nullptr) object->parent = this;
  if (buckets_ != nullptr && objects.size() * 3 < 2 * (bucket_mask_ + 1)) {
    uint32_t slot = HashName(object->name) & bucket_mask_;
    while (buckets_[slot] != 0) slot = (slot + 1) & bucket_mask_;
    buckets_[slot] = static_cast<uint32_t>(objects.size());
  } else if (objects.size() > kIndexFrom) {
    Index(arena);
  }
  return nullptr;
}

Scope* NewScope(base::Arena& arena, Scope* parent, diag::Pos pos, diag::Pos end) {
  Scope* scope = arena.New<Scope>();
  scope->parent = parent;
  scope->pos = pos;
  scope->end = end;
  if (parent != nullptr && parent->parent != nullptr) parent->children.Push(arena, scope);
  return scope;
}

}  // namespace escapement::types
