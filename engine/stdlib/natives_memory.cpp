// Allocation and bulk moves: mallocgc's callers in runtime/{malloc,slice,mbarrier}.go.
#include <algorithm>

#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

constexpr uint64_t kMaxAlloc = uint64_t{1} << 48;

bool HasPointers(Machine& m, Address type) {
  return memory::TypePtrBytes(Space(m), type) != 0;
}

// Allocates `count` elements; 0 means the native must leave with kExit.
Address AllocateArray(Machine& m, Address type, uint64_t count) {
  return m.Allocate(memory::TypeSize(Space(m), type) * count, type);
}

NativeStatus NewObject(Machine& m, uint64_t* w) {
  Address object = AllocateArray(m, w[0], 1);
  if (object == 0) return NativeStatus::kExit;
  w[0] = object;
  return kContinue;
}

NativeStatus MallocGc(Machine& m, uint64_t* w) {
  Address object = m.Allocate(w[0], w[1], w[2] != 0);
  if (object == 0) return NativeStatus::kExit;
  w[0] = object;
  return kContinue;
}

// newarray(typ, n), with mallocgc's panics.
NativeStatus NewArray(Machine& m, uint64_t* w) {
  uint64_t size = memory::TypeSize(Space(m), w[0]);
  if (static_cast<int64_t>(w[1]) < 0 || (size != 0 && w[1] > kMaxAlloc / size))
    return m.PanicPlain(w, "runtime: allocation size out of range");
  Address object = AllocateArray(m, w[0], w[1]);
  if (object == 0) return NativeStatus::kExit;
  w[0] = object;
  return kContinue;
}

NativeStatus MakeSlice(Machine& m, uint64_t* w) {
  uint64_t size = memory::TypeSize(Space(m), w[0]);
  auto too_large = [size](uint64_t count) {
    return static_cast<int64_t>(count) < 0 || (size != 0 && count > kMaxAlloc / size);
  };
  if (too_large(w[2]) || w[1] > w[2])
    return m.Call(too_large(w[1]) ? RuntimeFunction::k_panicmakeslicelen
                                  : RuntimeFunction::k_panicmakeslicecap);
  Address object = m.Allocate(size * w[2], w[0]);
  if (object == 0) return NativeStatus::kExit;
  w[0] = object;
  return kContinue;
}

// makeslicecopy(et, tolen, fromlen, from)
NativeStatus MakeSliceCopy(Machine& m, uint64_t* w) {
  Address type = w[0];
  uint64_t size = memory::TypeSize(Space(m), type);
  if (static_cast<int64_t>(w[1]) < 0 || (size != 0 && w[1] > kMaxAlloc / size))
    return m.Call(RuntimeFunction::k_panicmakeslicelen);
  uint64_t bytes = size * w[1];
  uint64_t copied = size * std::min(w[1], w[2]);
  bool pointers = HasPointers(m, type);
  CHECK_RANGE(m, w, w[3], copied, false);
  Address object = m.Allocate(bytes, pointers ? type : 0, pointers);
  if (object == 0) return NativeStatus::kExit;
  if (!pointers) Space(m).Zero(object + copied, bytes - copied);
  if (copied != 0) MoveTyped(m, type, object, w[3], copied);
  w[0] = object;
  return kContinue;
}

uint64_t NextSliceCap(uint64_t new_length, uint64_t old_capacity) {
  uint64_t doubled = old_capacity + old_capacity;
  if (new_length > doubled) return new_length;
  constexpr uint64_t kThreshold = 256;
  if (old_capacity < kThreshold) return doubled;
  uint64_t capacity = old_capacity;
  do {
    capacity += (capacity + 3 * kThreshold) >> 2;
  } while (capacity < new_length);
  return static_cast<int64_t>(capacity) <= 0 ? new_length : capacity;
}

// growslice(oldPtr, newLen, oldCap, num, et)
NativeStatus GrowSlice(Machine& m, uint64_t* w) {
  Address old = w[0], type = w[4];
  uint64_t new_length = w[1], old_capacity = w[2];
  uint64_t old_length = new_length - w[3];
  if (static_cast<int64_t>(new_length) < 0) return m.PanicError(w, "growslice: len out of range");
  uint64_t size = memory::TypeSize(Space(m), type);
  if (size == 0) {
    w[0] = m.world().statics.zerobase;
    w[1] = w[2] = new_length;
    return kContinue;
  }
  bool pointers = HasPointers(m, type);
  uint64_t capacity = NextSliceCap(new_length, old_capacity);
  if (capacity > kMaxAlloc / size) return m.PanicError(w, "growslice: len out of range");
  uint64_t bytes = memory::RoundUpSize(capacity * size, !pointers);
  capacity = bytes / size;
  bytes = capacity * size;
  if (bytes > kMaxAlloc) return m.PanicError(w, "growslice: len out of range");
  Address object = m.Allocate(bytes, type, pointers);
  if (object == 0) return NativeStatus::kExit;
  uint64_t copied = old_length * size;
  if (!pointers) Space(m).Zero(object + new_length * size, bytes - new_length * size);
  if (copied != 0) MoveTyped(m, type, object, old, copied);
  if (m.world().log != nullptr)
    m.world().Emit(trace::Kind::SliceGrow, 0, static_cast<uint16_t>(std::min<uint64_t>(size, 65535)),
                   static_cast<uint32_t>(old_capacity), static_cast<uint32_t>(capacity),
                   m.OriginHere(type).index, m.world().log->stack.index);
  w[0] = object;
  w[1] = new_length;
  w[2] = capacity;
  return kContinue;
}

// growsliceBuf(oldPtr, newLen, oldCap, num, et, bufPtr, bufLen)
NativeStatus GrowSliceBuf(Machine& m, uint64_t* w) {
  uint64_t new_length = w[1], buffer = w[5];
  if (static_cast<int64_t>(new_length) > static_cast<int64_t>(w[6])) return GrowSlice(m, w);
  uint64_t old_length = new_length - w[3];
  uint64_t size = memory::TypeSize(Space(m), w[4]);
  if (w[0] != buffer && old_length != 0) Space(m).Move(buffer, w[0], old_length * size);
  uint64_t capacity = memory::RoundUpSize(new_length * size, !HasPointers(m, w[4])) / size;
  if (new_length < capacity) Space(m).Zero(buffer + new_length * size, (capacity - new_length) * size);
  w[0] = buffer;
  w[1] = new_length;
  w[2] = capacity;
  return kContinue;
}

// The move2heap family: (type or element size, old, len[, cap]) -> (ptr, len, cap).
NativeStatus MoveSliceTo(Machine& m, uint64_t* w, Address type, uint64_t size, uint64_t capacity,
                         bool exact) {
  Address old = w[1];
  uint64_t length = w[2];
  if (capacity == 0) {
    w[0] = old != 0 ? m.world().statics.zerobase : 0;
    w[1] = w[2] = 0;
    return kContinue;
  }
  uint64_t used = capacity * size;
  uint64_t bytes = exact ? used : memory::RoundUpSize(used, type == 0);
  capacity = bytes / size;
  if (type != 0) bytes = capacity * size;
  Address object = m.Allocate(bytes, type, type != 0);
  if (object == 0) return NativeStatus::kExit;
  if (type == 0) Space(m).Zero(object + used, bytes - used);
  if (type != 0) {
    MoveTyped(m, type, object, old, used);
  } else {
    Space(m).Move(object, old, used);
  }
  w[0] = object;
  w[1] = length;
  w[2] = capacity;
  return kContinue;
}
NativeStatus MoveSlice(Machine& m, uint64_t* w) {
  return MoveSliceTo(m, w, w[0], memory::TypeSize(Space(m), w[0]), w[3], true);
}
NativeStatus MoveSliceNoScan(Machine& m, uint64_t* w) {
  return MoveSliceTo(m, w, 0, w[0], w[3], true);
}
NativeStatus MoveSliceNoCap(Machine& m, uint64_t* w) {
  return MoveSliceTo(m, w, w[0], memory::TypeSize(Space(m), w[0]), w[2], false);
}
NativeStatus MoveSliceNoCapNoScan(Machine& m, uint64_t* w) {
  return MoveSliceTo(m, w, 0, w[0], w[2], false);
}

// slicecopy(to, toLen, from, fromLen, width)
NativeStatus SliceCopy(Machine& m, uint64_t* w) {
  uint64_t count = std::min(w[1], w[3]);
  CHECK_RANGE(m, w, w[0], count * w[4], true);
  CHECK_RANGE(m, w, w[2], count * w[4], false);
  if (count != 0 && w[4] != 0) Space(m).Move(w[0], w[2], count * w[4]);
  w[0] = count;
  return kContinue;
}
// typedslicecopy(type, to, toLen, from, fromLen)
NativeStatus TypedSliceCopy(Machine& m, uint64_t* w) {
  uint64_t count = std::min(w[2], w[4]), size = count * memory::TypeSize(Space(m), w[0]);
  CHECK_RANGE(m, w, w[1], size, true);
  CHECK_RANGE(m, w, w[3], size, false);
  if (count != 0) MoveTyped(m, w[0], w[1], w[3], size);
  w[0] = count;
  return kContinue;
}
// reflect.typedslicecopy(type, dst, src unsafeheader.Slice)
NativeStatus ReflectTypedSliceCopy(Machine& m, uint64_t* w) {
  uint64_t count = std::min(w[2], w[5]);
  if (count != 0) MoveTyped(m, w[0], w[1], w[4], count * memory::TypeSize(Space(m), w[0]));
  w[0] = count;
  return kContinue;
}
NativeStatus MemMove(Machine& m, uint64_t* w) {
  if (w[2] == 0) return kContinue;
  CHECK_WRITABLE(m, w, w[0]);
  CHECK_READABLE(m, w, w[1]);
  CHECK_RANGE(m, w, w[0], w[2], true);
  CHECK_RANGE(m, w, w[1], w[2], false);
  Space(m).Move(w[0], w[1], w[2]);
  return kContinue;
}
NativeStatus TypedMemMove(Machine& m, uint64_t* w) {
  if (memory::TypeSize(Space(m), w[0]) == 0) return kContinue;
  CHECK_WRITABLE(m, w, w[1]);
  CHECK_READABLE(m, w, w[2]);
  MoveTyped(m, w[0], w[1], w[2], memory::TypeSize(Space(m), w[0]));
  return kContinue;
}
NativeStatus MemClear(Machine& m, uint64_t* w) {
  if (w[1] == 0) return kContinue;
  CHECK_WRITABLE(m, w, w[0]);
  CHECK_RANGE(m, w, w[0], w[1], true);
  Space(m).Zero(w[0], w[1]);
  return kContinue;
}
// memclrHasPointers: which words hold pointers is not said, so the barrier sees each word that points into
// the heap.
NativeStatus MemClearHasPointers(Machine& m, uint64_t* w) {
  if (w[1] == 0) return kContinue;
  CHECK_WRITABLE(m, w, w[0]);
  if (m.world().gc.barrier)
    for (uint64_t at = 0; at + 8 <= w[1]; at += 8)
      if (memory::FindObject(m.world(), Space(m).LoadPointer(w[0] + at)))
        memory::WriteBarrier(m.world(), w[0] + at, 0);
  Space(m).Zero(w[0], w[1]);
  return kContinue;
}
NativeStatus TypedMemClear(Machine& m, uint64_t* w) {
  uint64_t size = memory::TypeSize(Space(m), w[0]);
  if (size == 0) return kContinue;
  if (m.world().gc.barrier && HasPointers(m, w[0])) memory::BulkWriteBarrier(m.world(), w[1], 0, size, w[0]);
  Space(m).Zero(w[1], size);
  return kContinue;
}
// reflect.typedmemclrpartial(t, ptr, off, size): ptr points at off inside a value of t.
NativeStatus TypedMemClearPartial(Machine& m, uint64_t* w) {
  if (m.world().gc.barrier && HasPointers(m, w[0]))
    memory::BulkWriteBarrier(m.world(), w[1] - w[2], 0, memory::TypeSize(Space(m), w[0]), w[0]);
  Space(m).Zero(w[1], w[3]);
  return kContinue;
}
NativeStatus TypedArrayClear(Machine& m, uint64_t* w) {
  uint64_t size = memory::TypeSize(Space(m), w[0]) * w[2];
  if (size == 0) return kContinue;
  if (m.world().gc.barrier && HasPointers(m, w[0])) memory::BulkWriteBarrier(m.world(), w[1], 0, size, w[0]);
  Space(m).Zero(w[1], size);
  return kContinue;
}
// reflect.growslice(t, old slice, num): like append's, but the length stays.
NativeStatus ReflectGrowSlice(Machine& m, uint64_t* w) {
  uint64_t type = w[0], old = w[1], length = w[2], capacity = w[3], extra = w[4];
  extra -= capacity - length;
  uint64_t arguments[5] = {old, capacity + extra, capacity, extra, type};
  std::copy(arguments, arguments + 5, w);
  NativeStatus status = GrowSlice(m, w);
  if (status != kContinue) return status;
  // growslice leaves what its caller is about to write; here nobody does.
  if (!HasPointers(m, type)) {
    uint64_t size = memory::TypeSize(Space(m), type);
    Space(m).Zero(w[0] + capacity * size, extra * size);
  }
  w[1] = length;
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_memory.def"
};

}  // namespace

std::span<const vm::Native> MemoryNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
