// Short cuts through internal/runtime/maps: look-ups by the small key types, and assignments to keys that are
// there already, on the layout of Go's own maps. Whatever else a call may need (a new key, growth, a panic)
// is left to the Go function, which is called as if the short cut had not been taken.
#include <bit>
#include <cstring>

#include "engine/stdlib/hash_bytes.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

// Fields of maps.Map, maps.table and abi.MapType.
constexpr uint64_t kSeed = 8, kDirectory = 16, kDirectoryLength = 24, kGlobalShift = 33, kWriting = 34;
constexpr uint64_t kGroups = 16, kLengthMask = 24;
constexpr uint64_t kGroupSize = 80, kSlotSize = 88, kElemOffset = 96;
constexpr uint64_t kSlots = 8;

constexpr uint64_t kLowBits = 0x0101010101010101, kHighBits = 0x8080808080808080;

// A key of 4 or 8 bytes.
template <typename T>
struct NumberKey {
  static constexpr bool kStored = false;  // an assignment leaves the key as it is
  T value;
  uint64_t Hash(uint64_t seed) const {
    uint8_t bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    return HashBytes(bytes, sizeof(T), seed);
  }
  bool Is(const AddressSpace& space, Address slot) const { return space.Load<T>(slot) == value; }
};

struct StringKey {
  static constexpr bool kStored = true;  // the new string's bytes replace the old one's
  std::string_view text;
  uint64_t Hash(uint64_t seed) const {
    return HashBytes(reinterpret_cast<const uint8_t*>(text.data()), text.size(), seed);
  }
  bool Is(const AddressSpace& space, Address slot) const {
    return space.Load<uint64_t>(slot + 8) == text.size() &&
           std::memcmp(space.Host(space.LoadPointer(slot)), text.data(), text.size()) == 0;
  }
};

enum class Found : uint8_t { kYes, kNo, kAskGo };

// The slot of a key. kAskGo: the map is not in a state to be looked at.
template <typename Key>
Found FindSlot(const AddressSpace& space, Address type, Address map, const Key& key, Address* slot) {
  if (map == 0 || !space.CanLoad(map) || space.Load<uint8_t>(map + kWriting) != 0) return Found::kAskGo;
  if (space.Load<uint64_t>(map) == 0) return Found::kNo;
  const uint64_t hash = key.Hash(space.Load<uint64_t>(map + kSeed));
  const uint64_t slot_size = space.Load<uint64_t>(type + kSlotSize);
  Address groups = space.LoadPointer(map + kDirectory);
  const uint64_t directory = space.Load<uint64_t>(map + kDirectoryLength);
  uint64_t group_size = 0, mask = 0;
  if (directory != 0) {
    const uint64_t index = directory == 1 ? 0 : hash >> (space.Load<uint8_t>(map + kGlobalShift) & 63);
    const Address table = space.LoadPointer(groups + 8 * index);
    groups = space.LoadPointer(table + kGroups);
    mask = space.Load<uint64_t>(table + kLengthMask);
    group_size = space.Load<uint64_t>(type + kGroupSize);
  }
  uint64_t at = hash >> 7 & mask;
  for (uint64_t step = 1;; step++) {
    const Address group = groups + at * group_size;
    const uint64_t controls = space.Load<uint64_t>(group);
    const uint64_t other = controls ^ (kLowBits * (hash & 0x7f));
    for (uint64_t match = (other - kLowBits) & ~other & kHighBits; match != 0; match &= match - 1) {
      *slot = group + 8 + static_cast<uint64_t>(std::countr_zero(match) / 8) * slot_size;
      if (key.Is(space, *slot)) return Found::kYes;
    }
    // An empty slot ends the search, as does the only group of a small map.
    if (directory == 0 || (controls & ~(controls << 6) & kHighBits) != 0) return Found::kNo;
    at = (at + step) & mask;
  }
}

NativeStatus AskGo(Machine& m, std::string_view name) {
  return m.TailCall(m.code().Find(name));
}

template <typename Key>
Key KeyAt(Machine& m, const uint64_t* w) {
  if constexpr (Key::kStored) {
    return {Text(m, w)};
  } else {
    return {static_cast<decltype(Key::value)>(w[0])};
  }
}

// mapaccess1_fast*(type, map, key) and, `kTwo`, mapaccess2_fast*.
template <typename Key, bool kTwo>
NativeStatus Access(Machine& m, uint64_t* w, std::string_view name) {
  Address slot = 0;
  Found found = FindSlot(Space(m), w[0], w[1], KeyAt<Key>(m, w + 2), &slot);
  if (found != Found::kYes) return AskGo(m, name);
  w[0] = slot + Space(m).Load<uint64_t>(w[0] + kElemOffset);
  if (kTwo) w[1] = 1;
  return kContinue;
}

// mapassign_fast*(type, map, key) of a key that is there.
template <typename Key>
NativeStatus Assign(Machine& m, uint64_t* w, std::string_view name) {
  Address slot = 0;
  Found found = FindSlot(Space(m), w[0], w[1], KeyAt<Key>(m, w + 2), &slot);
  // A full small map becomes a table even then.
  const bool full = found == Found::kYes && Space(m).Load<uint64_t>(w[1] + kDirectoryLength) == 0 &&
                    Space(m).Load<uint64_t>(w[1]) == kSlots;
  if (found != Found::kYes || full) return AskGo(m, name);
  if constexpr (Key::kStored) StorePointer(m, slot, w[2]);
  w[0] = slot + Space(m).Load<uint64_t>(w[0] + kElemOffset);
  return kContinue;
}

#define SHORT_CUT(name, arguments, results, function) \
  {"runtime." #name, arguments, results,              \
   [](Machine& m, uint64_t* w) { return function(m, w, "runtime." #name); }, true},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_map.def"
};

}  // namespace

std::span<const vm::Native> MapNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
