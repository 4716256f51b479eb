// ValueReader: Go values as they lie in modelled memory, by their types. Nothing it meets can make it read
// outside the region: what memory holds is the program's business.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "engine/export/inspection.h"
#include "engine/ir/type.h"
#include "engine/memory/address_space.h"

namespace escapement::driver {

class ValueReader {
 public:
  ValueReader(const memory::AddressSpace& space, ir::TypeTable& types,
              std::function<ir::Type*(uint64_t descriptor)> type_at,
              std::function<std::string(uint64_t code)> function_at)
      : space_(space), types_(types), type_at_(std::move(type_at)), function_at_(std::move(function_at)) {}

  // The value of `type` at an address.
  exporting::GoValue At(ir::Type* type, uint64_t address) const;
  // The value whose bytes are at `bytes`, which are as many as the type has.
  exporting::GoValue Of(ir::Type* type, const uint8_t* bytes) const;
  // `count` values in a row, as an array shows them.
  exporting::GoValue Row(ir::Type* elem, uint64_t count, uint64_t address) const;
  // Whether an object of `size` bytes that makechan made for a channel of `type` is the channel, and not its
  // buffer.
  bool IsChannel(ir::Type* type, uint64_t address, uint64_t size) const;
  // The channel itself: its fields, and what is in its buffer, the next to be received first.
  exporting::GoValue Channel(ir::Type* type, uint64_t address) const;
  // Bytes of no known type, as text if they are text.
  exporting::GoValue Bytes(uint64_t address, uint64_t size) const;

  std::string TypeName(const ir::Type* type) const { return types_.Print(type); }

 private:
  exporting::GoValue Read(ir::Type* type, const uint8_t* bytes, int depth) const;
  exporting::GoValue Interface(ir::Type* type, const uint8_t* bytes, int depth) const;
  exporting::GoValue Struct(ir::Type* type, const uint8_t* bytes, int depth) const;
  exporting::GoValue Elements(ir::Type* elem, uint64_t count, const uint8_t* bytes, int depth) const;
  std::string ChannelText(const ir::Type* type, uint64_t address) const;
  std::string Quoted(uint64_t address, uint64_t size) const;
  uint64_t WordAt(uint64_t address) const {
    return space_.CanLoad(address, 8) ? space_.Load<uint64_t>(address) : 0;
  }

  const memory::AddressSpace& space_;
  ir::TypeTable& types_;
  std::function<ir::Type*(uint64_t)> type_at_;
  std::function<std::string(uint64_t)> function_at_;
};

// 0xc000012018, or nil.
std::string PointerText(uint64_t address);

}  // namespace escapement::driver
