// ObjectSet: objects by unique id, for finding duplicates among fields and methods.
#pragma once

#include <string>
#include <unordered_map>

#include "engine/types/object.h"

namespace escapement::types {

// A set of objects; two with the same name are the same if exported or of one package.
class ObjectSet {
 public:
  // Adds `object`, or returns the one that was there before.
  Object* Insert(Object* object) {
    auto [first, fresh] = objects_.try_emplace(object->name, object);
    if (fresh) return nullptr;
    if (object->exported() || SamePkg(first->second, object)) return first->second;
    auto [other, fresh_other] = by_id_.try_emplace(Id(object->pkg, object->name.text()), object);
    return fresh_other ? nullptr : other->second;
  }

 private:
  static bool SamePkg(const Object* a, const Object* b) {
    return a->pkg == b->pkg || (a->pkg != nullptr && b->pkg != nullptr && a->pkg->path == b->pkg->path);
  }
  std::unordered_map<base::Name, Object*> objects_;  // the first of each name
  std::unordered_map<std::string, Object*> by_id_;   // unexported ones of further packages
};

}  // namespace escapement::types
