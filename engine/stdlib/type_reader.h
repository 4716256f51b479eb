// Reads abi.Type and its kin in modelled memory: names, methods, fields. A NameOff or TextOff is
// a static address, a TypeOff the linker's id of the type: equal for equal types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/memory/abi_type.h"
#include "engine/memory/world.h"

namespace escapement::stdlib {

using memory::Address;
using memory::AddressSpace;
using memory::World;

// reflect.Kind.
enum class Kind : uint8_t {
  kInvalid,
  kBool,
  kInt,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kUintptr,
  kFloat32,
  kFloat64,
  kComplex64,
  kComplex128,
  kArray,
  kChan,
  kFunc,
  kInterface,
  kMap,
  kPointer,
  kSlice,
  kString,
  kStruct,
  kUnsafePointer
};

// A name in abi.Name's encoding.
struct TypeName {
  std::string_view text;
  bool exported = false;
  Address package = 0;  // abi.Name of the package path, unexported names only
};
// What a name or type offset stands for: a static address, or what reflect.addReflectOff was given.
Address AtOffset(const World& world, uint32_t offset);

TypeName ReadName(const World& world, Address name);

Kind KindOf(const AddressSpace& space, Address type);
// The type as reflection prints it: `*main.T`, `[]int`.
std::string_view TypeString(const World& world, Address type);
// Whether values are stored in an interface's data word themselves.
bool IsDirectInterface(const AddressSpace& space, Address type);

// A method of a named type or of an interface.
struct TypeMethod {
  TypeName name;      // with the type's own package where the name has none
  uint32_t type = 0;  // TypeOff of the func type without receiver
  Address ifn = 0;    // code called through an interface (types only)
};
// abi.UncommonType of a type with methods or a name, or 0.
Address Uncommon(const AddressSpace& space, Address type);
uint32_t MethodCount(const AddressSpace& space, Address type);
TypeMethod MethodAt(const World& world, Address type, uint32_t index);
uint32_t InterfaceMethodCount(const AddressSpace& space, Address interface);
TypeMethod InterfaceMethodAt(const World& world, Address interface, uint32_t index);

// Element type of arrays, chans, maps, pointers, slices.
Address ElemType(const AddressSpace& space, Address type);
uint64_t ArrayLength(const AddressSpace& space, Address type);
Address MapKeyType(const AddressSpace& space, Address type);
struct StructField {
  TypeName name;
  Address type = 0;
  uint64_t offset = 0;
};
uint64_t FieldCount(const AddressSpace& space, Address type);
StructField FieldAt(const World& world, Address type, uint64_t index);

}  // namespace escapement::stdlib
