#include "engine/driver/inspection.h"

#include <algorithm>
#include <cstring>
#include <deque>

#include "engine/lower/layout.h"
#include "engine/memory/pacer.h"
#include "engine/memory/pointers.h"

namespace escapement::driver {

using exporting::AliveStep;
using exporting::Inspection;
using exporting::ObjectState;
using exporting::SitePlace;
using memory::Span;
using memory::SpanState;

namespace {

constexpr size_t kMostFramesShown = 64;
constexpr size_t kMostGoroutines = 500;

const char* StatusName(sched::Status status) {
  const char* names[] = {"idle", "runnable", "running", "waiting", "dead"};
  return names[static_cast<size_t>(status)];
}

// The first byte that the program sees of an object in a slot.
memory::Address ObjectAddress(const Span& span, memory::Address slot) {
  bool header = !span.noscan() && span.size_class() != 0 && span.elem_size > memory::kMaxSizeForHeapBits;
  return header ? slot + memory::kMallocHeaderSize : slot;
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

InspectionBuilder::InspectionBuilder(Inspector& inspector, Executable& executable, Compilation& compilation,
                                     const trace::Log& log, const std::vector<Verdict>& verdicts)
    : inspector_(inspector),
      machine_(inspector.machine()),
      executable_(executable),
      compilation_(compilation),
      log_(log),
      verdicts_(verdicts),
      reader_(
          machine_.state().world.space, compilation.program().types(),
          [&executable](uint64_t address) { return executable.TypeAt(address); },
          [this](uint64_t code) {
            uint32_t function = code >= bytecode::kTextBase ? bytecode::FunctionAt(code) : vm::kNoFunction;
            return function < machine_.code().size() ? machine_.code().name(function) : std::string("?");
          }) {
  for (const auto& [address, id] : machine_.traced_types()) {
    if (!id.valid()) continue;
    auto [entry, fresh] = type_addresses_.emplace(id.index, address);
    if (!fresh) entry->second = std::min(entry->second, address);
  }
}

ir::Type* InspectionBuilder::TypeOf(trace::TypeId type) const {
  auto found = type_addresses_.find(type.index);
  return type.valid() && found != type_addresses_.end() ? executable_.TypeAt(found->second) : nullptr;
}

std::string InspectionBuilder::RegionOf(Address address) const {
  const memory::World& world = machine_.state().world;
  if (memory::FindObject(world, address)) return "heap";
  for (const sched::Goroutine& g : machine_.state().scheduler.goroutines)
    if (g.stack.lo != 0 && g.stack.Contains(address)) return "stack";
  for (const memory::StaticRegion::Part& part : world.statics.parts)
    if (address - part.start < part.size) return "static";
  return "none";
}

// --- goroutines ---

exporting::Variable InspectionBuilder::Variable(uint32_t goroutine, const vm::Frame& frame,
                                                const bytecode::Variable& v) {
  const vm::Context& context = machine_.state().contexts[goroutine];
  const memory::AddressSpace& space = machine_.state().world.space;
  ir::Type* type = compilation_.data().shown_type(v.type);
  uint64_t size = static_cast<uint64_t>(type->Size());
  exporting::Variable out;
  out.name = v.name;
  out.type = reader_.TypeName(type);
  out.kind = static_cast<exporting::VariableKind>(v.kind);
  out.size = size;
  out.line = v.line;
  out.live = frame.word >= v.from && frame.word < v.until;
  Address in_frame = frame.sp + v.place;
  if (v.points) {
    if (out.live)
      out.address = v.in_frame ? (space.CanLoad(in_frame, 8) ? space.LoadPointer(in_frame) : 0)
                               : context.registers[frame.fp + v.place];
    out.where = RegionOf(out.address) == "stack" ? exporting::Where::kStack : exporting::Where::kHeap;
    if (out.address != 0) out.value = reader_.At(type, out.address);
  } else if (v.in_frame) {
    out.where = exporting::Where::kStack;
    out.address = in_frame;
    out.value = reader_.At(type, in_frame);
  } else if (out.live) {
    // Components in registers, put together as memory would have them. Outside its range the variable's
    // slots hold what others left there.
    std::vector<uint8_t> bytes(std::max<uint64_t>(size, 8));
    lower::Components parts = lower::Flatten(type);
    for (unsigned i = 0; i < parts.count; ++i) {
      uint64_t word = context.registers[frame.fp + v.place + i];
      std::memcpy(bytes.data() + parts.at[i].offset, &word, lower::ScalarSize(parts.at[i].scalar));
    }
    out.value = reader_.Of(type, bytes.data());
  }
  return out;
}

std::vector<exporting::Variable> InspectionBuilder::Variables(uint32_t goroutine, const vm::Frame& frame,
                                                              uint32_t inline_node) {
  std::vector<exporting::Variable> out;
  for (const bytecode::Variable& v : machine_.code().chunk(frame.function).variables)
    if (v.inline_node == inline_node) out.push_back(Variable(goroutine, frame, v));
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return out;
}

void InspectionBuilder::Frames(uint32_t index, std::vector<exporting::Frame>* out, uint64_t* omitted) {
  const vm::Code& code = machine_.code();
  machine_.WalkFrames(index, [&](const vm::Frame& frame) {
    if (frame.function == vm::kStubGoroutine) return true;
    if (out->size() >= kMostFramesShown) {
      ++*omitted;
      return true;
    }
    const bytecode::Chunk& chunk = code.chunk(frame.function);
    const bytecode::LineEntry* line = bytecode::LineAt(chunk, frame.word);
    exporting::Place at;
    at.goroutine = machine_.state().scheduler.at(index).id;
    if (line != nullptr) {
      at.file = chunk.files[line->file];
      at.line = line->line;
      at.column = line->column;
      for (uint32_t node = line->inline_node; node != 0; node = chunk.inlines[node].parent) {
        exporting::Frame inlined;
        inlined.place = at;
        inlined.place.function = chunk.inlines[node].function;
        inlined.place.owner = vm::OwnerOf(inlined.place.function);
        inlined.inlined = true;
        inlined.address = frame.sp;
        inlined.variables = Variables(index, frame, node);
        out->push_back(std::move(inlined));
        at.file = chunk.files[chunk.inlines[node].file];
        at.line = chunk.inlines[node].line;
        at.column = chunk.inlines[node].column;
      }
    }
    exporting::Frame f;
    f.place = at;
    f.place.function = chunk.name;
    f.place.owner = vm::OwnerOf(chunk.name);
    f.address = frame.sp;
    f.size = code.entry(frame.function).frame_total;
    f.variables = Variables(index, frame, 0);
    out->push_back(std::move(f));
    return true;
  });
}

exporting::GoroutineState InspectionBuilder::Goroutine(uint32_t index) {
  const vm::State& state = machine_.state();
  const sched::Goroutine& g = state.scheduler.at(index);
  exporting::GoroutineState out;
  out.id = g.id;
  out.parent = g.parent;
  out.status = StatusName(g.status);
  if (g.status == sched::Status::kWaiting) out.reason = sched::Text(g.reason);
  out.system = g.system;
  out.current = index == state.scheduler.current && !state.exited;
  out.stack_low = g.stack.lo;
  out.stack_high = g.stack.hi;
  out.stack_used = g.stack.hi - state.contexts[index].sp;
  Frames(index, &out.frames, &out.frames_omitted);
  const memory::AddressSpace& space = state.world.space;
  if (g.function != 0 && space.CanLoad(g.function, 8)) {
    uint64_t code = space.LoadPointer(g.function);
    if (code >= bytecode::kTextBase && bytecode::FunctionAt(code) < machine_.code().size())
      out.function = machine_.code().name(bytecode::FunctionAt(code));
  }
  return out;
}

exporting::Place InspectionBuilder::PlaceOf(uint32_t goroutine) {
  exporting::Place out;
  std::vector<exporting::Frame> frames;
  machine_.WalkFrames(goroutine, [&](const vm::Frame& frame) {
    const bytecode::Chunk& chunk = machine_.code().chunk(frame.function);
    const bytecode::LineEntry* line = bytecode::LineAt(chunk, frame.word);
    out.goroutine = machine_.state().scheduler.at(goroutine).id;
    out.function =
        line == nullptr || line->inline_node == 0 ? chunk.name : chunk.inlines[line->inline_node].function;
    out.owner = vm::OwnerOf(out.function);
    if (line != nullptr) {
      out.file = chunk.files[line->file];
      out.line = line->line;
      out.column = line->column;
    }
    return false;
  });
  return out;
}

// --- static region ---

void InspectionBuilder::Statics(std::vector<exporting::StaticSymbol>* out) {
  const memory::World& world = machine_.state().world;
  for (const ir::Name* global : compilation_.unit().externs) {
    if (global->IsBlank() || global->text().empty() || global->text()[0] == '.') continue;
    base::Name symbol = compilation_.lowering().SymbolOf(global);
    if (compilation_.data().Find(symbol) == nullptr) continue;
    exporting::StaticSymbol s;
    s.name = symbol.str();
    s.type = reader_.TypeName(global->type);
    s.address = executable_.AddressOf(symbol);
    s.size = static_cast<uint64_t>(global->type->Size());
    for (const memory::StaticRegion::Part& part : world.statics.parts)
      if (s.address - part.start < part.size) s.segment = trace::Name(part.kind);
    s.line = global->pos.pos.line;
    if (global->pos.pos.file.valid()) {
      const diag::SourceFile& file = compilation_.library().files().file(global->pos.pos.file);
      s.file = file.name;
      s.line -= file.synthetic_lines;
    }
    s.value = reader_.At(global->type, s.address);
    out->push_back(std::move(s));
  }
}

// --- heap ---

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

ObjectState InspectionBuilder::Object(uint32_t span_id, uint32_t index) {
  const memory::World& world = machine_.state().world;
  const Span& span = world.spans[span_id];
  Address slot = span.ObjectBase(index);
  ObjectState out;
  out.address = ObjectAddress(span, slot);
  out.size = span.elem_size;
  out.size_class = span.size_class();
  out.noscan = span.noscan();
  out.reachable = reachable_.count(slot) != 0;
  uint32_t word = static_cast<uint32_t>(out.address - world.space.heap_start()) / 8;
  uint32_t known = word < objects_at_.size() ? objects_at_[word] : 0;
  ir::Type* type = nullptr;
  if (known != 0) {
    const trace::HeapObject& object = inspector_.timeline().objects()[known - 1];
    const trace::AllocationRow& row = inspector_.timeline().rows()[object.row];
    const trace::Record& record = log_.at(object.event);
    out.event = object.event;
    out.asked = record.b;
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
                    std::string(log_.text(site.symbol))};
        out.verdict = VerdictAt(out.site);
      }
      if (origin.type.valid()) out.type = log_.text(log_.types()[origin.type.index].name);
      type = TypeOf(origin.type);
    }
  }
  uint64_t elem = type != nullptr ? static_cast<uint64_t>(type->Size()) : 0;
  out.elements = elem > 0 ? std::max<uint64_t>(1, out.asked / elem) : 0;
  if (type != nullptr && out.elements <= 1) {
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
      uint32_t word =
          static_cast<uint32_t>(ObjectAddress(span, span.ObjectBase(i)) - world.space.heap_start()) / 8;
      uint32_t known = word < objects_at_.size() ? objects_at_[word] : 0;
      slots.push_back({id, i, known, known != 0 && rows[objects[known - 1].row].mine()});
      ++out_.collector.objects;
      out_.collector.bytes += span.elem_size;
    }
  }
  if (options.mine) std::erase_if(slots, [](const Slot& s) { return !s.mine; });
  // The user's own first, then the youngest; shown in order of address.
  if (slots.size() > options.most_objects) {
    std::stable_sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) {
      return a.mine != b.mine ? a.mine : a.object > b.object;
    });
    out_.objects_omitted = slots.size() - options.most_objects;
    slots.resize(options.most_objects);
  }
  std::sort(slots.begin(), slots.end(), [&](const Slot& a, const Slot& b) {
    Address x = world.spans[a.span].base, y = world.spans[b.span].base;
    return x != y ? x < y : a.index < b.index;
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
    ObjectState object = Object(slot.span, slot.index);
    object.span = entry->second;
    out_.objects.push_back(std::move(object));
  }
}

// --- roots ---

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
          Address address = v.in_frame ? (space.CanLoad(in_frame, 8) ? space.LoadPointer(in_frame) : 0)
                                       : state.contexts[i].registers[frame.fp + v.place];
          if (address != 0) roots.push_back({step, address});
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
  // From the object back to its root; then turned round. A step is named by its holder's field.
  for (Address slot = wanted.base; slot != 0;) {
    const Reached& step = reached.at(slot);
    memory::ObjectRef ref = memory::FindObject(world, slot);
    ObjectState object = Object(ref.span, ref.index);
    std::string field;
    if (step.from != 0) {
      memory::ObjectRef from = memory::FindObject(world, step.from);
      ObjectState holder = Object(from.span, from.index);
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

// --- all of it ---

exporting::CollectorState InspectionBuilder::Collector() {
  const memory::World& world = machine_.state().world;
  exporting::CollectorState out;
  out.phase = trace::Name(world.gc.phase);
  out.cycle = world.counters.cycles;
  out.live = world.counters.heap_live;
  out.goal = memory::HeapGoal(world);
  out.trigger = memory::GCTrigger(world);
  out.marked = world.pacer.heap_marked;
  out.gc_percent = world.pacer.gc_percent;
  return out;
}

Inspection InspectionBuilder::Build(const InspectOptions& options) {
  const vm::State& state = machine_.state();
  out_ = Inspection();
  out_.moment = inspector_.moment();
  out_.ended = state.exited;
  out_.output = state.output_bytes;
  if (!state.exited && state.scheduler.current != sched::kNoGoroutine &&
      state.scheduler.at(state.scheduler.current).status == sched::Status::kRunning)
    out_.place = PlaceOf(state.scheduler.current);
  for (uint32_t i = 0; i < state.scheduler.goroutines.size(); ++i) {
    const sched::Goroutine& g = state.scheduler.at(i);
    if (g.stack.lo == 0 || g.status == sched::Status::kDead || g.status == sched::Status::kIdle) continue;
    if (out_.goroutines.size() == kMostGoroutines) {
      ++out_.goroutines_omitted;
    } else {
      out_.goroutines.push_back(Goroutine(i));
    }
  }
  std::stable_sort(out_.goroutines.begin(), out_.goroutines.end(),
                   [](const auto& a, const auto& b) { return a.id < b.id; });
  IndexLog();
  Mark();
  out_.collector = Collector();
  Objects(options);
  Statics(&out_.statics);
  return std::move(out_);
}

}  // namespace escapement::driver
