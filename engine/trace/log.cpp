#include "engine/trace/log.h"

#include "engine/base/check.h"

namespace escapement::trace {

namespace {

constexpr uint64_t kFnvOffset = 14695981039346656037ull;
constexpr uint64_t kFnvPrime = 1099511628211ull;

void Mix(uint64_t* hash, uint64_t value) {
  *hash = (*hash ^ value) * kFnvPrime;
  *hash ^= *hash >> 29;
}

void Mix(uint64_t* hash, std::string_view text) {
  Mix(hash, text.size());
  for (char c : text) Mix(hash, static_cast<uint8_t>(c));
}

}  // namespace

// The slow path of Append: a new chunk, a step count too long for its field, or a full log.
// Returns whether the record may be written.
bool Log::MakeRoom(uint64_t step, uint64_t* delta) {
  if (cursor_ == end_) {
    if (chunks_.size() == max_chunks_) {
      dropped_ += *delta > 0xffffffffu ? 2 : 1;
      last_step_ = step;
      return false;
    }
    chunks_.emplace_back(static_cast<Record*>(std::malloc(kChunkRecords * sizeof(Record))));
    ENSURE(chunks_.back() != nullptr, "the host has memory for the log");
    cursor_ = chunks_.back().get();
    end_ = cursor_ + kChunkRecords;
  }
  if (*delta > 0xffffffffu) {
    uint64_t steps = *delta;
    last_step_ = step;
    Append(Kind::Steps, step, 0, 0, static_cast<uint32_t>(steps), static_cast<uint32_t>(steps >> 32));
    *delta = 0;
    if (cursor_ == end_) return MakeRoom(step, delta);
  }
  return true;
}

LogPosition Log::position() const {
  LogPosition result{size(), last_step_, bitmaps_.size(), owner(), stack, {}};
  for (const auto& [goroutine, envelope] : envelopes_) result.envelopes.emplace_back(goroutine, *envelope);
  return result;
}

void Log::Rewind(const LogPosition& position) {
  ENSURE(position.events <= size(), "a log cannot be rewound to its future");
  uint64_t keep = std::min(position.events, kept());
  dropped_ = position.events - keep;
  chunks_.resize((keep + kChunkRecords - 1) / kChunkRecords);
  cursor_ = end_ = nullptr;
  if (!chunks_.empty()) {
    end_ = chunks_.back().get() + kChunkRecords;
    cursor_ = chunks_.back().get() + (keep - (chunks_.size() - 1) * kChunkRecords);
  }
  last_step_ = position.last_step;
  bitmaps_.resize(position.bitmap_words);
  set_owner(position.owner);
  stack = position.stack;
  envelopes_.clear();
  for (const auto& [goroutine, envelope] : position.envelopes)
    envelopes_.emplace(goroutine, std::make_unique<Envelope>(envelope));
}

uint64_t Log::Hash() const {
  uint64_t hash = kFnvOffset;
  for (uint64_t i = 0; i < kept(); ++i) {
    const Record& r = at(i);
    Mix(&hash, uint64_t(r.kind) | uint64_t{r.flags} << 8 | uint64_t{r.small} << 16 | uint64_t{r.delta} << 32);
    Mix(&hash, r.a | uint64_t{r.b} << 32);
    Mix(&hash, r.c | uint64_t{r.d} << 32);
  }
  for (uint64_t word : bitmaps_) Mix(&hash, word);
  for (const std::string* text : strings_) Mix(&hash, *text);
  for (const StackEntry& s : stacks_) Mix(&hash, s.parent.index | uint64_t{s.frame.index} << 32);
  return hash;
}

StringId Log::Intern(std::string_view text) {
  auto [it, added] = string_ids_.try_emplace(std::string(text), static_cast<uint32_t>(strings_.size()));
  if (added) strings_.push_back(&it->first);
  return StringId(it->second);
}

TypeId Log::InternType(std::string_view name, uint64_t size) {
  auto [it, added] = type_ids_.try_emplace(std::string(name), static_cast<uint32_t>(types_.size()));
  if (added) types_.push_back({Intern(name), size});
  return TypeId(it->second);
}

SiteId Log::AddSite(const SiteEntry& site) {
  sites_.push_back(site);
  last_origin_.push_back(OriginId());
  return SiteId(static_cast<uint32_t>(sites_.size() - 1));
}

OriginId Log::OriginSlow(SiteId site, TypeId type) {
  uint32_t id = origin_ids_.Find(site.index, type.index);
  if (id == PairTable::kAbsent) {
    id = static_cast<uint32_t>(origins_.size());
    origin_ids_.Add(site.index, type.index, id);
    origins_.push_back({site, type});
  }
  if (site.valid()) last_origin_[site.index] = OriginId(id);
  return OriginId(id);
}

FrameId Log::AddFrame(const FrameEntry& frame) {
  frames_.push_back(frame);
  return FrameId(static_cast<uint32_t>(frames_.size() - 1));
}

StackId Log::Push(StackId parent, FrameId frame) {
  if (parent.valid() && stacks_[parent.index].depth == kMaxStackDepth) parent = stacks_[parent.index].parent;
  uint32_t known = stack_ids_.Find(parent.index, frame.index);
  if (known != PairTable::kAbsent) return StackId(known);
  StackId id(static_cast<uint32_t>(stacks_.size()));
  stack_ids_.Add(parent.index, frame.index, id.index);
  StackEntry entry{parent, frame, StackId(), 1};
  if (parent.valid()) {
    entry.billed = stacks_[parent.index].billed;
    entry.depth = stacks_[parent.index].depth + 1;
    entry.owner = stacks_[parent.index].owner;
  }
  if (frame.valid() && frames_[frame.index].owner != Owner::kRuntime)
    entry.owner = frames_[frame.index].owner;
  if (frame.valid() && frames_[frame.index].owner == Owner::kMine) entry.billed = id;
  stacks_.push_back(entry);
  return id;
}

uint32_t Log::AddBitmap(const uint64_t* words, uint32_t count) {
  uint32_t first = static_cast<uint32_t>(bitmaps_.size());
  bitmaps_.insert(bitmaps_.end(), words, words + count);
  return first;
}

Envelope& Log::envelope(uint64_t goroutine) {
  auto& slot = envelopes_[goroutine];
  if (!slot) slot = std::make_unique<Envelope>();
  return *slot;
}

uint64_t Log::SlotBytes(const Record& alloc) const {
  if (alloc.flags & kTiny) return alloc.flags & kTinyBlock ? 16 : 0;
  if (alloc.small == 0) return (uint64_t{alloc.b} + 8191) & ~uint64_t{8191};
  return alloc.small < size_classes.size() ? size_classes[alloc.small] : alloc.b;
}

}  // namespace escapement::trace
