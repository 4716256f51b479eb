// Linker: gives symbols addresses and turns what lowering and codegen made into an image.
// It may be asked again and again as code is compiled: each time it lays out what is new,
// type descriptors and itabs that were asked for included, as bytes in abi.Type layout.
//
// Offsets in descriptors: NameOff and TextOff are static addresses (which fit in 32 bits).
// A TypeOff is an id of the type, so that a method's type is described only if reflection
// asks for it (TypeByOffset); equal types have equal ids.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/bytecode/chunk.h"
#include "engine/ir/builder.h"
#include "engine/link/image.h"
#include "engine/link/type_names.h"
#include "engine/lower/lowering.h"

namespace escapement::link {

// The id of the function with that link name, made at first mention.
using FunctionIds = std::function<uint32_t(std::string_view name)>;
// The itab that the running program has made for descriptors at these addresses, or 0.
using MadeItab = std::function<uint64_t(uint64_t interface, uint64_t concrete)>;
// The address of zeroed room outside of the static region, or 0.
using MoreRoom = std::function<uint64_t(uint64_t size)>;

class Linker {
 public:
  Linker(lower::Lowering& lowering, ir::Builder& builder, FunctionIds functions);

  // Defines `runtime.initTasks`, the []func() that runtime.main runs before main.main.
  void SetInitTasks(const std::vector<base::Name>& functions);

  // Lays out everything known so far; call once, before the program starts.
  std::vector<Segment> Start();
  // What segments have no room for lies behind the last one, below `end`.
  void SetOverflow(uint64_t end) { overflow_.end = end; }
  // Lays out what came since Start or the last Extend; large symbols that there is no room for may come to
  // `more_room`. `full` tells that there is none left.
  std::vector<Patch> Extend(bool* full, const MoreRoom& more_room);
  // Where what is laid out ends.
  uint64_t high() const { return overflow_.next; }

  // The itabs laid out by the last Start or Extend.
  const std::vector<uint64_t>& new_itabs() const { return new_itabs_; }
  void set_made_itab(MadeItab made_itab) { made_itab_ = std::move(made_itab); }

  // Writes symbols' values into a chunk; new symbols it mentions need an Extend before it runs.
  void Relocate(bytecode::Chunk& chunk);

  // The address of a symbol: data, type descriptor, itab or function.
  uint64_t AddressOf(base::Name symbol);
  // The symbol of the type with this TypeOff; an Extend may be due. Empty if there is none.
  base::Name TypeByOffset(int32_t offset);
  // The type whose descriptor is at an address, or null.
  ir::Type* TypeAt(uint64_t address) const;
  // The descriptors of all types that print as `text`, an Extend being due.
  std::vector<base::Name> TypesByString(std::string_view text);
  // The TypeOff of a type.
  int32_t TypeOffset(ir::Type* type);

 private:
  // A segment under construction: addresses are handed out from `next` up to `end`.
  struct Area {
    lower::Section section;
    uint64_t start = 0, next = 0, end = 0;
  };

  void DefineRuntimeSymbols();
  void Describe();
  Area& AreaOf(lower::Section section);
  bool Place(const lower::DataSymbol& symbol);
  bool PlaceOutside(const lower::DataSymbol& symbol, const MoreRoom& more_room);
  bool AdoptItab(const lower::DataSymbol& symbol);
  std::string Contents(const lower::DataSymbol& symbol);
  uint64_t Value(const lower::Reloc& reloc);

  lower::Lowering& lowering_;
  lower::Data& data_;
  ir::Builder& builder_;
  FunctionIds functions_;
  MadeItab made_itab_;
  std::vector<uint64_t> new_itabs_;
  std::vector<Area> areas_;
  Area overflow_{lower::Section::kBss};
  std::unordered_map<base::Name, uint64_t> addresses_;
  std::unordered_map<uint64_t, ir::Type*> types_by_address_;
  TypeNames type_names_;
  size_t named_types_ = 0;  // of data_.types(): known to type_names_
  std::unordered_map<ir::Type*, int32_t> type_offsets_;
  std::vector<ir::Type*> types_by_offset_;
  size_t placed_ = 0;           // of data_.symbols()
  size_t described_types_ = 0;  // of data_.types()
  size_t described_itabs_ = 0;  // of data_.itabs()
  bool started_ = false;
};

}  // namespace escapement::link
