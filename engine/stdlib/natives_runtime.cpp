// The exported API of package runtime and runtime/debug, as far as it needs the machine.
#include <algorithm>
#include <cstring>
#include <string>

#include "engine/bytecode/chunk.h"
#include "engine/memory/mem_stats.h"
#include "engine/sched/bubble.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"
#include "engine/stdlib/type_reader.h"

namespace escapement::stdlib {
namespace {

NativeStatus Nothing(Machine&, uint64_t*) {
  return kContinue;
}
NativeStatus Zero(Machine&, uint64_t* w) {
  w[0] = 0;
  return kContinue;
}

NativeStatus Gosched(Machine& m, uint64_t*) {
  sched::Yield(m.scheduler(), m.world());
  return NativeStatus::kYield;
}
NativeStatus Collect(Machine& m, uint64_t*) {
  m.Collect();
  return NativeStatus::kMoved;
}
// runtime/debug.freeOSMemory(): collects, and gives back what is free then.
NativeStatus FreeMemory(Machine& m, uint64_t* w) {
  NativeStatus status = Collect(m, w);
  memory::ReleaseIdle(m.world());
  return status;
}
// SetTraceback(level string): what the environment asked for stays.
NativeStatus SetTraceback(Machine& m, uint64_t* w) {
  const vm::TracebackMode& least = m.host().settings.traceback;
  vm::TracebackMode mode = vm::ParseTraceback(Text(m, w));
  m.state().traceback = {.frames = mode.frames || least.frames, .all = mode.all || least.all};
  return kContinue;
}
NativeStatus NumGoroutine(Machine& m, uint64_t* w) {
  w[0] = sched::NumGoroutine(m.scheduler());
  return kContinue;
}
// startsystem(fn func(), kind int): a goroutine of the runtime's own; kind 1 runs timers, 2 finalizers.
NativeStatus StartSystem(Machine& m, uint64_t* w) {
  uint64_t kind = w[1];
  uint32_t index = m.Go(w[0], true);
  if (index == sched::kNoGoroutine) return NativeStatus::kExit;
  if (kind == 1) m.state().timer_goroutine = index;
  if (kind == 2) m.scheduler().finalizer_goroutine = index;
  return kContinue;
}
// parksystem(): the running goroutine of the runtime has nothing to do, for good.
NativeStatus ParkSystem(Machine& m, uint64_t*) {
  m.Locate();
  sched::Park(m.scheduler(), m.world(), sched::WaitReason::kNone, 0);
  return NativeStatus::kBlocked;
}
// parksignals(): the goroutine of os/signal waits for good.
NativeStatus BeforeMain(Machine& m, uint64_t*) {
  m.state().in_main = true;
  m.world().Emit(trace::Kind::MainStart, 0, 0, static_cast<uint32_t>(m.goroutine().id));
  return kContinue;
}

// nextfinalizer() (kind int, fn func(), p unsafe.Pointer, argType, objType *_type, arg unsafe.Pointer): parks
// until there is one.
NativeStatus NextFinalizer(Machine& m, uint64_t* w) {
  memory::ReadySpecial special;
  if (!memory::TakeReady(m.world(), &special)) {
    m.Locate();
    sched::Park(m.scheduler(), m.world(), sched::WaitReason::kFinalizerWait, 0);
    return NativeStatus::kBlocked;
  }
  w[0] = static_cast<uint64_t>(special.kind);
  w[1] = special.function;
  w[2] = special.pointer;
  w[3] = special.argument_type;
  w[4] = special.object_type;
  w[5] = special.argument;
  return kContinue;
}
// addfinalizer(p unsafe.Pointer, fn func(), argType, objType *_type, resultBytes uintptr) int: 0 added, 1 had
// one, 2 not in the heap.
NativeStatus AddFinalizer(Machine& m, uint64_t* w) {
  memory::ObjectRef object = memory::FindObject(m.world(), w[0]);
  if (!object) {
    w[0] = 2;
    return kContinue;
  }
  w[0] = memory::AddFinalizer(m.world(), w[0], w[1], w[2], w[3], w[4]) ? 0 : 1;
  return kContinue;
}
NativeStatus ObjectStart(Machine& m, uint64_t* w) {
  w[0] = memory::ObjectStart(m.world(), w[0]);
  return kContinue;
}
NativeStatus IsTiny(Machine& m, uint64_t* w) {
  memory::ObjectRef object = memory::FindObject(m.world(), w[0]);
  w[0] = object && m.world().spans[object.span].span_class == (memory::kTinySizeClass << 1 | 1);
  return kContinue;
}
NativeStatus RemoveFinalizer(Machine& m, uint64_t* w) {
  if (memory::FindObject(m.world(), w[0])) memory::RemoveFinalizer(m.world(), w[0]);
  return kContinue;
}
NativeStatus AddCleanup(Machine& m, uint64_t* w) {
  w[0] = memory::AddCleanup(m.world(), w[0], w[1], w[2], w[3]);
  return kContinue;
}
NativeStatus StopCleanup(Machine& m, uint64_t* w) {
  memory::StopCleanup(m.world(), w[0], w[1]);
  return kContinue;
}
// weakhandle(p) unsafe.Pointer: nil outside the heap.
NativeStatus WeakHandle(Machine& m, uint64_t* w) {
  if (!memory::FindObject(m.world(), w[0])) {
    w[0] = 0;
    return kContinue;
  }
  w[0] = memory::WeakHandle(m.world(), w[0]);
  return w[0] == 0 ? m.OutOfMemory(0) : kContinue;
}
NativeStatus StrongFromWeak(Machine& m, uint64_t* w) {
  if (w[0] != 0) w[0] = memory::StrongFromWeak(m.world(), w[0]);
  return kContinue;
}

// cpuid(eaxArg, ecxArg) (eax, ebx, ecx, edx): a plain amd64 processor, so that libraries take their portable
// code.
NativeStatus ProcessorId(Machine&, uint64_t* w) {
  w[0] = w[1] = w[2] = w[3] = 0;
  return kContinue;
}
NativeStatus ProcessorState(Machine&, uint64_t* w) {
  w[0] = w[1] = 0;
  return kContinue;
}
NativeStatus One(Machine&, uint64_t* w) {
  w[0] = 1;
  return kContinue;
}
NativeStatus NoSlice(Machine&, uint64_t* w) {
  w[0] = w[1] = w[2] = 0;
  return kContinue;
}

// --- call stacks ---------------------------------------------------------------------------------

// A program counter as Callers gives it: bits 0-39 entry address + 1, 40-59 word, 60-63 inlining depth.
constexpr int kDepthShift = 60;
constexpr uint64_t kPcMask = (uint64_t{1} << kDepthShift) - 1;

// Callers(skip, pc *uintptr, n int) int: skip 0 is the function that called this native.
NativeStatus Callers(Machine& m, uint64_t* w) {
  uint64_t skip = w[0], to = w[1], room = w[2], count = 0;
  m.WalkFrames(m.scheduler().current, [&](const vm::Frame& frame) {
    const bytecode::Chunk& chunk = m.code().chunk(frame.function);
    if (frame.function == vm::kStubGoroutine) {  // runtime.goexit, where every goroutine returns to
      if (skip == 0 && count < room)
        Space(m).Store<uint64_t>(to + 8 * count++, Machine::EncodePc(frame.function, 0));
      return false;
    }
    const bytecode::LineEntry* line = bytecode::FaultLineAt(chunk, frame.word);
    uint32_t node = line == nullptr ? 0 : line->inline_node;
    for (uint64_t depth = 0;; depth++) {
      if (node == 0 && (chunk.flags & bytecode::kWrapper) != 0) return true;
      if (skip > 0) {
        skip--;
      } else {
        if (count == room) return false;
        Space(m).Store<uint64_t>(to + 8 * count,
                                 Machine::EncodePc(frame.function, frame.word) | depth << kDepthShift);
        count++;
      }
      if (node == 0) return true;
      node = chunk.inlines[node].parent;
    }
  });
  w[0] = count;
  return kContinue;
}

// What a pc stands for.
struct Place {
  std::string_view function;
  std::string_view file;
  uint64_t line = 0;
  uint64_t entry = 0;
  bool inlined = false;
};
bool Resolve(Machine& m, uint64_t pc, Place* place) {
  uint32_t function = 0, word = 0;
  uint64_t depth = pc >> kDepthShift;
  if (!Machine::DecodePc(pc & kPcMask, &function, &word) || function >= m.code().size()) return false;
  place->function = m.code().name(function);
  place->entry = bytecode::TextAddress(function);
  if (function == vm::kStubGoroutine) {
    place->function = "runtime.goexit";
    place->file = "/usr/local/go/src/runtime/asm_amd64.s";
    place->line = 1771;
    return true;
  }
  if (!m.code().defined(function)) return true;
  const bytecode::Chunk& chunk = m.code().chunk(function);
  const bytecode::LineEntry* line = bytecode::FaultLineAt(chunk, word);
  if (line == nullptr) return true;
  uint32_t node = line->inline_node;
  place->file = chunk.files[line->file];
  place->line = line->line;
  for (; depth > 0 && node != 0; depth--) {
    place->file = chunk.files[chunk.inlines[node].file];
    place->line = chunk.inlines[node].line;
    node = chunk.inlines[node].parent;
  }
  place->inlined = node != 0;
  if (node != 0) place->function = chunk.inlines[node].function;
  return true;
}

// pcinfo(pc uintptr) (name, file string, line int, entry uintptr, inlined bool); an empty name for an unknown
// pc.
NativeStatus PcInfo(Machine& m, uint64_t* w) {
  Place place;
  uint64_t pc = w[0];
  std::fill(w, w + 7, 0);
  if (!Resolve(m, pc, &place)) return kContinue;
  w[0] = m.static_string(place.function);
  w[1] = place.function.size();
  w[2] = place.file.empty() ? 0 : m.static_string(place.file);
  w[3] = place.file.size();
  w[4] = place.line;
  w[5] = place.entry;
  w[6] = place.inlined;
  return kContinue;
}

// stack(buf *byte, n int, all bool) int
NativeStatus Stack(Machine& m, uint64_t* w) {
  std::string text = m.Traceback(m.scheduler().current);
  // It begins with the caller of runtime.Stack.
  if (size_t own = text.find('\n') + 1; text.compare(own, 14, "runtime.Stack(") == 0)
    text.erase(own, text.find('\n', text.find('\n', own) + 1) + 1 - own);
  if (w[2] != 0) text += m.OtherTracebacks(m.scheduler().current);
  uint64_t count = std::min<uint64_t>(text.size(), w[1]);
  if (count != 0) Space(m).Write(w[0], text.data(), count);
  w[0] = count;
  return kContinue;
}

// --- figures -----------------------------------------------------------------------------------------

// readmemstats(p *MemStats)
NativeStatus ReadMemStats(Machine& m, uint64_t* w) {
  memory::MemStats stats = memory::ReadMemStats(m.world());
  Address at = w[0];
  auto put = [&](uint64_t value) {
    Space(m).Store<uint64_t>(at, value);
    at += 8;
  };
  for (uint64_t value :
       {stats.alloc,         stats.total_alloc,  stats.sys,         stats.lookups,       stats.mallocs,
        stats.frees,         stats.heap_alloc,   stats.heap_sys,    stats.heap_idle,     stats.heap_inuse,
        stats.heap_released, stats.heap_objects, stats.stack_inuse, stats.stack_sys,     stats.mspan_inuse,
        stats.mspan_sys,     stats.mcache_inuse, stats.mcache_sys,  stats.buck_hash_sys, stats.gc_sys,
        stats.other_sys,     stats.next_gc,      stats.last_gc,     stats.pause_total_ns})
    put(value);
  at += 2 * 256 * 8;  // PauseNs, PauseEnd
  Space(m).Store<uint32_t>(at, stats.num_gc);
  Space(m).Store<uint32_t>(at + 4, stats.num_forced_gc);
  Space(m).Store<double>(at + 8, stats.gc_cpu_fraction);
  Space(m).Store<uint8_t>(at + 16, 1);  // EnableGC
  at += 24;
  for (const memory::MemStats::BySize& size : stats.by_size) {
    Space(m).Store<uint32_t>(at, size.size);
    Space(m).Store<uint64_t>(at + 8, size.mallocs);
    Space(m).Store<uint64_t>(at + 16, size.frees);
    at += 24;
  }
  return kContinue;
}
// readfigures(f *figures)
NativeStatus ReadFigures(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  Address at = w[0];
  auto put = [&](uint64_t value) {
    Space(m).Store<uint64_t>(at, value);
    at += 8;
  };
  const memory::Counters& counters = m.world().counters;
  put(m.world().pacer.heap_marked);
  put(counters.tiny_allocs);
  const std::vector<sched::Goroutine>& all = m.scheduler().goroutines;
  auto count = [&all](auto wanted) {
    return static_cast<uint64_t>(std::count_if(all.begin(), all.end(), wanted));
  };
  using sched::Status;
  put(count([](const auto& g) { return g.status != Status::kDead && g.status != Status::kIdle; }));
  put(m.scheduler().next_id - 1);
  put(count([](const auto& g) { return g.status == Status::kRunnable; }));
  for (uint32_t i = 0; i < memory::kSizeClasses; ++i) {
    put(memory::kSizeClassTable[i].size);
    put(counters.small_allocs[i]);
    put(counters.small_frees[i]);
  }
  return kContinue;
}
NativeStatus SetGcPercent(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(int64_t{memory::SetGCPercent(m.world(), static_cast<int32_t>(w[0]))});
  return kContinue;
}
NativeStatus SetMemoryLimit(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(memory::SetMemoryLimit(m.world(), static_cast<int64_t>(w[0])));
  return kContinue;
}
// gcsettings() (percent, limit int64)
NativeStatus GcSettings(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(int64_t{m.world().pacer.gc_percent});
  w[1] = static_cast<uint64_t>(m.world().pacer.memory_limit);
  return kContinue;
}
NativeStatus SetMaxStack(Machine& m, uint64_t* w) {
  uint64_t old = m.world().options.max_stack;
  m.world().options.max_stack = w[0];
  w[0] = old;
  return kContinue;
}

// --- coroutines (iter.Pull) -----------------------------------------------------------------------------

// corostart(fn func(), c *coro) int: a goroutine that waits until corotransfer runs it.
NativeStatus CoroStart(Machine& m, uint64_t* w) {
  sched::Scheduler& scheduler = m.scheduler();
  // It belongs to no queue: what Start did to them is taken back.
  uint32_t runnext = scheduler.runnext;
  auto local = scheduler.local, global = scheduler.global;
  uint32_t index = m.Go(w[0], false);
  if (index == sched::kNoGoroutine) return NativeStatus::kExit;
  scheduler.runnext = runnext;
  scheduler.local = std::move(local);
  scheduler.global = std::move(global);
  scheduler.at(index).status = sched::Status::kWaiting;
  scheduler.at(index).reason = sched::WaitReason::kCoroutine;
  sched::CountBlocked(scheduler, m.world(), index);
  m.state().contexts[index].argument = w[1];
  w[0] = index;
  return kContinue;
}
// coroargument() *coro: what the running goroutine was started with.
NativeStatus CoroArgument(Machine& m, uint64_t* w) {
  w[0] = m.context().argument;
  return kContinue;
}
// corotransfer(c *coro): the goroutine in *c runs, this one takes its place there.
NativeStatus CoroTransfer(Machine& m, uint64_t* w) {
  if (m.resumed()) return kContinue;
  sched::Scheduler& scheduler = m.scheduler();
  uint32_t target = static_cast<uint32_t>(Space(m).Load<uint64_t>(w[0]));
  Space(m).Store<uint64_t>(w[0], scheduler.current);
  m.context().resumed = true;
  sched::HandOver(scheduler, m.world(), target);
  return NativeStatus::kSwitched;
}
// coroexit(c *coro): the running goroutine is over; the one in *c goes on.
NativeStatus CoroExit(Machine& m, uint64_t* w) {
  sched::Scheduler& scheduler = m.scheduler();
  uint32_t target = static_cast<uint32_t>(Space(m).Load<uint64_t>(w[0]));
  m.context().defers.clear();
  m.context().panics.clear();
  sched::ExitTo(scheduler, m.world(), target);
  return NativeStatus::kDead;
}

// resolveNameOff, resolveTextOff(module pointer, offset int32)
NativeStatus ResolveAddress(Machine& m, uint64_t* w) {
  w[0] = AtOffset(m.world(), static_cast<uint32_t>(w[1]));
  return kContinue;
}
// resolveTypeOff(module pointer, offset int32)
NativeStatus ResolveType(Machine& m, uint64_t* w) {
  int32_t offset = static_cast<int32_t>(w[1]);
  if (offset < 0) {
    w[0] = AtOffset(m.world(), static_cast<uint32_t>(offset));
    return kContinue;
  }
  // The names of packages are reached as types are; theirs are addresses, which are beyond all types'
  // numbers.
  Address type = m.resolve_type(static_cast<uint32_t>(offset));
  w[0] = type == 0 && Space(m).CanLoad(w[1]) ? w[1] : type;
  return kContinue;
}
// addReflectOff(ptr unsafe.Pointer) int32
NativeStatus AddReflectOff(Machine& m, uint64_t* w) {
  auto& offsets = m.world().reflect_offsets;
  auto at = std::find(offsets.begin(), offsets.end(), w[0]);
  int64_t index = at - offsets.begin();
  if (at == offsets.end()) offsets.push_back(w[0]);
  w[0] = static_cast<uint64_t>(-1 - index);
  return kContinue;
}
NativeStatus True(Machine&, uint64_t* w) {
  w[0] = 1;
  return kContinue;
}
// typesByString(s string) []*abi.Type
NativeStatus TypesByString(Machine& m, uint64_t* w) {
  std::vector<Address> types = m.types_by_string(std::string(Text(m, w)));
  std::fill(w, w + 3, 0);
  if (types.empty()) return kContinue;
  // Descriptors are static: the collector need not follow the pointers.
  Address array = m.Allocate(8 * types.size(), 0, true);
  if (array == 0) return NativeStatus::kExit;
  for (size_t i = 0; i < types.size(); i++) Space(m).Store<uint64_t>(array + 8 * i, types[i]);
  w[0] = array;
  w[1] = w[2] = types.size();
  return kContinue;
}
// mincore for callers that ask who they are: GetCallerPC, GetCallerSP.
NativeStatus GetCallerSp(Machine& m, uint64_t* w) {
  w[0] = m.context().sp;
  return kContinue;
}
NativeStatus GetCallerPc(Machine& m, uint64_t* w) {
  int depth = 0;
  m.WalkFrames(m.scheduler().current, [&](const vm::Frame& frame) {
    w[0] = Machine::EncodePc(frame.function, frame.word);
    return depth++ < 1;
  });
  return kContinue;
}
// FuncPCABI0(f any), FuncPCABIInternal(f any): the code of a func value.
NativeStatus FuncPc(Machine& m, uint64_t* w) {
  w[0] = w[1] == 0 ? 0 : Space(m).LoadPointer(w[1]);
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_runtime.def"
};

}  // namespace

std::span<const vm::Native> RuntimeNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
