#include "engine/link/linker.h"

#include <algorithm>
#include <unordered_set>

#include "engine/base/check.h"
#include "engine/link/descriptor.h"
#include "engine/lower/layout.h"

namespace escapement::link {

namespace {

using lower::DataSymbol;
using lower::Reloc;
using lower::Section;

constexpr uint64_t kMaxFunctions = 1 << 16;
// Room behind the first contents of a segment for what is compiled while the program runs.
constexpr uint64_t kSlack[] = {3 << 20, 256 << 10, 256 << 10, 256 << 10, 256 << 10};
constexpr uint64_t kSegmentAlign = 4096;
// Larger symbols without pointers may lie outside of the static region.
constexpr uint64_t kLarge = 64 << 10;

// The order of the predeclared types' descriptors in a Go program: where they lie is the order in which fmt
// prints keys of different types.
constexpr ir::Kind kBasicOrder[] = {
    ir::Kind::kString,  ir::Kind::kInt8,    ir::Kind::kUint8,     ir::Kind::kInt16,      ir::Kind::kUint16,
    ir::Kind::kInt32,   ir::Kind::kUint32,  ir::Kind::kInt64,     ir::Kind::kUint64,     ir::Kind::kInt,
    ir::Kind::kUint,    ir::Kind::kUintptr, ir::Kind::kComplex64, ir::Kind::kComplex128, ir::Kind::kFloat32,
    ir::Kind::kFloat64, ir::Kind::kBool,    ir::Kind::kUnsafePtr};

uint64_t Align(uint64_t address, uint64_t align) {
  return (address + align - 1) / align * align;
}

}  // namespace

Linker::Linker(lower::Lowering& lowering, ir::Builder& builder, FunctionIds functions)
    : lowering_(lowering),
      data_(lowering.data()),
      builder_(builder),
      functions_(std::move(functions)),
      type_names_(lowering.types()) {
  for (Section s : {Section::kRodata, Section::kNoptrData, Section::kData, Section::kBss, Section::kNoptrBss})
    areas_.push_back({s});
  types_by_offset_.push_back(nullptr);
}

void Linker::SetInitTasks(const std::vector<base::Name>& functions) {
  base::Name array = data_.Fresh("runtime..inittasks.");
  DataSymbol* tasks = data_.Define(array, Section::kNoptrData, functions.size() * 8, 8);
  for (size_t i = 0; i < functions.size(); ++i) tasks->PutAddress(i * 8, data_.FuncValue(functions[i]));
  base::Name name = data_.Intern("runtime.initTasks");
  DataSymbol* slice = data_.Find(name);
  if (slice == nullptr) slice = data_.Define(name, Section::kData, 24, 8);
  slice->section = Section::kData;
  slice->PutAddress(0, array);
  slice->Put(8, functions.size(), 8);
  slice->Put(16, functions.size(), 8);
}

// What package runtime declares in Go's own sources and compiled code refers to by name.
void Linker::DefineRuntimeSymbols() {
  auto define = [&](std::string_view name, Section section, uint64_t size) -> DataSymbol* {
    base::Name symbol = data_.Intern(name);
    return data_.Find(symbol) != nullptr ? nullptr : data_.Define(symbol, section, size, 8);
  };
  define("runtime.zerobase", Section::kNoptrBss, 8);
  define("runtime.zeroVal", Section::kNoptrBss, 1024);
  if (DataSymbol* bytes = define("runtime.staticuint64s", Section::kRodata, 256 * 8)) {
    for (uint64_t i = 0; i < 256; ++i) bytes->Put(i * 8, i, 8);
  } else {
    data_.Find(data_.Intern("runtime.staticuint64s"))->section = Section::kRodata;
  }
}

// Writes the descriptors and itabs that were asked for; they may ask for more.
void Linker::Describe() {
  auto type_offset = [this](ir::Type* type) { return TypeOffset(type); };
  DescriptorWriter writer{lowering_, builder_, type_offset};
  while (described_types_ < data_.types().size() || described_itabs_ < data_.itabs().size()) {
    if (described_types_ < data_.types().size()) {
      writer.WriteType(data_.types()[described_types_++]);
    } else {
      writer.WriteItab(data_.itabs()[described_itabs_++]);
    }
  }
}

Linker::Area& Linker::AreaOf(Section section) {
  for (Area& area : areas_)
    if (area.section == section) return area;
  UNREACHABLE("no segment for data in text");
}

bool Linker::Place(const DataSymbol& symbol) {
  Area& area = AreaOf(symbol.section);
  uint64_t size = std::max<uint64_t>(symbol.size, symbol.bytes.size());
  uint64_t address = Align(area.next, std::max<uint32_t>(symbol.align, 1));
  if (address + size > area.end) {
    address = Align(overflow_.next, std::max<uint32_t>(symbol.align, 1));
    if (address + size > overflow_.end) return false;
    overflow_.next = address + size;
    addresses_[symbol.name] = address;
    return true;
  }
  // Variables of size zero are all where objects of size zero are.
  if (size == 0 && (symbol.section == Section::kBss || symbol.section == Section::kNoptrBss))
    address = addresses_.at(data_.Intern("runtime.zerobase"));
  area.next = std::max(area.next, address + size);
  addresses_[symbol.name] = address;
  return true;
}

// Large data that holds no pointers need not lie among what 32-bit offsets refer to.
bool Linker::PlaceOutside(const DataSymbol& symbol, const MoreRoom& more_room) {
  uint64_t size = std::max<uint64_t>(symbol.size, symbol.bytes.size());
  if (size < kLarge || symbol.section == Section::kData || symbol.section == Section::kBss) return false;
  uint64_t address = more_room(size);
  if (address != 0) addresses_[symbol.name] = address;
  return address != 0;
}

// An itab that the program has already made stays the only one for its pair of types.
bool Linker::AdoptItab(const DataSymbol& symbol) {
  const lower::ItabNeed* need = data_.FindItab(symbol.name);
  if (need == nullptr || !made_itab_) return false;
  auto interface = addresses_.find(data_.TypeDescriptor(need->interface));
  auto concrete = addresses_.find(data_.TypeDescriptor(need->concrete));
  if (interface == addresses_.end() || concrete == addresses_.end()) return false;
  uint64_t made = made_itab_(interface->second, concrete->second);
  if (made != 0) addresses_[symbol.name] = made;
  return made != 0;
}

std::vector<Segment> Linker::Start() {
  ENSURE(!started_, "an image starts once");
  started_ = true;
  DefineRuntimeSymbols();
  for (ir::Kind kind : kBasicOrder) data_.TypeDescriptor(lowering_.types().Basic(kind));
  Describe();
  const std::vector<DataSymbol*>& symbols = data_.symbols();

  // Sizes first, then addresses, then bytes, which hold addresses.
  uint64_t next = bytecode::kTextBase + kMaxFunctions * bytecode::kTextStride;
  std::vector<Segment> segments;
  segments.push_back({Section::kText, bytecode::kTextBase, next - bytecode::kTextBase, "", {}});
  for (size_t i = 0; i < areas_.size(); ++i) {
    Area& area = areas_[i];
    uint64_t bytes = 8;  // no symbol at the segment's start: a NameOff of 0 means none
    for (const DataSymbol* symbol : symbols)
      if (symbol->section == area.section)
        bytes = Align(bytes, std::max<uint32_t>(symbol->align, 1)) +
                std::max<uint64_t>(symbol->size, symbol->bytes.size());
    area.start = next;
    area.next = next + 8;
    area.end = next = Align(next + bytes + kSlack[i], kSegmentAlign);
  }
  overflow_.start = overflow_.next = next;
  ENSURE(Place(*data_.Find(data_.Intern("runtime.zerobase"))), "a segment has room for its first symbol");
  for (ir::Kind kind : kBasicOrder) {
    const DataSymbol* symbol = data_.Find(data_.TypeDescriptor(lowering_.types().Basic(kind)));
    ENSURE(Place(*symbol), "a segment has room for its first symbols");
  }
  for (const DataSymbol* symbol : symbols)
    if (!addresses_.count(symbol->name)) ENSURE(Place(*symbol), "the segment was sized for its symbols");
  placed_ = symbols.size();
  for (const lower::ItabNeed& need : data_.itabs()) new_itabs_.push_back(addresses_[need.name]);

  for (const Area& area : areas_) {
    Segment segment{area.section, area.start, area.end - area.start, "", {}};
    bool pointers = area.section == Section::kData || area.section == Section::kBss;
    if (pointers) segment.pointer_bitmap.resize((segment.size / 8 + 63) / 64);
    for (const DataSymbol* symbol : symbols) {
      if (symbol->section != area.section) continue;
      uint64_t offset = addresses_[symbol->name] - area.start;
      if (!symbol->bytes.empty()) {
        if (segment.bytes.size() < offset + symbol->bytes.size())
          segment.bytes.resize(offset + symbol->bytes.size());
        segment.bytes.replace(offset, symbol->bytes.size(), Contents(*symbol));
      }
      if (pointers && symbol->type != nullptr)
        lower::ForEachPointer(symbol->type, 0, [&](int64_t at) {
          uint64_t word = (offset + static_cast<uint64_t>(at)) / 8;
          segment.pointer_bitmap[word / 64] |= uint64_t{1} << (word % 64);
        });
    }
    segments.push_back(std::move(segment));
  }
  for (ir::Type* type : data_.types()) types_by_address_[addresses_[data_.TypeDescriptor(type)]] = type;
  return segments;
}

std::vector<Patch> Linker::Extend(bool* full, const MoreRoom& more_room) {
  *full = false;
  Describe();
  const std::vector<DataSymbol*>& symbols = data_.symbols();
  size_t first = placed_;
  std::unordered_set<base::Name> adopted;
  new_itabs_.clear();
  for (; placed_ < symbols.size(); ++placed_) {
    const DataSymbol& symbol = *symbols[placed_];
    if (AdoptItab(symbol)) {
      adopted.insert(symbol.name);
      continue;
    }
    if (Place(symbol) || PlaceOutside(symbol, more_room)) {
      if (data_.FindItab(symbol.name) != nullptr) new_itabs_.push_back(addresses_[symbol.name]);
      continue;
    }
    *full = true;
    break;
  }
  std::vector<Patch> patches;
  for (size_t i = first; i < placed_; ++i) {
    const DataSymbol& symbol = *symbols[i];
    if (adopted.count(symbol.name)) continue;
    Patch patch{addresses_[symbol.name], Contents(symbol), {}};
    if (symbol.type != nullptr && (symbol.section == Section::kData || symbol.section == Section::kBss))
      lower::ForEachPointer(symbol.type, 0, [&](int64_t at) {
        patch.pointer_words.push_back(patch.address + static_cast<uint64_t>(at));
      });
    if (!patch.bytes.empty() || !patch.pointer_words.empty()) patches.push_back(std::move(patch));
  }
  for (ir::Type* type : data_.types()) {
    auto found = addresses_.find(data_.TypeDescriptor(type));
    if (found != addresses_.end()) types_by_address_[found->second] = type;
  }
  return patches;
}

std::string Linker::Contents(const DataSymbol& symbol) {
  DataSymbol copy;
  copy.bytes = symbol.bytes;
  for (const Reloc& reloc : symbol.relocs)
    copy.Put(reloc.offset, Value(reloc), reloc.kind == Reloc::kAddress ? 8 : 4);
  return std::move(copy.bytes);
}

uint64_t Linker::Value(const Reloc& reloc) {
  // Static addresses fit in 32 bits: 4-byte offsets are addresses as well.
  return AddressOf(reloc.symbol) + static_cast<uint64_t>(reloc.addend);
}

uint64_t Linker::AddressOf(base::Name symbol) {
  auto found = addresses_.find(symbol);
  if (found != addresses_.end()) return found->second;
  ENSURE(data_.Find(symbol) == nullptr, "data is not laid out yet: " + symbol.str());
  return bytecode::TextAddress(functions_(symbol.text()));
}

void Linker::Relocate(bytecode::Chunk& chunk) {
  for (const bytecode::Reloc& reloc : chunk.relocs) {
    const std::string& name = chunk.symbols[reloc.symbol];
    bytecode::Word& word = chunk.code[reloc.word];
    if (reloc.kind == bytecode::RelocKind::kFunction) {
      word = (word & 0xffffffff) | uint64_t{functions_(name)} << 32;
    } else {
      word = AddressOf(data_.Intern(name)) + static_cast<uint64_t>(reloc.addend);
    }
  }
}

int32_t Linker::TypeOffset(ir::Type* type) {
  type = type->canon;
  auto [entry, fresh] = type_offsets_.emplace(type, static_cast<int32_t>(types_by_offset_.size()));
  if (fresh) types_by_offset_.push_back(type);
  return entry->second;
}

base::Name Linker::TypeByOffset(int32_t offset) {
  if (offset <= 0 || static_cast<size_t>(offset) >= types_by_offset_.size()) return base::Name();
  return data_.TypeDescriptor(types_by_offset_[static_cast<size_t>(offset)]);
}

std::vector<base::Name> Linker::TypesByString(std::string_view text) {
  constexpr uint64_t kRoom = 64 << 10;  // kept for the code that is still to come
  const Area& area = AreaOf(Section::kRodata);
  for (; named_types_ < data_.types().size(); ++named_types_) type_names_.Add(data_.types()[named_types_]);
  std::vector<base::Name> names;
  if (area.next + kRoom > area.end) return names;
  for (ir::Type* type : type_names_.Find(text)) names.push_back(data_.TypeDescriptor(type));
  return names;
}

ir::Type* Linker::TypeAt(uint64_t address) const {
  auto found = types_by_address_.find(address);
  return found == types_by_address_.end() ? nullptr : found->second;
}

}  // namespace escapement::link
