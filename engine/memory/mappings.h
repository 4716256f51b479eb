// Mappings: memory that the program asks the operating system for (mmap). Pages of 4 KiB, each with what
// may be done to it; the memory behind them is the heap's, pages that no span has, under an upper half of
// their own: the collector takes such an address for no heap address.
//
// Ordinary loads and stores know nothing of protections. While some mapped page may not be stored to, the
// interpreter's quick loop leaves stores to the careful one; while some may not be read, it does not run.
#pragma once

#include <cstdint>
#include <vector>

namespace escapement::memory {

using Address = uint64_t;
struct World;

// The upper half of every mapped address: where Linux puts a process's mappings.
constexpr uint64_t kMappedHigh = 0x7f4c;
constexpr uint64_t kMappedPage = 4096;

// What may be done to a mapped page: Linux's PROT_ bits.
enum Access : uint8_t { kReadAccess = 1, kWriteAccess = 2, kCodeAccess = 4, kNotMapped = 8 };

// What the interpreter has to watch.
enum class Guard : uint8_t { kNothing, kStores, kEverything };

// What one call of mmap made.
struct Mapping {
  Address start = 0;
  std::vector<uint8_t> access;  // by page
  uint32_t file = 0;            // whose bytes it shows; 0: none
  uint64_t offset = 0;          // of the first of them
  bool shared = false;          // stores reach the file, and the file's changes the pages

  uint64_t size() const { return access.size() * kMappedPage; }
  bool Contains(Address address) const { return address - start < size(); }
  bool operator==(const Mapping&) const = default;
};

class Mappings {
 public:
  Guard guard() const { return guard_; }
  const std::vector<Mapping>& all() const { return all_; }
  // The mapping around an address; null: none.
  const Mapping* Find(Address address) const;
  // The first of some bytes that may not be read (written), or `address + size`.
  Address FirstDenied(Address address, uint64_t size, bool write) const;

  void Add(Mapping mapping);
  // Changes the pages of [start, start + size), all of them of one mapping.
  void Set(Address start, uint64_t size, uint8_t access);
  // Takes the mapping that begins at `start` away.
  void Drop(Address start);

  bool operator==(const Mappings&) const = default;

 private:
  void SetGuard();

  std::vector<Mapping> all_;
  Guard guard_ = Guard::kNothing;
};

// Maps zeroed pages for `mapping`, whose start is not known yet, and returns where; 0: no room.
Address MapPages(World& world, Mapping mapping);
// Gives the pages of [start, start + size) back. Model: they go to the heap when none of their mapping is
// left.
void UnmapPages(World& world, Address start, uint64_t size);

}  // namespace escapement::memory
