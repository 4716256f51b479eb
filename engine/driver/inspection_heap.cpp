// The heap of an Inspection: which object lies where, what it holds, and what keeps it alive.
#include <algorithm>
#include <cstring>
#include <deque>

#include "engine/base/sort.h"
#include "engine/driver/inspection.h"
#include "engine/lower/layout.h"
#include "engine/memory/pointers.h"

namespace escapement::driver {

using exporting::AliveStep;
using exporting::ObjectState;
using exporting::SitePlace;
using memory::Span;
using memory::SpanState;

namespace {

// The first byte that the program sees of an object in a slot.
memory::Address ObjectAddress(const Span& span, memory::Address slot) {
  bool header = !span.noscan() && span.size_class() != 0 && span.elem_size > memory::kMaxSizeForHeapBits;
  return header ? slot + memory::kMallocHeaderSize : slot;
}

// Whether the span's slots may hold several objects without pointers each.
bool IsTiny(const Span& span) {
  return span.noscan() && span.size_class() == memory::kTinySizeClass;
}

// Collects the values of slots.
class SlotCollector final : public memory::SlotVisitor {
 public:
  void Visit(uint64_t* slot) override {
    if (*slot != 0) values.push_back(*slot);
  }
  std::vector<uint64_t> values;
};

}  // namespace

// Which object of the log lies where: later allocations take the places of earlier ones.
void InspectionBuilder::IndexLog() {
  const memory::AddressSpace& space = machine_.state().world.space;
  const uint32_t low = static_cast<uint32_t>(space.heap_start());
  objects_at_.assign(space.heap_bytes() / 8, 0);
  const std::vector<trace::HeapObject>& objects = inspector_.timeline().objects();
  const uint64_t events = inspector_.moment().event;
  for (size_t i = 0; i < objects.size() && objects[i].event < events; ++i) {
    uint32_t word = (log_.at(objects[i].event).a - low) / 8;
    if (word < objects_at_.size()) objects_at_[word] = static_cast<uint32_t>(i) + 1;
  }
}

int32_t InspectionBuilder::VerdictAt(const SitePlace& site) const {
  auto base = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
  int32_t at_position = -1;
  for (size_t i = 0; i < verdicts_.size(); ++i) {
    const Verdict& v = verdicts_[i];
    if (v.line != site.line || v.column != site.column || base(v.file) != base(site.file)) continue;
    if (v.subject == site.symbol) return static_cast<int32_t>(i);
    if (at_position < 0 || v.region == Region::kHeap) at_position = static_cast<int32_t>(i);
  }
  return at_position;
}

// In a block of tiny objects, each of which knows the one before it, the youngest has the largest index.
uint32_t InspectionBuilder::KnownAt(const Span& span, Address object, Address wanted) const {
  auto at = [&](Address address) {
    const uint64_t word = (address - machine_.state().world.space.heap_start()) / 8;
    return word < objects_at_.size() ? objects_at_[word] : 0;
  };
  uint32_t known = at(object);
  if (!IsTiny(span)) return known;
  const std::vector<trace::HeapObject>& objects = inspector_.timeline().objects();
  for (known = std::max(known, at(object + 8)); known != 0;) {
    const trace::HeapObject& here = objects[known - 1];
    if (log_.at(here.event).a <= static_cast<uint32_t>(wanted) || here.next == trace::HeapObject::kNever)
      break;
    known = here.next + 1;
  }
  return known;
}

ObjectState InspectionBuilder::Object(uint32_t span_id, uint32_t index, uint32_t known) {
  const memory::World& world = machine_.state().world;
  const Span& span = world.spans[span_id];
  Address slot = span.ObjectBase(index);
  ObjectState out;
  out.address = ObjectAddress(span, slot);
  out.size = span.elem_size;
  out.size_class = span.size_class();
  out.noscan = span.noscan();
  out.reachable = reachable_.count(slot) != 0;
  ir::Type* type = nullptr;
  if (known != 0) {
    const trace::HeapObject& object = inspector_.timeline().objects()[known - 1];
    const trace::AllocationRow& row = inspector_.timeline().rows()[object.row];
    const trace::Record& record = log_.at(object.event);
    out.event = object.event;
    out.asked = record.b;
    if (IsTiny(span)) {
      out.address = slot + (record.a - static_cast<uint32_t>(slot));
      out.size = object.bytes;
    }
    out.owner = row.owner;
    out.mine = row.mine();
    if (row.billed.valid()) {
      trace::FrameId frame = log_.stacks()[row.billed.index].frame;
      if (frame.valid()) out.billed_line = log_.frames()[frame.index].line;
    }
    if (row.origin.valid()) {
      const trace::OriginEntry& origin = log_.origins()[row.origin.index];
      if (origin.site.valid()) {
        const trace::SiteEntry& site = log_.sites()[origin.site.index];
        out.site = {std::string(log_.text(site.file)),
                    site.line,
                    site.column,
                    std::string(log_.text(site.function)),
                    std::string(log_.text(site.kind)),
                    std::string(log_.text(site.symbol)),
                    std::string(log_.text(site.through))};
        out.verdict = VerdictAt(out.site);
      }
      if (origin.type.valid()) out.type = log_.text(log_.types()[origin.type.index].name);
      type = TypeOf(origin.type);
    }
  }
  // makechan gives a channel's type to the channel and to a buffer of its own.
  const bool made = type != nullptr && type->kind == ir::Kind::kChan && out.site.kind == "chan";
  const bool channel = made && reader_.IsChannel(type, out.address, out.asked);
  if (made && !channel) {
    type = type->underlying->elem;
    out.type = reader_.TypeName(type);
  }
  const uint64_t elem = type != nullptr && !channel ? static_cast<uint64_t>(type->Size()) : 0;
  out.elements = channel ? 1 : elem > 0 ? std::max<uint64_t>(1, out.asked / elem) : 0;
  if (channel) {
    out.value = reader_.Channel(type, out.address);
  } else if (type != nullptr && out.elements <= 1) {
    out.value = reader_.At(type, out.address);
  } else if (type != nullptr) {
    out.value = reader_.Row(type, out.elements, out.address);
  } else if (out.noscan) {
    out.value = reader_.Bytes(out.address, out.asked);
  }
  memory::ForEachPointerWord(world.space, span, slot, [&](Address at) {
    Address to = world.space.LoadPointer(at);
    if (to == 0) return;
    exporting::ObjectPointer pointer{at - out.address, to, RegionOf(to), 0};
    if (memory::ObjectRef ref = memory::FindObject(world, to))
      pointer.object = ObjectAddress(world.spans[ref.span], ref.base);
    out.pointers.push_back(std::move(pointer));
  });
  return out;
}

void InspectionBuilder::Objects(const InspectOptions& options) {
  const memory::World& world = machine_.state().world;
  struct Slot {
    uint32_t span, index;
    uint32_t object;  // in the timeline, + 1
    bool mine;
  };
  const std::vector<trace::HeapObject>& objects = inspector_.timeline().objects();
  const std::vector<trace::AllocationRow>& rows = inspector_.timeline().rows();
  std::vector<Slot> slots;
  for (uint32_t id = 1; id < world.spans.size(); ++id) {
    const Span& span = world.spans[id];
    if (span.state != SpanState::kInUse) continue;
    for (uint32_t i = 0; i < span.objects; ++i) {
      if (!span.Allocated(i)) continue;
      const Address base = ObjectAddress(span, span.ObjectBase(i));
      uint32_t known = KnownAt(span, base, base + span.elem_size);
      if (known == 0) slots.push_back({id, i, 0, false});
      while (known != 0) {
        const trace::HeapObject& object = objects[known - 1];
        slots.push_back({id, i, known, rows[object.row].mine()});
        known = IsTiny(span) && object.next != trace::HeapObject::kNever ? object.next + 1 : 0;
      }
      ++out_.collector.objects;
      out_.collector.bytes += span.elem_size;
    }
  }
  if (options.mine) std::erase_if(slots, [](const Slot& s) { return !s.mine; });
  // The user's own first, then the youngest; shown in order of address.
  if (slots.size() > options.most_objects) {
    base::Sort(slots,
               [](const Slot& a, const Slot& b) { return a.mine != b.mine ? a.mine : a.object > b.object; });
    out_.objects_omitted = slots.size() - options.most_objects;
    slots.resize(options.most_objects);
  }
  base::Sort(slots, [&](const Slot& a, const Slot& b) {
    Address x = world.spans[a.span].base, y = world.spans[b.span].base;
    return x != y ? x < y : a.index != b.index ? a.index < b.index : a.object < b.object;
  });
  std::unordered_map<uint32_t, uint32_t> shown_spans;
  for (const Slot& slot : slots) {
    auto [entry, fresh] = shown_spans.emplace(slot.span, static_cast<uint32_t>(out_.spans.size()));
    if (fresh) {
      const Span& span = world.spans[slot.span];
      uint32_t allocated = 0;
      for (uint32_t i = 0; i < span.objects; ++i) allocated += span.Allocated(i);
      out_.spans.push_back(
          {span.base, span.pages, span.size_class(), span.elem_size, span.objects, allocated, span.noscan()});
    }
    ObjectState object = Object(slot.span, slot.index, slot.object);
    object.span = entry->second;
    out_.objects.push_back(std::move(object));
  }
}

// --- what keeps them alive ---

void InspectionBuilder::AddRoots(ir::Type* type, const uint8_t* bytes, const AliveStep& step,
                                 std::vector<Root>* out) {
  lower::ForEachPointer(type, 0, [&](int64_t offset) {
    uint64_t pointer;
    std::memcpy(&pointer, bytes + offset, sizeof pointer);
    if (pointer != 0) out->push_back({step, pointer});
  });
}

// Named roots first: a path by way of a variable says more than one by way of a temporary.
std::vector<InspectionBuilder::Root> InspectionBuilder::Roots() {
  std::vector<Root> roots;
  const vm::State& state = machine_.state();
  const memory::AddressSpace& space = state.world.space;
  auto running = [&](const sched::Goroutine& g) {
    return g.stack.lo != 0 && g.status != sched::Status::kDead && g.status != sched::Status::kIdle;
  };
  for (uint32_t i = 0; i < state.scheduler.goroutines.size(); ++i) {
    const sched::Goroutine& g = state.scheduler.at(i);
    if (!running(g)) continue;
    machine_.WalkFrames(i, [&](const vm::Frame& frame) {
      if (frame.function == vm::kStubGoroutine) return true;
      const bytecode::Chunk& chunk = machine_.code().chunk(frame.function);
      for (const bytecode::Variable& v : chunk.variables) {
        if (frame.word < v.from || frame.word >= v.until) continue;
        ir::Type* type = compilation_.data().shown_type(v.type);
        AliveStep step{"frame", v.name, chunk.name, reader_.TypeName(type), g.id, 0};
        Address in_frame = frame.sp + v.place;
        if (v.points) {
          if (Address address = PointerIn(i, frame, v); address != 0) roots.push_back({step, address});
        } else if (v.in_frame) {
          step.address = in_frame;
          if (space.CanLoad(in_frame, static_cast<uint64_t>(type->Size())))
            AddRoots(type, space.Host(in_frame), step, &roots);
        } else {
          lower::Components parts = lower::Flatten(type);
          for (unsigned c = 0; c < parts.count; ++c)
            if (parts.at[c].scalar == lower::Scalar::kPtr)
              roots.push_back({step, state.contexts[i].registers[frame.fp + v.place + c]});
        }
      }
      return true;
    });
  }
  for (const ir::Name* global : compilation_.unit().externs) {
    base::Name symbol = compilation_.lowering().SymbolOf(global);
    if (global->IsBlank() || compilation_.data().Find(symbol) == nullptr) continue;
    Address address = executable_.AddressOf(symbol);
    if (space.CanLoad(address, static_cast<uint64_t>(global->type->Size())))
      AddRoots(global->type, space.Host(address),
               {"static", symbol.str(), "", reader_.TypeName(global->type), 0, address}, &roots);
  }
  for (const memory::StaticRegion::Part& part : state.world.statics.parts)
    for (size_t w = 0; w < part.pointer_bitmap.size(); ++w)
      for (uint64_t bits = part.pointer_bitmap[w]; bits; bits &= bits - 1) {
        Address at = part.start + (w * 64 + static_cast<uint64_t>(__builtin_ctzll(bits))) * 8;
        if (!space.CanLoad(at, 8)) continue;
        if (Address to = space.LoadPointer(at)) roots.push_back({{"static", "", "", "", 0, at}, to});
      }
  // What has no name: temporaries of frames, the scheduler's and the machine's own records.
  vm::Machine& machine = const_cast<vm::Machine&>(machine_);
  for (uint32_t i = 0; i < state.scheduler.goroutines.size(); ++i) {
    if (!running(state.scheduler.at(i))) continue;
    SlotCollector slots;
    machine.VisitStack(i, slots);
    for (uint64_t value : slots.values)
      roots.push_back({{"frame", "", "", "", state.scheduler.at(i).id, 0}, value});
  }
  SlotCollector slots;
  machine.VisitRoots(slots);
  for (uint64_t value : slots.values) roots.push_back({{"runtime", "", "", "", 0, 0}, value});
  for (const memory::Special& special : state.world.specials.all)
    if (special.function != 0) roots.push_back({{"runtime", "finalizer", "", "", 0, 0}, special.function});
  return roots;
}

void InspectionBuilder::Mark() {
  const memory::World& world = machine_.state().world;
  std::vector<Address> work;
  auto reach = [&](Address pointer) {
    memory::ObjectRef ref = memory::FindObject(world, pointer);
    if (ref && reachable_.emplace(ref.base, true).second) work.push_back(ref.base);
  };
  for (const Root& root : Roots()) reach(root.pointer);
  // The instruction that has just allocated still has the object's address to itself.
  const uint64_t events = std::min(inspector_.moment().event, log_.kept());
  for (uint64_t e = events; e-- > 0;) {
    const trace::Record& record = log_.at(e);
    if (record.kind == trace::Kind::HeapAlloc) reach(log_.FullAddress(record.a));
    if (record.delta != 0) break;
  }
  while (!work.empty()) {
    Address slot = work.back();
    work.pop_back();
    const Span& span = world.spans[memory::SpanOf(world, slot)];
    memory::ForEachPointerWord(world.space, span, slot,
                               [&](Address at) { reach(world.space.LoadPointer(at)); });
  }
}

exporting::AliveAnswer InspectionBuilder::WhyAlive(uint64_t address) {
  const memory::World& world = machine_.state().world;
  exporting::AliveAnswer out;
  out.address = address;
  memory::ObjectRef wanted = memory::FindObject(world, address);
  if (!wanted) return out;
  IndexLog();
  struct Reached {
    Address from;  // slot; 0: a root
    size_t root;
    uint64_t offset;
  };
  std::unordered_map<Address, Reached> reached;
  std::deque<Address> work;
  std::vector<Root> roots = Roots();
  for (size_t i = 0; i < roots.size(); ++i) {
    memory::ObjectRef ref = memory::FindObject(world, roots[i].pointer);
    if (ref && reached.emplace(ref.base, Reached{0, i, 0}).second) work.push_back(ref.base);
  }
  while (!work.empty() && reached.count(wanted.base) == 0) {
    Address slot = work.front();
    work.pop_front();
    const Span& span = world.spans[memory::SpanOf(world, slot)];
    Address first = ObjectAddress(span, slot);
    memory::ForEachPointerWord(world.space, span, slot, [&](Address at) {
      memory::ObjectRef ref = memory::FindObject(world, world.space.LoadPointer(at));
      if (ref && reached.emplace(ref.base, Reached{slot, 0, at - first}).second) work.push_back(ref.base);
    });
  }
  auto found = reached.find(wanted.base);
  if (found == reached.end()) return out;
  out.alive = true;
  auto at = [&](memory::ObjectRef ref, Address there) {
    const Span& span = world.spans[ref.span];
    return Object(ref.span, ref.index, KnownAt(span, ObjectAddress(span, ref.base), there));
  };
  // From the object back to its root; then turned round. A step is named by its holder's field.
  for (Address slot = wanted.base; slot != 0;) {
    const Reached& step = reached.at(slot);
    memory::ObjectRef ref = memory::FindObject(world, slot);
    ObjectState object = at(ref, slot == wanted.base ? address : slot);
    std::string field;
    if (step.from != 0) {
      memory::ObjectRef from = memory::FindObject(world, step.from);
      ObjectState holder = at(from, step.from);
      field = "+" + std::to_string(step.offset);
      for (const exporting::Part& part : holder.value.parts)
        if (step.offset >= part.offset && step.offset < part.offset + part.size) field = part.name;
    }
    out.path.push_back({"object", field, "", object.type, 0, object.address});
    if (step.from == 0) out.path.push_back(roots[step.root].step);
    slot = step.from;
  }
  std::reverse(out.path.begin(), out.path.end());
  return out;
}

}  // namespace escapement::driver
