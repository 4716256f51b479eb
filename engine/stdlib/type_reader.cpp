#include "engine/stdlib/type_reader.h"

namespace escapement::stdlib {

using memory::AbiType;

namespace {

constexpr uint8_t kTFlagUncommon = 1 << 0, kTFlagExtraStar = 1 << 1;
constexpr uint8_t kTFlagDirectInterface = 1 << 5;
constexpr uint8_t kNameExported = 1, kNamePackage = 4, kNameTag = 2;
constexpr uint32_t kPackagePath = 48, kInterfaceMethods = 56, kStructFields = 56;

uint64_t ReadVarint(const AddressSpace& space, Address* at) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    uint8_t byte = space.Load<uint8_t>((*at)++);
    value |= uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) return value;
  }
}

}  // namespace

Address AtOffset(const World& world, uint32_t offset) {
  if (static_cast<int32_t>(offset) >= 0) return offset;
  return world.reflect_offsets[~offset];
}

TypeName ReadName(const World& world, Address name) {
  if (name == 0) return {};
  const AddressSpace& space = world.space;
  uint8_t flags = space.Load<uint8_t>(name);
  Address at = name + 1;
  uint64_t length = ReadVarint(space, &at);
  TypeName result;
  result.text = {reinterpret_cast<const char*>(space.Host(at)), static_cast<size_t>(length)};
  result.exported = (flags & kNameExported) != 0;
  at += length;
  if ((flags & kNameTag) != 0) {
    uint64_t tag = ReadVarint(space, &at);
    at += tag;
  }
  if ((flags & kNamePackage) != 0) result.package = space.Load<uint32_t>(at);
  return result;
}

Kind KindOf(const AddressSpace& space, Address type) {
  return static_cast<Kind>(space.Load<uint8_t>(type + AbiType::kKind) & AbiType::kKindMask);
}

std::string_view TypeString(const World& world, Address type) {
  const AddressSpace& space = world.space;
  std::string_view text = ReadName(world, AtOffset(world, space.Load<uint32_t>(type + AbiType::kStr))).text;
  if ((space.Load<uint8_t>(type + AbiType::kTFlag) & kTFlagExtraStar) != 0 && !text.empty())
    text.remove_prefix(1);
  return text;
}

bool IsDirectInterface(const AddressSpace& space, Address type) {
  return (space.Load<uint8_t>(type + AbiType::kTFlag) & kTFlagDirectInterface) != 0;
}

Address Uncommon(const AddressSpace& space, Address type) {
  if ((space.Load<uint8_t>(type + AbiType::kTFlag) & kTFlagUncommon) == 0) return 0;
  switch (KindOf(space, type)) {
    case Kind::kStruct:
      return type + 80;
    case Kind::kPointer:
      return type + 56;
    case Kind::kFunc:
      return type + 56;
    case Kind::kSlice:
      return type + 56;
    case Kind::kArray:
      return type + 72;
    case Kind::kChan:
      return type + 64;
    case Kind::kMap:
      return type + 112;
    case Kind::kInterface:
      return type + 80;
    default:
      return type + 48;
  }
}

uint32_t MethodCount(const AddressSpace& space, Address type) {
  Address uncommon = Uncommon(space, type);
  return uncommon == 0 ? 0 : space.Load<uint16_t>(uncommon + 4);
}

TypeMethod MethodAt(const World& world, Address type, uint32_t index) {
  const AddressSpace& space = world.space;
  Address uncommon = Uncommon(space, type);
  Address at = uncommon + space.Load<uint32_t>(uncommon + 8) + 16 * uint64_t{index};
  TypeMethod method;
  method.name = ReadName(world, AtOffset(world, space.Load<uint32_t>(at)));
  if (method.name.package == 0) method.name.package = space.Load<uint32_t>(uncommon);
  method.type = space.Load<uint32_t>(at + 4);
  method.ifn = space.Load<uint32_t>(at + 8);
  return method;
}

uint32_t InterfaceMethodCount(const AddressSpace& space, Address interface) {
  return static_cast<uint32_t>(space.Load<uint64_t>(interface + kInterfaceMethods + 8));
}

TypeMethod InterfaceMethodAt(const World& world, Address interface, uint32_t index) {
  const AddressSpace& space = world.space;
  Address at = space.LoadPointer(interface + kInterfaceMethods) + 8 * uint64_t{index};
  TypeMethod method;
  method.name = ReadName(world, AtOffset(world, space.Load<uint32_t>(at)));
  if (method.name.package == 0) method.name.package = space.LoadPointer(interface + kPackagePath);
  method.type = space.Load<uint32_t>(at + 4);
  return method;
}

Address ElemType(const AddressSpace& space, Address type) {
  return space.LoadPointer(KindOf(space, type) == Kind::kMap ? type + 56 : type + 48);
}
uint64_t ArrayLength(const AddressSpace& space, Address type) {
  return space.Load<uint64_t>(type + 64);
}
Address MapKeyType(const AddressSpace& space, Address type) {
  return space.LoadPointer(type + 48);
}

uint64_t FieldCount(const AddressSpace& space, Address type) {
  return space.Load<uint64_t>(type + kStructFields + 8);
}
StructField FieldAt(const World& world, Address type, uint64_t index) {
  const AddressSpace& space = world.space;
  Address at = space.LoadPointer(type + kStructFields) + 24 * index;
  StructField field;
  field.name = ReadName(world, space.LoadPointer(at));
  field.type = space.LoadPointer(at + 8);
  field.offset = space.Load<uint64_t>(at + 16);
  return field;
}

}  // namespace escapement::stdlib
