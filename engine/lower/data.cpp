#include "engine/lower/data.h"

#include "engine/base/check.h"

namespace escapement::lower {

DataSymbol* Data::Define(base::Name name, Section section, uint64_t size, uint32_t align) {
  auto& slot = by_name_[name];
  ENSURE(!slot, "symbol defined twice: " + name.str());
  slot = std::make_unique<DataSymbol>();
  slot->name = name;
  slot->section = section;
  slot->size = size;
  slot->align = align;
  order_.push_back(slot.get());
  return slot.get();
}

DataSymbol* Data::Find(base::Name name) {
  auto it = by_name_.find(name);
  return it == by_name_.end() ? nullptr : it->second.get();
}

base::Name Data::Fresh(std::string_view prefix) {
  return names_.Intern(std::string(prefix) + std::to_string(fresh_++));
}

base::Name Data::StringBytes(std::string_view text) {
  base::Name name = names_.Intern("go:string." + std::string(text));
  if (!Find(name)) {
    DataSymbol* symbol = Define(name, Section::kRodata, text.size(), 1);
    symbol->bytes = std::string(text);
  }
  return name;
}

base::Name Data::FuncValue(base::Name function) {
  base::Name name = names_.Intern(function.str() + "·f");
  if (!Find(name)) Define(name, Section::kRodata, 8, 8)->PutAddress(0, function);
  return name;
}

base::Name Data::TypeDescriptor(ir::Type* type) {
  type = type->canon;
  base::Name& name = type_names_[type];
  if (name.empty()) {
    name = names_.Intern("type:" + types_table_.LinkString(type));
    types_.push_back(type);
  }
  return name;
}

base::Name Data::Itab(ir::Type* concrete, ir::Type* interface) {
  concrete = concrete->canon;
  interface = interface->canon;
  base::Name name = names_.Intern("go:itab." + types_table_.LinkString(concrete) + "," +
                                  types_table_.LinkString(interface));
  if (itab_names_.emplace(name, static_cast<int>(itabs_.size())).second)
    itabs_.push_back({concrete, interface, name});
  return name;
}

uint32_t Data::ShownType(ir::Type* type) {
  auto [entry, fresh] = shown_numbers_.emplace(type, static_cast<uint32_t>(shown_types_.size()));
  if (fresh) shown_types_.push_back(type);
  return entry->second;
}

}  // namespace escapement::lower
