// List: a growable array whose storage lies in an arena, so that the objects which
// hold one stay trivially destructible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <type_traits>

#include "engine/base/arena.h"

namespace escapement::types {

// A growable arena array of trivially copyable items. Copying a List shares the
// storage: the copy must not be appended to while the original is.
template <typename T>
struct List {
  T* data = nullptr;
  uint32_t count = 0;
  uint32_t capacity = 0;

  size_t size() const { return count; }
  bool empty() const { return count == 0; }
  T* begin() const { return data; }
  T* end() const { return data + count; }
  T& operator[](size_t i) const { return data[i]; }
  T& back() const { return data[count - 1]; }
  operator std::span<T>() const { return {data, count}; }
  // libc++ 14 makes no span<const T> of a container that is not its own.
  operator std::span<const T>() const requires(!std::is_const_v<T>) { return {data, count}; }
  std::span<T> span() const { return {data, count}; }

  // Appends `item`; old storage is left to the arena.
  void Push(base::Arena& arena, T item) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (count == capacity) {
      uint32_t next = capacity == 0 ? 4 : capacity * 2;
      T* grown = static_cast<T*>(arena.Allocate(sizeof(T) * next, alignof(T)));
      if (count > 0) std::memcpy(static_cast<void*>(grown), data, sizeof(T) * count);
      data = grown;
      capacity = next;
    }
    data[count++] = item;
  }

  // Makes a list of the given items.
  static List Of(base::Arena& arena, std::span<const T> items) {
    List list;
    std::span<T> copy = arena.Copy(items);
    list.data = copy.data();
    list.count = list.capacity = static_cast<uint32_t>(copy.size());
    return list;
  }
};

}  // namespace escapement::types
