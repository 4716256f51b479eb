// internal/runtime/atomic and sync/atomic. One goroutine runs at a time, so plain accesses are atomic.
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

template <typename T>
uint64_t Extend(T value) {
  return static_cast<uint64_t>(static_cast<int64_t>(value));
}
template <>
uint64_t Extend(uint64_t value) {
  return value;
}

template <typename T>
NativeStatus Load(Machine& m, uint64_t* w) {
  CHECK_READABLE(m, w, w[0]);
  w[0] = Extend(Space(m).Load<T>(w[0]));
  return kContinue;
}
template <typename T>
NativeStatus Store(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  Space(m).Store<T>(w[0], static_cast<T>(w[1]));
  return kContinue;
}
// Returns the new value.
template <typename T>
NativeStatus Add(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  T value = static_cast<T>(Space(m).Load<T>(w[0]) + static_cast<T>(w[1]));
  Space(m).Store<T>(w[0], value);
  w[0] = Extend(value);
  return kContinue;
}
// Returns the old value.
template <typename T>
NativeStatus Swap(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  T old = Space(m).Load<T>(w[0]);
  Space(m).Store<T>(w[0], static_cast<T>(w[1]));
  w[0] = Extend(old);
  return kContinue;
}
template <typename T>
NativeStatus CompareAndSwap(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  bool equal = Space(m).Load<T>(w[0]) == static_cast<T>(w[1]);
  if (equal) Space(m).Store<T>(w[0], static_cast<T>(w[2]));
  w[0] = equal;
  return kContinue;
}
template <typename T>
NativeStatus And(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  T old = Space(m).Load<T>(w[0]);
  Space(m).Store<T>(w[0], static_cast<T>(old & static_cast<T>(w[1])));
  w[0] = Extend(old);
  return kContinue;
}
template <typename T>
NativeStatus Or(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  T old = Space(m).Load<T>(w[0]);
  Space(m).Store<T>(w[0], static_cast<T>(old | static_cast<T>(w[1])));
  w[0] = Extend(old);
  return kContinue;
}
NativeStatus StorePointerBarrier(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  StorePointer(m, w[0], w[1]);
  return kContinue;
}
NativeStatus SwapPointer(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  uint64_t old = Space(m).Load<uint64_t>(w[0]);
  StorePointer(m, w[0], w[1]);
  w[0] = old;
  return kContinue;
}
NativeStatus CompareAndSwapPointer(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  bool equal = Space(m).Load<uint64_t>(w[0]) == w[1];
  if (equal) StorePointer(m, w[0], w[2]);
  w[0] = equal;
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_atomic.def"
};

}  // namespace

std::span<const vm::Native> AtomicNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
