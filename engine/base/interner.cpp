#include "engine/base/interner.h"

namespace escapement::base {

Name Interner::Intern(std::string_view text) {
  if (text.empty()) return Name();
  auto found = names_.find(text);
  if (found != names_.end()) return Name(found->second);
  std::string_view owned = arena_.Copy(text);
  const Name::Entry* entry = arena_.New<Name::Entry>(owned.data(), owned.size());
  names_.emplace(owned, entry);
  return Name(entry);
}

}  // namespace escapement::base
