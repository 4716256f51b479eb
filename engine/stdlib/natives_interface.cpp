// Interfaces: itabs, conversions, assertions, comparison and hashing (runtime/iface.go, runtime/alg.go).
#include <cmath>

#include "engine/base/bit_cast.h"
#include "engine/bytecode/chunk.h"
#include "engine/stdlib/hash_bytes.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"
#include "engine/stdlib/type_reader.h"

namespace escapement::stdlib {
namespace {

constexpr uint64_t kItabMethods = 24;
constexpr uint64_t kPackagePath = 48;  // of abi.StructType and abi.InterfaceType

// --- itabs ---------------------------------------------------------------------------------

// Room outside the heap, as the runtime's persistentalloc gives.
Address PersistentAllocate(Machine& m, uint64_t size) {
  vm::State& state = m.state();
  if (state.persistent_next + size > state.persistent_end) {
    uint32_t span = memory::AllocateManualSpan(
        m.world(), static_cast<uint32_t>((size + memory::kPageSize - 1) / memory::kPageSize));
    if (span == memory::kNoSpan) return 0;
    state.persistent_next = m.world().spans[span].base;
    state.persistent_end = state.persistent_next + uint64_t{m.world().spans[span].pages} * memory::kPageSize;
  }
  Address address = state.persistent_next;
  state.persistent_next += (size + 7) & ~uint64_t{7};
  Space(m).Zero(address, size);
  return address;
}

// Whether `have` is the interface method `want`: same name, same type, same package if unexported.
bool SameMethod(const World& world, const TypeMethod& want, const TypeMethod& have) {
  if (want.name.text != have.name.text || want.type != have.type) return false;
  if (want.name.exported) return true;
  return ReadName(world, want.name.package).text == ReadName(world, have.name.package).text;
}

// Fills `itab` (0: only looks) with the methods of `type`; returns the first missing method, or "".
std::string_view FillItab(Machine& m, Address interface, Address type, Address itab) {
  AddressSpace& space = Space(m);
  uint32_t wanted = InterfaceMethodCount(space, interface), have = MethodCount(space, type);
  uint32_t at = 0;
  for (uint32_t i = 0; i < wanted; i++) {
    TypeMethod want = InterfaceMethodAt(m.world(), interface, i);
    for (;; at++) {
      if (at == have) return want.name.text;
      TypeMethod method = MethodAt(m.world(), type, at);
      if (!SameMethod(m.world(), want, method)) continue;
      if (itab != 0) space.Store<uint64_t>(itab + kItabMethods + 8 * i, method.ifn);
      break;
    }
    at++;
  }
  return "";
}

// The itab for a type in an interface type, or 0 if it does not implement it.
Address GetItab(Machine& m, Address interface, Address type) {
  auto& itabs = m.state().itabs;
  auto found = itabs.find({interface, type});
  if (found != itabs.end()) return found->second;
  Address itab = 0;
  if (FillItab(m, interface, type, 0).empty()) {
    uint32_t count = InterfaceMethodCount(Space(m), interface);
    itab = PersistentAllocate(m, kItabMethods + 8 * uint64_t{count});
    if (itab == 0) return 0;
    Space(m).Store<uint64_t>(itab, interface);
    Space(m).Store<uint64_t>(itab + 8, type);
    Space(m).Store<uint32_t>(itab + 16, Space(m).Load<uint32_t>(type + AbiType::kHash));
    FillItab(m, interface, type, itab);
  }
  itabs[{interface, type}] = itab;
  return itab;
}

// panic(&TypeAssertionError{interface, concrete, asserted, missing})
NativeStatus PanicAssert(Machine& m, uint64_t* w, Address interface, Address concrete, Address asserted,
                         std::string_view missing) {
  auto text = m.NewString(missing);
  w[0] = interface;
  w[1] = concrete;
  w[2] = asserted;
  w[3] = text[0];
  w[4] = text[1];
  return m.Call(RuntimeFunction::k_panicTypeAssert);
}

// assertE2I(inter, type) itab
NativeStatus AssertE2I(Machine& m, uint64_t* w) {
  if (w[1] == 0) return PanicAssert(m, w, 0, 0, w[0], "");
  Address itab = GetItab(m, w[0], w[1]);
  if (itab == 0) return PanicAssert(m, w, 0, w[1], w[0], FillItab(m, w[0], w[1], 0));
  w[0] = itab;
  return kContinue;
}
NativeStatus AssertE2I2(Machine& m, uint64_t* w) {
  w[0] = w[1] == 0 ? 0 : GetItab(m, w[0], w[1]);
  return kContinue;
}
// panicdottypeE(have, want, iface); panicdottypeI takes the itab.
NativeStatus PanicDotTypeE(Machine& m, uint64_t* w) {
  return PanicAssert(m, w, w[2], w[0], w[1], "");
}
NativeStatus PanicDotTypeI(Machine& m, uint64_t* w) {
  return PanicAssert(m, w, w[2], w[0] == 0 ? 0 : Space(m).LoadPointer(w[0] + 8), w[1], "");
}
NativeStatus PanicNilDotType(Machine& m, uint64_t* w) {
  return PanicAssert(m, w, 0, 0, w[0], "");
}

// reflect's ifaceE2I(t, any, dst unsafe.Pointer)
NativeStatus IfaceE2I(Machine& m, uint64_t* w) {
  Address interface = w[0], type = w[1], data = w[2], to = w[3];
  if (type == 0) return PanicAssert(m, w, 0, 0, interface, "");
  Address itab = GetItab(m, interface, type);
  if (itab == 0) return PanicAssert(m, w, 0, type, interface, FillItab(m, interface, type, 0));
  Space(m).Store<uint64_t>(to, itab);
  StorePointer(m, to + 8, data);
  return kContinue;
}

// --- data words ------------------------------------------------------------------------------

NativeStatus ConvT(Machine& m, uint64_t* w) {
  uint64_t size = memory::TypeSize(Space(m), w[0]);
  Address object = m.Allocate(size, w[0], false);
  if (object == 0) return NativeStatus::kExit;
  MoveTyped(m, w[0], object, w[1], size);
  w[0] = object;
  return kContinue;
}

template <typename T>
NativeStatus ConvScalar(Machine& m, uint64_t* w) {
  T value = static_cast<T>(w[0]);
  if (value < 256) {
    w[0] = m.symbol_address("runtime.staticuint64s") + 8 * uint64_t{value};
    return kContinue;
  }
  Address object = m.Allocate(sizeof(T), 0, false);
  if (object == 0) return NativeStatus::kExit;
  Space(m).Store<T>(object, value);
  w[0] = object;
  return kContinue;
}

// A string or slice: its words, or the shared zero value for an empty string or a nil slice.
template <int kWords>
NativeStatus ConvWords(Machine& m, uint64_t* w) {
  if (w[kWords == 2 ? 1 : 0] == 0) {
    w[0] = m.symbol_address("runtime.zeroVal");
    return kContinue;
  }
  Address object =
      m.Allocate(8 * kWords, m.symbol_address(kWords == 2 ? "type:string" : "type:[]uint8"), false);
  if (object == 0) return NativeStatus::kExit;
  for (int i = 0; i < kWords; i++) Space(m).Store<uint64_t>(object + 8 * i, w[i]);
  w[0] = object;
  return kContinue;
}

// --- equality ---------------------------------------------------------------------------------

// Hands over to the type's own equality function for the values at x and y.
NativeStatus EqualValues(Machine& m, uint64_t* w, Address type, Address x, Address y) {
  Address equal = Space(m).LoadPointer(type + AbiType::kEqual);
  if (equal == 0) {
    w[0] = type;
    return m.Call(RuntimeFunction::k_panicUncomparable);
  }
  if (IsDirectInterface(Space(m), type)) {
    w[0] = x == y;
    return kContinue;
  }
  w[0] = x;
  w[1] = y;
  w[-2] = equal;
  return m.TailCall(bytecode::FunctionAt(Space(m).LoadPointer(equal)));
}

// efaceeq(type, x, y): both values have the type.
NativeStatus EfaceEq(Machine& m, uint64_t* w) {
  if (w[0] == 0) {
    w[0] = 1;
    return kContinue;
  }
  return EqualValues(m, w, w[0], w[1], w[2]);
}
NativeStatus IfaceEq(Machine& m, uint64_t* w) {
  if (w[0] == 0) {
    w[0] = 1;
    return kContinue;
  }
  return EqualValues(m, w, Space(m).LoadPointer(w[0] + 8), w[1], w[2]);
}
// interequal(p, q), nilinterequal(p, q): pointers to interface values.
NativeStatus InterEqual(Machine& m, uint64_t* w) {
  Address x = w[0], y = w[1];
  uint64_t tab = Space(m).LoadPointer(x);
  if (tab != Space(m).LoadPointer(y) || tab == 0) {
    w[0] = tab == 0 && Space(m).LoadPointer(y) == 0;
    return kContinue;
  }
  return EqualValues(m, w, Space(m).LoadPointer(tab + 8), Space(m).LoadPointer(x + 8),
                     Space(m).LoadPointer(y + 8));
}
NativeStatus NilInterEqual(Machine& m, uint64_t* w) {
  Address x = w[0], y = w[1];
  uint64_t type = Space(m).LoadPointer(x);
  if (type != Space(m).LoadPointer(y) || type == 0) {
    w[0] = type == 0 && Space(m).LoadPointer(y) == 0;
    return kContinue;
  }
  return EqualValues(m, w, type, Space(m).LoadPointer(x + 8), Space(m).LoadPointer(y + 8));
}
template <typename T, int kCount>
NativeStatus EqualNumbers(Machine& m, uint64_t* w) {
  bool equal = true;
  for (int i = 0; i < kCount; i++)
    equal = equal && Space(m).Load<T>(w[0] + i * sizeof(T)) == Space(m).Load<T>(w[1] + i * sizeof(T));
  w[0] = equal;
  return kContinue;
}
NativeStatus EqualNothing(Machine&, uint64_t* w) {
  w[0] = 1;
  return kContinue;
}
NativeStatus StrEqual(Machine& m, uint64_t* w) {
  auto text = [&](Address at) {
    return m.StringAt(Space(m).LoadPointer(at), Space(m).Load<uint64_t>(at + 8));
  };
  w[0] = text(w[0]) == text(w[1]);
  return kContinue;
}

// --- hashing ------------------------------------------------------------------------------------
template <int kSize>
NativeStatus MemHash(Machine& m, uint64_t* w) {
  w[0] = HashBytes(Bytes(m, w[0]), kSize, w[1]);
  return kContinue;
}
NativeStatus MemHashSized(Machine& m, uint64_t* w) {
  w[0] = HashBytes(Bytes(m, w[0]), w[2], w[1]);
  return kContinue;
}
NativeStatus MemHashVarlen(Machine& m, uint64_t* w) {
  w[0] = HashBytes(Bytes(m, w[0]), Space(m).Load<uint64_t>(m.NativeContext(w) + 8), w[1]);
  return kContinue;
}
uint64_t HashString(Machine& m, Address at, uint64_t seed) {
  return HashBytes(Bytes(m, Space(m).LoadPointer(at)), Space(m).Load<uint64_t>(at + 8), seed);
}
NativeStatus StrHash(Machine& m, uint64_t* w) {
  w[0] = HashString(m, w[0], w[1]);
  return kContinue;
}
// Equal floats hash alike (0 and -0); a NaN is equal to nothing and hashes at random.
uint64_t HashFloat(Machine& m, double value, uint64_t seed) {
  if (value == 0) return MixHash(seed ^ 0x2545f4914f6cdd1dull);
  if (std::isnan(value)) return MixHash(seed ^ m.scheduler().random.Next());
  uint64_t bits = base::BitCast<uint64_t>(value);
  return HashBytes(reinterpret_cast<const uint8_t*>(&bits), 8, seed);
}
template <typename T, int kCount>
NativeStatus FloatHash(Machine& m, uint64_t* w) {
  uint64_t hash = w[1];
  for (int i = 0; i < kCount; i++) hash = HashFloat(m, double{Space(m).Load<T>(w[0] + i * sizeof(T))}, hash);
  w[0] = hash;
  return kContinue;
}

// An interface takes part in a hash even if what it holds has no bytes.
uint64_t InterfaceSeed(uint64_t seed) {
  return MixHash(seed ^ 0x9e3779b97f4a7c15ull);
}

// typehash(t, p, seed). Returns false with *unhashable set when it meets a type that has no hash.
// Recursion is over the nesting of one type.
bool HashTyped(Machine& m, Address type, Address at, uint64_t* hash, Address* unhashable) {
  AddressSpace& space = Space(m);
  switch (KindOf(space, type)) {
    case Kind::kFloat32:
      *hash = HashFloat(m, double{space.Load<float>(at)}, *hash);
      return true;
    case Kind::kFloat64:
      *hash = HashFloat(m, space.Load<double>(at), *hash);
      return true;
    case Kind::kComplex64:
      *hash = HashFloat(m, double{space.Load<float>(at)}, *hash);
      *hash = HashFloat(m, double{space.Load<float>(at + 4)}, *hash);
      return true;
    case Kind::kComplex128:
      *hash = HashFloat(m, space.Load<double>(at), *hash);
      *hash = HashFloat(m, space.Load<double>(at + 8), *hash);
      return true;
    case Kind::kString:
      *hash = HashString(m, at, *hash);
      return true;
    case Kind::kInterface: {
      Address dynamic = space.LoadPointer(at);
      if (dynamic == 0) return true;
      if (InterfaceMethodCount(space, type) != 0) dynamic = space.LoadPointer(dynamic + 8);
      if (space.LoadPointer(dynamic + AbiType::kEqual) == 0) {
        *unhashable = dynamic;
        return false;
      }
      *hash = InterfaceSeed(*hash);
      return HashTyped(m, dynamic, IsDirectInterface(space, dynamic) ? at + 8 : space.LoadPointer(at + 8),
                       hash, unhashable);
    }
    case Kind::kArray: {
      Address elem = ElemType(space, type);
      uint64_t size = memory::TypeSize(space, elem);
      for (uint64_t i = 0; i < ArrayLength(space, type); i++)
        if (!HashTyped(m, elem, at + i * size, hash, unhashable)) return false;
      return true;
    }
    case Kind::kStruct:
      for (uint64_t i = 0; i < FieldCount(space, type); i++) {
        StructField field = FieldAt(m.world(), type, i);
        if (field.name.text == "_") continue;
        if (!HashTyped(m, field.type, at + field.offset, hash, unhashable)) return false;
      }
      return true;
    case Kind::kFunc:
    case Kind::kMap:
    case Kind::kSlice:
      *unhashable = type;
      return false;
    default:
      *hash = HashBytes(space.Host(at), memory::TypeSize(space, type), *hash);
      return true;
  }
}
NativeStatus ReturnHash(Machine& m, uint64_t* w, Address type, Address at, uint64_t seed) {
  Address unhashable = 0;
  if (!HashTyped(m, type, at, &seed, &unhashable)) {
    w[0] = unhashable;
    return m.Call(RuntimeFunction::k_panicUnhashable);
  }
  w[0] = seed;
  return kContinue;
}
// interhash(p, seed), nilinterhash(p, seed)
template <bool kEmpty>
NativeStatus InterHash(Machine& m, uint64_t* w) {
  Address at = w[0], type = Space(m).LoadPointer(at);
  if (type == 0) {
    w[0] = w[1];
    return kContinue;
  }
  if (!kEmpty) type = Space(m).LoadPointer(type + 8);
  if (Space(m).LoadPointer(type + AbiType::kEqual) == 0) {
    w[0] = type;
    return m.Call(RuntimeFunction::k_panicUnhashable);
  }
  return ReturnHash(m, w, type, IsDirectInterface(Space(m), type) ? at + 8 : Space(m).LoadPointer(at + 8),
                    InterfaceSeed(w[1]));
}
NativeStatus TypeHash(Machine& m, uint64_t* w) {
  return ReturnHash(m, w, w[0], w[1], w[2]);
}

NativeStatus TypeStringOf(Machine& m, uint64_t* w) {
  std::string_view text = TypeString(m.world(), w[0]);
  w[0] =
      text.empty()
          ? 0
          : static_cast<uint64_t>(reinterpret_cast<const uint8_t*>(text.data()) - Space(m).Host(w[0])) + w[0];
  w[1] = text.size();
  return kContinue;
}
// typePackage(t) string: the path of the package of a named type.
NativeStatus TypePackage(Machine& m, uint64_t* w) {
  Address uncommon = Uncommon(Space(m), w[0]);
  Address name = 0;
  Kind kind = KindOf(Space(m), w[0]);
  if (uncommon != 0)
    name = Space(m).Load<uint32_t>(uncommon);
  else if (kind == Kind::kStruct || kind == Kind::kInterface)
    name = Space(m).LoadPointer(w[0] + kPackagePath);
  if (name == 0) {
    w[0] = w[1] = 0;
    return kContinue;
  }
  std::string_view text = ReadName(m.world(), name).text;
  w[0] = static_cast<uint64_t>(reinterpret_cast<const uint8_t*>(text.data()) - Space(m).Host(name)) + name;
  w[1] = text.size();
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_interface.def"
};

}  // namespace

uint64_t HashBytes(const uint8_t* data, uint64_t size, uint64_t seed) {
  uint64_t hash = seed ^ (size * 0x9e3779b97f4a7c15ull);
  for (; size >= 8; size -= 8, data += 8) {
    uint64_t word;
    __builtin_memcpy(&word, data, 8);
    hash = MixHash(hash ^ word) + 0x9e3779b97f4a7c15ull;
  }
  uint64_t tail = 0;
  for (uint64_t i = 0; i < size; i++) tail |= uint64_t{data[i]} << (8 * i);
  return MixHash(hash ^ tail);
}

std::span<const vm::Native> InterfaceNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
