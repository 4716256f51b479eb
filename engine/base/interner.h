// Names: interned identifiers. Two names are equal when their pointers are, so
// scopes and method sets compare and hash one word.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/base/arena.h"

namespace escapement::base {

// An interned string. A default Name is the empty string of no interner.
class Name {
 public:
  constexpr Name() = default;
  std::string_view text() const {
    return entry_ ? std::string_view(entry_->data, entry_->size) : std::string_view();
  }
  std::string str() const { return std::string(text()); }
  bool empty() const { return entry_ == nullptr || entry_->size == 0; }
  bool operator==(const Name&) const = default;
  const void* id() const { return entry_; }

 private:
  friend class Interner;
  struct Entry {
    const char* data;
    size_t size;
  };
  explicit Name(const Entry* entry) : entry_(entry) {}
  const Entry* entry_ = nullptr;
};

// Owns the names of one session.
class Interner {
 public:
  // Returns the one Name that spells `text`; the empty text gives Name().
  Name Intern(std::string_view text);

 private:
  Arena arena_;
  std::unordered_map<std::string_view, const Name::Entry*> names_;
};

}  // namespace escapement::base

template <>
struct std::hash<escapement::base::Name> {
  size_t operator()(escapement::base::Name name) const { return std::hash<const void*>()(name.id()); }
};
