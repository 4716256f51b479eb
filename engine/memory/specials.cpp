#include "engine/memory/specials.h"

#include <cstddef>

#include "engine/memory/sweep.h"
#include "engine/memory/world.h"

namespace escapement::memory {

namespace {

// Adds a special in order of offset and kind; later ones of a kind after earlier ones.
void Insert(World& world, uint32_t span_id, const Special& special) {
  Specials& specials = world.specials;
  uint32_t id;
  if (specials.free.empty()) {
    id = static_cast<uint32_t>(specials.all.size());
    specials.all.push_back(special);
  } else {
    id = specials.free.back();
    specials.free.pop_back();
    specials.all[id] = special;
  }
  uint32_t* link = &world.spans[span_id].specials;
  while (*link != ~0u) {
    const Special& at = specials.all[*link];
    if (at.object > special.object || (at.object == special.object && at.kind > special.kind)) break;
    link = &specials.all[*link].next;
  }
  specials.all[id].next = *link;
  *link = id;
}

void Unlink(Specials& specials, uint32_t* link) {
  uint32_t id = *link;
  *link = specials.all[id].next;
  specials.all[id] = Special();
  specials.free.push_back(id);
}

// The link that leads to the first special of the object that `test` accepts; null if there is none.
template <typename Test>
uint32_t* Find(World& world, const ObjectRef& object, Test test) {
  for (uint32_t* link = &world.spans[object.span].specials; *link != ~0u;
       link = &world.specials.all[*link].next) {
    const Special& special = world.specials.all[*link];
    if (special.object == object.base && test(special)) return link;
  }
  return nullptr;
}

// The object around a pointer, in a span that has been swept.
ObjectRef SweptObject(World& world, Address pointer) {
  ObjectRef object = FindObject(world, pointer);
  if (!object) return {};
  EnsureSwept(world, object.span);
  return FindObject(world, pointer);
}

}  // namespace

void TriggerSpecials(World& world, Span& span, Address object, bool kept) {
  Specials& specials = world.specials;
  for (uint32_t* link = &span.specials; *link != ~0u;) {
    const Special special = specials.all[*link];
    if (special.object != object || (kept && special.kind == SpecialKind::kCleanup)) {
      link = &specials.all[*link].next;
      continue;
    }
    if (special.kind == SpecialKind::kWeakHandle) {
      world.space.Store<uint64_t>(special.function, 0);
    } else if (special.kind != SpecialKind::kBubble) {
      Address pointer = special.kind == SpecialKind::kFinalizer ? special.pointer : special.cleanup;
      specials.ready.push_back({special.kind, special.function, pointer, special.argument,
                                special.argument_type, special.object_type, special.result_bytes});
      world.Emit(trace::Kind::SpecialReady, 0, static_cast<uint16_t>(special.kind),
                 static_cast<uint32_t>(special.pointer));
    }
    Unlink(specials, link);
  }
}

bool TakeReady(World& world, ReadySpecial* ready) {
  std::vector<ReadySpecial>& queue = world.specials.ready;
  if (queue.empty()) return false;
  size_t at = queue.size();
  while (at > 0 && queue[at - 1].kind != SpecialKind::kFinalizer) --at;
  if (at > 0) --at;
  *ready = queue[at];
  queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

Address ObjectStart(const World& world, Address pointer) {
  ObjectRef object = FindObject(world, pointer);
  if (!object) return 0;
  const Span& span = world.spans[object.span];
  bool header = !span.noscan() && span.size_class() != 0 && span.elem_size > kMaxSizeForHeapBits;
  return object.base + (header ? kMallocHeaderSize : 0);
}

bool AddFinalizer(World& world, Address pointer, Address function, Address argument_type, Address object_type,
                  uint64_t result_bytes) {
  ObjectRef object = SweptObject(world, pointer);
  if (!object) return true;  // static data is never freed, so its finalizer never runs
  auto same = [&](const Special& s) { return s.kind == SpecialKind::kFinalizer && s.pointer == pointer; };
  if (Find(world, object, same)) return false;
  Special special;
  special.object = object.base;
  special.pointer = pointer;
  special.kind = SpecialKind::kFinalizer;
  special.function = function;
  special.argument_type = argument_type;
  special.object_type = object_type;
  special.result_bytes = result_bytes;
  Insert(world, object.span, special);
  return true;
}

void RemoveFinalizer(World& world, Address pointer) {
  ObjectRef object = SweptObject(world, pointer);
  if (!object) return;
  auto same = [&](const Special& s) { return s.kind == SpecialKind::kFinalizer && s.pointer == pointer; };
  if (uint32_t* link = Find(world, object, same)) Unlink(world.specials, link);
}

uint64_t AddCleanup(World& world, Address pointer, Address function, Address cleanup, Address argument) {
  ObjectRef object = SweptObject(world, pointer);
  if (!object) return 0;
  Special special;
  special.object = object.base;
  special.pointer = pointer;
  special.kind = SpecialKind::kCleanup;
  special.function = function;
  special.cleanup = cleanup;
  special.argument = argument;
  special.id = world.specials.next_cleanup++;
  Insert(world, object.span, special);
  return special.id;
}

void StopCleanup(World& world, Address pointer, uint64_t id) {
  ObjectRef object = SweptObject(world, pointer);
  if (!object) return;
  auto same = [&](const Special& s) { return s.kind == SpecialKind::kCleanup && s.id == id; };
  if (uint32_t* link = Find(world, object, same)) Unlink(world.specials, link);
}

Address WeakHandle(World& world, Address pointer) {
  ObjectRef object = SweptObject(world, pointer);
  if (!object) return 0;
  auto same = [&](const Special& s) { return s.kind == SpecialKind::kWeakHandle && s.pointer == pointer; };
  if (uint32_t* link = Find(world, object, same)) return world.specials.all[*link].function;
  // A block of its own: a handle that shared a tiny block would live as long as its neighbour.
  Address handle = Allocate(world, kTinySize, 0, kNeedZero, trace::OriginId());
  if (handle == 0) return 0;
  world.space.Store<uint64_t>(handle, pointer);
  Special special;
  special.object = object.base;
  special.pointer = pointer;
  special.kind = SpecialKind::kWeakHandle;
  special.function = handle;
  Insert(world, object.span, special);
  return handle;
}

Address StrongFromWeak(World& world, Address handle) {
  if (handle == 0) return 0;
  Address pointer = world.space.LoadPointer(handle);
  if (pointer == 0) return 0;
  // Until its span is swept, a dead object's handle still names it.
  uint32_t span = SpanOf(world, pointer);
  if (span != kNoSpan) EnsureSwept(world, span);
  pointer = world.space.LoadPointer(handle);
  if (pointer) WriteBarrier(world, handle, pointer);
  return pointer;
}

uint64_t BubbleOfObject(World& world, Address pointer) {
  ObjectRef object = SweptObject(world, pointer);
  if (!object) return 0;
  auto same = [&](const Special& s) { return s.kind == SpecialKind::kBubble && s.pointer == pointer; };
  uint32_t* link = Find(world, object, same);
  return link ? world.specials.all[*link].id : 0;
}

void SetBubbleOfObject(World& world, Address pointer, uint64_t bubble) {
  ObjectRef object = SweptObject(world, pointer);
  if (!object) return;
  auto same = [&](const Special& s) { return s.kind == SpecialKind::kBubble && s.pointer == pointer; };
  if (uint32_t* link = Find(world, object, same)) Unlink(world.specials, link);
  if (bubble == 0) return;
  Special special;
  special.object = object.base;
  special.pointer = pointer;
  special.kind = SpecialKind::kBubble;
  special.id = bubble;
  Insert(world, object.span, special);
}

}  // namespace escapement::memory
