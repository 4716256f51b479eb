// Static data as the compiler makes it: named blocks of bytes with relocations by symbol. Lowering adds
// string bytes, constant composite values, func values and initialised globals here, and records which
// type descriptors, itabs and functions its code mentions; `link` lays all of it out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/interner.h"
#include "engine/ir/type.h"

namespace escapement::lower {

// The part of the static region a symbol goes to.
enum class Section : uint8_t { kText, kRodata, kData, kNoptrData, kBss, kNoptrBss };

// The word at `offset` is the address of symbol + addend: 8 bytes, or the 4 bytes of a name or text
// offset (static addresses fit in 32 bits).
struct Reloc {
  enum Kind : uint8_t { kAddress, kOffset };
  uint32_t offset = 0;
  Kind kind = kAddress;
  base::Name symbol;
  int64_t addend = 0;
};

// One block of static data. `bytes` may be shorter than `size`: the rest is zero.
// Bytes that a symbol may have (cmd/internal/obj's cutoff). A program with a larger one is not loaded.
inline constexpr uint64_t kMaxSymbolSize = 2000000000;

struct DataSymbol {
  base::Name name;
  Section section = Section::kRodata;
  uint32_t align = 1;
  uint64_t size = 0;
  std::string bytes;
  std::vector<Reloc> relocs;
  ir::Type* type = nullptr;  // gives the pointer bitmap of data and bss

  // Writes the low `width` bytes of `value`, little-endian; not beyond what a symbol may have.
  void Put(uint64_t offset, uint64_t value, unsigned width) {
    if (offset + width > kMaxSymbolSize) return;
    if (bytes.size() < offset + width) bytes.resize(offset + width);
    for (unsigned i = 0; i < width; i++) bytes[offset + i] = static_cast<char>(value >> (8 * i));
  }
  // Writes the address of symbol + addend.
  void PutAddress(uint64_t offset, base::Name symbol, int64_t addend = 0) {
    if (offset + 8 > kMaxSymbolSize) return;
    Put(offset, 0, 8);
    relocs.push_back({static_cast<uint32_t>(offset), Reloc::kAddress, symbol, addend});
  }
};

// An itab: a concrete type as an interface type.
struct ItabNeed {
  ir::Type* concrete;
  ir::Type* interface;
  base::Name name;
};

// The static data of a session, growing as functions are lowered. Lists are in order of first mention.
class Data {
 public:
  Data(base::Interner& names, ir::TypeTable& types) : names_(names), types_table_(types) {}

  // Adds an empty symbol; it must not exist yet.
  DataSymbol* Define(base::Name name, Section section, uint64_t size, uint32_t align);
  // The symbol called `name`, or null.
  DataSymbol* Find(base::Name name);

  ir::TypeTable& type_table() { return types_table_; }
  base::Name Intern(std::string_view text) { return names_.Intern(text); }
  // A fresh name "prefix" + counter for a read-only or initialised temporary (`main..stmp_0`).
  base::Name Fresh(std::string_view prefix);
  // The symbol that holds exactly these bytes, read-only and shared.
  base::Name StringBytes(std::string_view text);
  // The func value of a function symbol: a read-only word that holds its entry.
  base::Name FuncValue(base::Name function);
  // The descriptor of a type, demanded from the linker.
  base::Name TypeDescriptor(ir::Type* type);
  // The itab of a concrete type in a non-empty interface type, demanded from the linker.
  base::Name Itab(ir::Type* concrete, ir::Type* interface);

  // Types of variables, by the number that chunks know them by.
  uint32_t ShownType(ir::Type* type);
  ir::Type* shown_type(uint32_t number) const { return shown_types_[number]; }

  const std::vector<DataSymbol*>& symbols() const { return order_; }
  const std::vector<ir::Type*>& types() const { return types_; }
  const std::vector<ItabNeed>& itabs() const { return itabs_; }
  // The itab of that name; null when the name is not one's.
  const ItabNeed* FindItab(base::Name name) const {
    auto found = itab_names_.find(name);
    return found == itab_names_.end() ? nullptr : &itabs_[static_cast<size_t>(found->second)];
  }

 private:
  base::Interner& names_;
  ir::TypeTable& types_table_;
  std::unordered_map<base::Name, std::unique_ptr<DataSymbol>> by_name_;
  std::vector<DataSymbol*> order_;
  std::unordered_map<ir::Type*, base::Name> type_names_;
  std::vector<ir::Type*> types_;
  std::unordered_map<base::Name, int> itab_names_;
  std::vector<ItabNeed> itabs_;
  std::unordered_map<ir::Type*, uint32_t> shown_numbers_;
  std::vector<ir::Type*> shown_types_;
  int fresh_ = 0;
};

}  // namespace escapement::lower
