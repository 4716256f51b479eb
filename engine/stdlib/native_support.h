// What natives are written with: slots as Go values, checked access to modelled memory.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/memory/abi_type.h"
#include "engine/memory/collector.h"
#include "engine/memory/heap.h"
#include "engine/vm/machine.h"

namespace escapement::stdlib {

using memory::AbiType;
using memory::Address;
using memory::AddressSpace;
using vm::Machine;
using vm::NativeStatus;
using vm::RuntimeFunction;

constexpr NativeStatus kContinue = NativeStatus::kContinue;

// Leaves a native with the fault of a nil (wild, protected) pointer if `address` cannot be read (written).
#define CHECK_READABLE(m, w, address)                     \
  do {                                                    \
    if (!(m).world().space.CanLoad(address)) [[unlikely]] \
      return (m).Fault((w), (address));                   \
  } while (false)
#define CHECK_WRITABLE(m, w, address)                      \
  do {                                                     \
    if (!(m).world().space.CanStore(address)) [[unlikely]] \
      return (m).Fault((w), (address));                    \
  } while (false)
// The same for bytes behind one that has been checked: they may lie in another page.
#define CHECK_RANGE(m, w, address, size, write)                                                           \
  do {                                                                                                    \
    if (uint64_t denied = (m).world().space.Denied((address), (size), (write)); denied != 0) [[unlikely]] \
      return (m).Fault((w), denied);                                                                      \
  } while (false)

inline AddressSpace& Space(Machine& m) {
  return m.world().space;
}
inline std::string_view Text(Machine& m, const uint64_t* slots) {
  return m.StringAt(slots[0], slots[1]);
}
inline const uint8_t* Bytes(Machine& m, Address address) {
  return m.world().space.Host(address);
}

// Stores a pointer with the write barrier.
inline void StorePointer(Machine& m, Address slot, uint64_t value) {
  if (m.world().gc.barrier) memory::WriteBarrier(m.world(), slot, value);
  Space(m).Store<uint64_t>(slot, value);
}

// typedmemmove for `size` bytes of elements of `type`.
inline void MoveTyped(Machine& m, Address type, Address to, Address from, uint64_t size) {
  if (size == 0 || to == from) return;
  if (m.world().gc.barrier && memory::TypePtrBytes(Space(m), type) != 0)
    memory::BulkWriteBarrier(m.world(), to, from, size, type);
  Space(m).Move(to, from, size);
}

// Stores text that a native made; window[0], window[1] become the string.
inline NativeStatus ReturnString(Machine& m, uint64_t* window, std::string_view text) {
  auto value = m.NewString(text);
  if (value[0] == 0 && !text.empty()) return NativeStatus::kExit;
  window[0] = value[0];
  window[1] = value[1];
  return kContinue;
}

}  // namespace escapement::stdlib
