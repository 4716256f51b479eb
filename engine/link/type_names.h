// Types by the strings that reflection prints for them (`map[string]main.T`). Package reflect looks a
// type up before it makes one at run time: what a string's parts can be composed to is found here, so
// that a type made by reflection is the one that compiled code means.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/ir/type.h"

namespace escapement::link {

class TypeNames {
 public:
  explicit TypeNames(ir::TypeTable& types);

  // Makes a type known under its string.
  void Add(ir::Type* type);
  // Every type of that string: known ones, and those composed of known ones.
  std::vector<ir::Type*> Find(std::string_view text);

 private:
  using Types = std::vector<ir::Type*>;

  void Compose(std::string_view text, Types& out);
  void ComposeArray(std::string_view text, Types& out);
  void ComposeFunc(std::string_view text, Types& out);
  void ComposeStruct(std::string_view text, Types& out);
  // The one type of that string; null when there is none, or several.
  ir::Type* Only(std::string_view text);
  bool Params(std::string_view list, std::vector<ir::Field>& out, bool* variadic);
  bool StructField(std::string_view text, ir::Field& out);

  ir::TypeTable& types_;
  std::unordered_map<std::string, Types> known_;
};

}  // namespace escapement::link
