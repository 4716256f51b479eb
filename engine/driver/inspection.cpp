#include "engine/driver/inspection.h"

#include <algorithm>
#include <cstring>

#include "engine/base/sort.h"
#include "engine/lower/layout.h"
#include "engine/memory/pacer.h"
#include "engine/memory/pointers.h"

namespace escapement::driver {

using exporting::Inspection;

namespace {

constexpr size_t kMostFramesShown = 64;
constexpr size_t kMostGoroutines = 500;

const char* StatusName(sched::Status status) {
  const char* names[] = {"idle", "runnable", "running", "waiting", "dead"};
  return names[static_cast<size_t>(status)];
}

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

memory::Address InspectionBuilder::PointerIn(uint32_t goroutine, const vm::Frame& frame,
                                             const bytecode::Variable& v) const {
  if (!v.in_frame) return machine_.state().contexts[goroutine].registers[frame.fp + v.place];
  const memory::AddressSpace& space = machine_.state().world.space;
  return space.CanLoad(frame.sp + v.place, 8) ? space.LoadPointer(frame.sp + v.place) : 0;
}

exporting::Variable InspectionBuilder::Variable(uint32_t goroutine, const vm::Frame& frame,
                                                const bytecode::Variable& v) {
  const vm::Context& context = machine_.state().contexts[goroutine];
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
    if (out.live) out.address = PointerIn(goroutine, frame, v);
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
  base::Sort(out, [](const auto& a, const auto& b) { return a.line < b.line; });
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
        inlined.place.owner = machine_.OwnerOf(inlined.place.function);
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
    f.place.owner = machine_.OwnerOf(chunk.name);
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
    out.owner = machine_.OwnerOf(out.function);
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
    const diag::FileSet& files = compilation_.library().files();
    s.line = files.TypedLine(global->pos.pos);
    if (global->pos.pos.file.valid()) s.file = files.file(global->pos.pos.file).name;
    s.value = reader_.At(global->type, s.address);
    out->push_back(std::move(s));
  }
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
  base::Sort(out_.goroutines, [](const auto& a, const auto& b) { return a.id < b.id; });
  IndexLog();
  Mark();
  out_.collector = Collector();
  Objects(options);
  Statics(&out_.statics);
  return std::move(out_);
}

}  // namespace escapement::driver
