// Growth of the module's memory. Each growth costs the JavaScript engine a new buffer and, soon, a collection
// of its own garbage; the C library's allocator asks for 64 KiB at a time.
#include <cstddef>

extern "C" {

void emscripten_notify_memory_growth(size_t memory);

// In place of the C library's function (wasm.cmake tells the linker): its heap is to end at `size`. This
// grows by a quarter, or by what is needed where that is more, or where the host gives no more.
int __wrap_emscripten_resize_heap(size_t size) {
  constexpr size_t kPage = 65536, kMostExtra = size_t{64} << 20;
  const size_t old_size = __builtin_wasm_memory_size(0) * kPage;
  const size_t needed = (size - old_size + kPage - 1) / kPage;
  size_t generous = old_size / 4;
  if (generous > kMostExtra) generous = kMostExtra;
  generous /= kPage;
  const bool grown =
      (generous > needed && __builtin_wasm_memory_grow(0, generous) != static_cast<size_t>(-1)) ||
      __builtin_wasm_memory_grow(0, needed) != static_cast<size_t>(-1);
  if (grown) emscripten_notify_memory_growth(0);
  return grown;
}
}
