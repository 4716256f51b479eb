#include "engine/memory/mappings.h"

#include <algorithm>

#include "engine/memory/world.h"

namespace escapement::memory {

namespace {

// Pages of the heap that a mapping takes.
uint32_t HeapPages(const Mapping& mapping) {
  return static_cast<uint32_t>((mapping.size() + kPageSize - 1) / kPageSize);
}

}  // namespace

const Mapping* Mappings::Find(Address address) const {
  for (const Mapping& mapping : all_)
    if (mapping.Contains(address)) return &mapping;
  return nullptr;
}

Address Mappings::FirstDenied(Address address, uint64_t size, bool write) const {
  const Address end = address + size;
  const uint8_t wanted = write ? kWriteAccess : kReadAccess;
  while (address < end) {
    const Mapping* mapping = Find(address);
    if (mapping == nullptr) return address;
    const uint8_t access = mapping->access[(address - mapping->start) / kMappedPage];
    // The processor knows no page that can be written and not read.
    if ((access & wanted) == 0 && !(access == kWriteAccess && !write)) return address;
    address = (address & ~(kMappedPage - 1)) + kMappedPage;
  }
  return end;
}

void Mappings::Add(Mapping mapping) {
  all_.push_back(std::move(mapping));
  SetGuard();
}

void Mappings::Set(Address start, uint64_t size, uint8_t access) {
  for (Mapping& mapping : all_) {
    if (!mapping.Contains(start)) continue;
    auto first = mapping.access.begin() + static_cast<ptrdiff_t>((start - mapping.start) / kMappedPage);
    std::fill(first, first + static_cast<ptrdiff_t>(size / kMappedPage), access);
  }
  SetGuard();
}

void Mappings::Drop(Address start) {
  std::erase_if(all_, [start](const Mapping& mapping) { return mapping.start == start; });
  SetGuard();
}

void Mappings::SetGuard() {
  guard_ = Guard::kNothing;
  for (const Mapping& mapping : all_) {
    for (uint8_t access : mapping.access) {
      Guard needed = Guard::kEverything;
      if ((access & kWriteAccess) != 0)
        needed = Guard::kNothing;
      else if ((access & kReadAccess) != 0)
        needed = Guard::kStores;
      guard_ = std::max(guard_, needed);
    }
  }
}

Address MapPages(World& world, Mapping mapping) {
  const uint32_t pages = HeapPages(mapping);
  const uint32_t first = TakePages(world, pages);
  if (first == PageAllocator::kNotFound) return 0;
  const uint64_t bytes = uint64_t{pages} * kPageSize;
  const Address place = world.space.heap_start() + uint64_t{first} * kPageSize;
  if (first < world.dirty_pages) world.space.Zero(place, bytes);
  world.dirty_pages = std::max(world.dirty_pages, first + pages);
  world.counters.heap_sys -= bytes;
  mapping.start = kMappedHigh << 32 | static_cast<uint32_t>(place);
  const Address start = mapping.start;
  world.space.mappings.Add(std::move(mapping));
  return start;
}

void UnmapPages(World& world, Address start, uint64_t size) {
  Mappings& mappings = world.space.mappings;
  mappings.Set(start, size, kNotMapped);
  const Mapping& mapping = *mappings.Find(start);
  if (std::any_of(mapping.access.begin(), mapping.access.end(), [](uint8_t a) { return a != kNotMapped; }))
    return;
  const uint32_t place = static_cast<uint32_t>(mapping.start);
  const uint32_t first = (place - static_cast<uint32_t>(world.space.heap_start())) >> kPageShift;
  world.pages.Free(first, HeapPages(mapping));
  world.counters.heap_sys += uint64_t{HeapPages(mapping)} * kPageSize;
  mappings.Drop(mapping.start);
}

}  // namespace escapement::memory
