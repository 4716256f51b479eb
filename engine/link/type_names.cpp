#include "engine/link/type_names.h"

#include <algorithm>

#include "engine/ir/symbol.h"

namespace escapement::link {

namespace {

using ir::ChanDir;
using ir::Field;
using ir::Type;

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// The index of the first of `stops` outside of brackets and quotes; npos without one.
size_t FindOutside(std::string_view text, std::string_view stops) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (depth == 0 && stops.find(c) != std::string_view::npos) return i;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c == '"')
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\';
  }
  return std::string_view::npos;
}

// The items of a list, separated by `separator` and a space.
std::vector<std::string_view> Split(std::string_view list, char separator) {
  std::vector<std::string_view> items;
  while (!list.empty()) {
    size_t end = std::min(FindOutside(list, std::string_view(&separator, 1)), list.size());
    items.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return items;
}

}  // namespace

TypeNames::TypeNames(ir::TypeTable& types) : types_(types) {
  for (int kind = static_cast<int>(ir::Kind::kInt8); kind <= static_cast<int>(ir::Kind::kBool); ++kind)
    if (Type* type = types.Basic(static_cast<ir::Kind>(kind))) Add(type);
  for (Type* type : {types.String(), types.UnsafePointer(), types.EmptyInterface(), types.ErrorType()})
    Add(type);
}

void TypeNames::Add(Type* type) {
  type = type->canon;
  if (type->HasShape()) return;
  Types& known = known_[types_.Print(type, ir::TypeForm::kName)];
  if (std::find(known.begin(), known.end(), type) == known.end()) known.push_back(type);
}

std::vector<Type*> TypeNames::Find(std::string_view text) {
  Types out;
  auto known = known_.find(std::string(text));
  if (known != known_.end()) out = known->second;
  Types composed;
  Compose(text, composed);
  for (Type* type : composed)
    if (std::find(out.begin(), out.end(), type->canon) == out.end()) out.push_back(type->canon);
  return out;
}

Type* TypeNames::Only(std::string_view text) {
  Types found = Find(text);
  return found.size() == 1 ? found[0] : nullptr;
}

void TypeNames::Compose(std::string_view text, Types& out) {
  auto all = [&](std::string_view elem, auto make) {
    for (Type* type : Find(elem)) out.push_back(make(type));
  };
  if (TakePrefix(text, "*")) return all(text, [&](Type* t) { return types_.Pointer(t); });
  if (TakePrefix(text, "[]")) return all(text, [&](Type* t) { return types_.Slice(t); });
  if (TakePrefix(text, "[")) return ComposeArray(text, out);
  if (TakePrefix(text, "map[")) {
    size_t end = FindOutside(text, "]");
    if (end == std::string_view::npos) return;
    Types keys = Find(text.substr(0, end));
    for (Type* key : keys) all(text.substr(end + 1), [&](Type* t) { return types_.Map(key, t); });
    return;
  }
  for (auto [prefix, dir] : {std::pair<std::string_view, ChanDir>{"chan ", ChanDir::kBoth},
                             {"chan<- ", ChanDir::kSend},
                             {"<-chan ", ChanDir::kRecv}})
    if (TakePrefix(text, prefix)) {
      if (dir == ChanDir::kBoth && text.size() > 2 && text[0] == '(') text = text.substr(1, text.size() - 2);
      return all(text, [&, dir = dir](Type* t) { return types_.Chan(t, dir); });
    }
  if (TakePrefix(text, "func(")) return ComposeFunc(text, out);
  if (TakePrefix(text, "struct {")) return ComposeStruct(text, out);
}

void TypeNames::ComposeArray(std::string_view text, Types& out) {
  int64_t length = 0;
  size_t i = 0;
  for (; i < text.size() && i < 18 && text[i] >= '0' && text[i] <= '9'; ++i)
    length = length * 10 + (text[i] - '0');
  if (i == 0 || i == text.size() || text[i] != ']') return;
  for (Type* elem : Find(text.substr(i + 1))) {
    if (elem->Size() > 0 && length > (int64_t{1} << 46) / elem->Size()) continue;
    out.push_back(types_.Array(elem, length));
  }
}

bool TypeNames::Params(std::string_view list, std::vector<Field>& out, bool* variadic) {
  for (std::string_view item : Split(list, ',')) {
    Field field;
    field.is_ddd = TakePrefix(item, "...");
    *variadic |= field.is_ddd;
    field.type = Only(item);
    if (field.type == nullptr) return false;
    if (field.is_ddd) field.type = types_.Slice(field.type);
    out.push_back(field);
  }
  return true;
}

void TypeNames::ComposeFunc(std::string_view text, Types& out) {
  size_t end = FindOutside(text, ")");
  if (end == std::string_view::npos) return;
  std::vector<Field> params, results;
  bool variadic = false, none = false;
  if (!Params(text.substr(0, end), params, &variadic)) return;
  text.remove_prefix(end + 1);
  if (TakePrefix(text, " (")) text.remove_suffix(1);
  TakePrefix(text, " ");
  if (Params(text, results, &none)) out.push_back(types_.Func(nullptr, params, results, variadic));
}

// `Name type`, or an embedded type alone. Unexported names and tags need what the string does not tell.
bool TypeNames::StructField(std::string_view text, Field& out) {
  size_t space = FindOutside(text, " ");
  std::string_view name = text.substr(0, space);
  bool embedded = space == std::string_view::npos;
  if (embedded) {
    if (size_t dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
    TakePrefix(name, "*");
  } else {
    text.remove_prefix(space + 1);
  }
  if (!ir::IsExported(name) || name.find('[') != std::string_view::npos) return false;
  if (text.find('"') != std::string_view::npos) return false;
  out.sym = types_.Selector(nullptr, name);
  out.embedded = embedded;
  out.type = Only(text);
  return out.type != nullptr;
}

void TypeNames::ComposeStruct(std::string_view text, Types& out) {
  TakePrefix(text, " ");
  if (text.empty()) return;
  text.remove_suffix(1);
  if (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::vector<Field> fields;
  for (std::string_view item : Split(text, ';'))
    if (!StructField(item, fields.emplace_back())) return;
  out.push_back(types_.Struct(fields));
}

}  // namespace escapement::link
