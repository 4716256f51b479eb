#include "engine/stdlib/mapping_calls.h"

#include <algorithm>
#include <string>

namespace escapement::stdlib {

namespace {

using memory::kMappedPage;
using memory::Mapping;
using memory::Mappings;
using vm::FileKind;
using vm::OpenFile;

constexpr uint64_t kNoMemory = 12, kNoDevice = 19;
// mmap's flags; MAP_FIXED and MAP_FIXED_NOREPLACE ask for a place of the program's choice.
constexpr uint64_t kShared = 1, kPrivate = 2, kValidate = 3, kSharing = 3, kFixed = 0x10, kAnonymous = 0x20,
                   kFixedNoReplace = 0x100000;
constexpr uint64_t kProtections = 7;
constexpr uint64_t kMayMove = 1;
constexpr uint64_t kDontNeed = 4;

uint64_t RoundUp(uint64_t size) {
  return (size + kMappedPage - 1) & ~(kMappedPage - 1);
}

const Mappings& Mapped(Machine& m) {
  return Space(m).mappings;
}
const std::string& FileBytes(Machine& m, uint32_t node) {
  return m.state().files.Bytes(m.host().files, node);
}

// Brings what the file has from `offset` on into a mapping's pages; behind the file's end they are zeros.
// Model: Linux sends SIGBUS for whole pages behind the end.
void Fill(Machine& m, const Mapping& mapping, uint64_t offset, uint64_t size) {
  const uint64_t begin = std::max(offset, mapping.offset);
  const uint64_t end = std::min(offset + size, mapping.offset + mapping.size());
  if (begin >= end) return;
  const std::string& bytes = FileBytes(m, mapping.file);
  const uint64_t from = std::min<uint64_t>(begin, bytes.size());
  const uint64_t count = std::min<uint64_t>(end, bytes.size()) - from;
  const Address to = mapping.start + (begin - mapping.offset);
  Space(m).Write(to, bytes.data() + from, count);
  Space(m).Zero(to + count, end - begin - count);
}
void FillAll(Machine& m, Address start) {
  const Mapping& mapping = *Mapped(m).Find(start);
  if (mapping.file != 0) Fill(m, mapping, mapping.offset, mapping.size());
}

// mmap(addr, length, prot, flags, fd, offset)
Outcome Map(Machine& m, const uint64_t* a) {
  const uint64_t length = a[1], flags = a[3], offset = a[5];
  if (length == 0 || offset % kMappedPage != 0 || (flags & kSharing) == 0) return Error(vm::kInvalid);
  if ((flags & (kFixed | kFixedNoReplace)) != 0) return Error(kNoMemory);
  if (length > m.world().options.region_limit) return Error(kNoMemory);
  Mapping mapping;
  mapping.access.assign(RoundUp(length) / kMappedPage, static_cast<uint8_t>(a[2] & kProtections));
  mapping.shared = (flags & kSharing) == kShared || (flags & kSharing) == kValidate;
  if ((flags & kAnonymous) == 0) {
    const OpenFile* file = m.state().files.Descriptor(static_cast<uint32_t>(a[4]));
    if (file == nullptr) return Error(vm::kBadDescriptor);
    if (m.state().files.node(file->node).kind != FileKind::kFile) return Error(kNoDevice);
    if (!file->read || (mapping.shared && (a[2] & memory::kWriteAccess) != 0 && !file->write))
      return Error(vm::kNoAccess);
    mapping.file = file->node;
    mapping.offset = offset;
    PagesToFile(m, file->node);
  }
  const Address start = memory::MapPages(m.world(), std::move(mapping));
  if (start == 0) return Error(kNoMemory);
  FillAll(m, start);
  return {start, 0};
}

// The mapping that [address, address + length) is a part of; length is rounded up to pages.
const Mapping* MappingAround(Machine& m, Address address, uint64_t* length) {
  *length = RoundUp(*length);
  const Mapping* mapping = Mapped(m).Find(address);
  if (mapping == nullptr || *length > mapping->start + mapping->size() - address) return nullptr;
  return mapping;
}

Outcome Unmap(Machine& m, Address address, uint64_t length) {
  if (address % kMappedPage != 0 || length == 0) return Error(vm::kInvalid);
  const Mapping* mapping = MappingAround(m, address, &length);
  if (mapping == nullptr) return {0, 0};
  if (mapping->file != 0) PagesToFile(m, mapping->file);
  memory::UnmapPages(m.world(), address, length);
  return {0, 0};
}

Outcome Protect(Machine& m, Address address, uint64_t length, uint64_t protections) {
  if (address % kMappedPage != 0) return Error(vm::kInvalid);
  if (length == 0) return {0, 0};
  const Mapping* mapping = MappingAround(m, address, &length);
  if (mapping == nullptr) return Error(kNoMemory);
  if (mapping->file != 0) PagesToFile(m, mapping->file);
  Space(m).mappings.Set(address, length, static_cast<uint8_t>(protections & kProtections));
  return {0, 0};
}

// mremap(old address, old size, new size, flags)
Outcome Remap(Machine& m, const uint64_t* a) {
  uint64_t length = a[1];
  const uint64_t wanted = RoundUp(a[2]);
  if (a[0] % kMappedPage != 0 || wanted == 0 || (a[3] & ~kMayMove) != 0) return Error(vm::kInvalid);
  const Mapping* old = MappingAround(m, a[0], &length);
  if (old == nullptr || old->start != a[0] || old->size() != length) return Error(kEfault);
  if (wanted <= length) {
    if (wanted < length) memory::UnmapPages(m.world(), a[0] + wanted, length - wanted);
    return {a[0], 0};
  }
  if ((a[3] & kMayMove) == 0 || wanted > m.world().options.region_limit) return Error(kNoMemory);
  if (old->file != 0) PagesToFile(m, old->file);
  Mapping mapping = *old;
  mapping.access.resize(wanted / kMappedPage, mapping.access.back());
  const Address start = memory::MapPages(m.world(), std::move(mapping));
  if (start == 0) return Error(kNoMemory);
  FillAll(m, start);
  Space(m).Move(start, a[0], length);
  memory::UnmapPages(m.world(), a[0], length);
  return {start, 0};
}

// madvise: what need not be kept is zeros again, or the file's.
Outcome Advise(Machine& m, Address address, uint64_t length, uint64_t advice) {
  if (address % kMappedPage != 0) return Error(vm::kInvalid);
  const Mapping* mapping = MappingAround(m, address, &length);
  if (mapping == nullptr) return Error(kNoMemory);
  if (advice != kDontNeed || mapping->shared) return {0, 0};
  Space(m).Zero(address, length);
  if (mapping->file != 0) Fill(m, *mapping, mapping->offset + (address - mapping->start), length);
  return {0, 0};
}

}  // namespace

void PagesToFile(Machine& m, uint32_t node) {
  for (const Mapping& mapping : Mapped(m).all()) {
    if (mapping.file != node || !mapping.shared) continue;
    const uint64_t size = FileBytes(m, node).size();
    for (uint64_t page = 0; page < mapping.access.size(); ++page) {
      const uint64_t at = mapping.offset + page * kMappedPage;
      if ((mapping.access[page] & memory::kWriteAccess) == 0 || at >= size) continue;
      const uint64_t count = std::min(kMappedPage, size - at);
      const std::string_view text = m.StringAt(mapping.start + page * kMappedPage, count);
      if (FileBytes(m, node).compare(at, count, text) != 0)
        m.state().files.Writable(m.host().files, node).replace(at, count, text);
    }
  }
}

void FileToPages(Machine& m, uint32_t node, uint64_t offset, uint64_t size) {
  for (const Mapping& mapping : Mapped(m).all())
    if (mapping.file == node && mapping.shared) Fill(m, mapping, offset, size);
}

Outcome MappingCall(Machine& m, uint64_t number, const uint64_t* a) {
  switch (number) {
    case kMmap:
      return Map(m, a);
    case kMunmap:
      return Unmap(m, a[0], a[1]);
    case kMprotect:
      return Protect(m, a[0], a[1], a[2]);
    case kMremap:
      return Remap(m, a);
    case kMadvise:
      return Advise(m, a[0], a[1], a[2]);
    case kMsync:
      if (const Mapping* mapping = Mapped(m).Find(a[0]); mapping == nullptr) return Error(kNoMemory);
      return {0, 0};
    default:  // the mlock family: everything stays in memory
      return {0, 0};
  }
}

}  // namespace escapement::stdlib
