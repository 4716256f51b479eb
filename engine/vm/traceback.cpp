// Tracebacks in the runtime's form: the innermost 50 and the outermost 50 frames, inlined calls as frames of
// their own, functions of package runtime hidden unless exported.
// Model: +0x offsets count bytes of our own code, and a word with a question mark is not the real one's.
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/number_text.h"
#include "engine/sched/bubble.h"
#include "engine/vm/machine.h"

namespace escapement::vm {

using bytecode::Chunk;
using bytecode::Op;
using bytecode::TraceArg;

namespace {

constexpr size_t kInnerFrames = 50;
constexpr size_t kOuterFrames = 50;
constexpr std::string_view kGoroot = "/usr/local/go/src/";
constexpr uint64_t kPcWordShift = 40;

struct NativePosition {
  std::string_view name;
  std::string_view file;
  uint32_t line;
  std::string_view shape;
};
constexpr NativePosition kNativePositions[] = {
#define NATIVE_POSITION(name, file, line, shape) {name, file, line, shape},
#include "engine/vm/native_positions.def"
};

// Type arguments are printed as "[...]", and the function that panics as "panic".
std::string NameForPrint(std::string_view name) {
  if (name == "runtime.gopanic") return "panic";
  size_t open = name.find('[');
  size_t close = name.rfind(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::string(name);
  return std::string(name.substr(0, open)) + "[...]" + std::string(name.substr(close + 1));
}

// The arguments of a native, from its window.
std::string NativeArguments(std::string_view shape, const uint64_t* window) {
  std::string out;
  bool start = true;
  for (char c : shape) {
    if (!start && c != '}') out += ", ";
    start = c == '{';
    if (c == '{' || c == '}') {
      out += c;
      continue;
    }
    out += base::HexText(*window++);
    if (c == '?') out += c;
  }
  return out;
}

std::string_view StatusText(const sched::Goroutine& goroutine) {
  switch (goroutine.status) {
    case sched::Status::kIdle:
      return "idle";
    case sched::Status::kRunnable:
      return "runnable";
    case sched::Status::kRunning:
      return "running";
    case sched::Status::kWaiting:
      return sched::Text(goroutine.reason);
    case sched::Status::kDead:
      return "dead";
  }
  return "???";
}

}  // namespace

uint64_t Machine::EncodePc(uint32_t function, uint32_t word) {
  return bytecode::TextAddress(function) + 1 + (uint64_t{word} << kPcWordShift);
}

bool Machine::DecodePc(uint64_t pc, uint32_t* function, uint32_t* word) {
  uint64_t address = pc & ((uint64_t{1} << kPcWordShift) - 1);
  if (address < bytecode::kTextBase) return false;
  *function = bytecode::FunctionAt(address);
  *word = static_cast<uint32_t>(pc >> kPcWordShift);
  return true;
}

bool Machine::IsHidden(std::string_view name, bool first) {
  if (name == "runtime.gopanic") return first;
  if (name == "runtime.runFinalizers" || name == "runtime.runCleanups") return false;
  if (name.find('.') == std::string_view::npos) return true;
  if (name.substr(0, 8) != "runtime.") return false;
  std::string_view rest = name.substr(8);
  if (rest.substr(0, 2) == "(*") rest = rest.substr(2);
  return rest.empty() || rest[0] < 'A' || rest[0] > 'Z';
}

std::string Machine::Arguments(uint32_t index, const Frame& frame) const {
  const Chunk& chunk = code_.chunk(frame.function);
  const uint64_t* slots = state_.contexts[index].registers.data() + frame.fp;
  const bool panics = chunk.name == "runtime.gopanic";  // the real one keeps neither word
  std::string out;
  bool start = true;
  for (const TraceArg& arg : chunk.trace_args) {
    if (!start && arg.kind != TraceArg::kClose) out += ", ";
    start = arg.kind == TraceArg::kOpen;
    switch (arg.kind) {
      case TraceArg::kOpen:
        out += "{";
        break;
      case TraceArg::kClose:
        out += "}";
        break;
      case TraceArg::kDots:
        out += "...";
        break;
      case TraceArg::kUnknown:
        out += "_";
        break;
      case TraceArg::kValue: {
        uint64_t value = 0;
        if (!arg.in_frame) {
          value = slots[arg.place];
        } else if (state_.world.space.CanLoad(frame.sp + arg.place, 8)) {
          value = state_.world.space.LoadPointer(frame.sp + arg.place);
        }
        if (arg.size < 8) value &= (uint64_t{1} << (arg.size * 8)) - 1;
        out += base::HexText(value);
        if (panics || frame.word < arg.kept_from || frame.word >= arg.kept_until) out += "?";
        break;
      }
    }
  }
  return out;
}

std::string Machine::Traceback(uint32_t index, const Frame* entered) const {
  const sched::Goroutine& goroutine = state_.scheduler.at(index);
  std::string out = "goroutine " + std::to_string(goroutine.id) + " [" + std::string(StatusText(goroutine));
  if (goroutine.bubble != 0) {
    if (goroutine.status == sched::Status::kWaiting && sched::IsDurable(goroutine.reason) &&
        !out.ends_with("(durable)"))
      out += " (durable)";
    out += ", synctest bubble " + std::to_string(goroutine.bubble);
  }
  out += "]:\n";
  // A deep stack is walked twice: to count its frames, and to print the innermost and the outermost.
  constexpr size_t kUncounted = ~size_t{0};
  constexpr uint32_t kInlined = ~uint32_t{0};
  size_t count = 0, total = kUncounted;
  bool first = true, elided = false;
  // The functions of the runtime behind which a wrapper is shown: it panicked itself.
  bool callee_panics = false;
  auto elide = [&] {
    if (!std::exchange(elided, true))
      out += "..." + std::to_string(total - kInnerFrames - kOuterFrames) + " frames elided...\n";
  };
  // `arguments` makes their text; `offset` is ~0 for an inlined call.
  auto add = [&](std::string_view name, std::string_view file, uint32_t line, uint32_t offset,
                 auto arguments) {
    callee_panics = name == "runtime.gopanic" || name == "runtime.panicmemAddr" ||
                    name == "runtime.panicfault" || name == "runtime.panicwrap";
    if (IsHidden(name, first)) return;
    first = false;
    const size_t number = count++;
    if (total == kUncounted) return;
    if (number >= kInnerFrames && number + kOuterFrames < total) return elide();
    out += NameForPrint(name) + "(" + arguments() + ")\n\t" + std::string(file) + ":" + std::to_string(line);
    if (offset != kInlined) out += " +" + base::HexText(offset * 8 + 8);
    out += "\n";
  };
  std::unordered_map<uint32_t, size_t> printed;  // frames a word stands for: a recursion has few
  auto visit = [&](const Frame& frame) {
    const uint32_t place = code_.entry(frame.function).start + frame.word;
    const size_t before = count;
    if (auto known = printed.find(place); known != printed.end() && !frame.top && !first) {
      const size_t after = count + known->second;
      if (total == kUncounted || (count >= kInnerFrames && after + kOuterFrames <= total)) {
        count = after;
        if (total != kUncounted) elide();
        return true;
      }
    }
    const Chunk& chunk = code_.chunk(frame.function);
    bytecode::Word at_word = code_.words()[place];
    if (frame.top && bytecode::OpOf(at_word) == Op::CallNative) {
      std::string_view name = code_.native(bytecode::Imm32(at_word)).name;
      for (const NativePosition& native : kNativePositions)
        if (native.name == name)
          add(name, std::string(kGoroot) + std::string(native.file), native.line, 0, [&] {
            return NativeArguments(native.shape, state_.contexts[index].registers.data() + frame.fp +
                                                     bytecode::OperandA(at_word) / 8);
          });
    }
    if ((chunk.flags & bytecode::kNoPrint) != 0) return true;
    const bytecode::LineEntry* line = bytecode::FaultLineAt(chunk, frame.word);
    if (line == nullptr) return true;
    std::string_view file = chunk.files[line->file];
    uint32_t at = line->line;
    for (uint32_t node = line->inline_node; node != 0; node = chunk.inlines[node].parent) {
      add(chunk.inlines[node].function, file, at, kInlined, [] { return std::string("..."); });
      file = chunk.files[chunk.inlines[node].file];
      at = chunk.inlines[node].line;
    }
    // Of a wrapper only what was inlined into it is shown.
    if ((chunk.flags & bytecode::kWrapper) == 0 || callee_panics)
      add(chunk.name, file, at, frame.word, [&] { return Arguments(index, frame); });
    else
      callee_panics = false;
    if (!first && !frame.top) printed[place] = count - before;
    return true;
  };
  auto enter = [&] {
    if (entered == nullptr) return;
    const Chunk& chunk = code_.chunk(entered->function);
    if (chunk.inlines.empty() || (chunk.flags & bytecode::kWrapper) != 0) return;
    if (const bytecode::InlineNode& itself = chunk.inlines[0]; itself.line != 0)
      add(chunk.name, chunk.files[itself.file], itself.line, 0, [&] { return Arguments(index, *entered); });
  };
  enter();
  WalkFrames(index, visit);
  total = std::exchange(count, 0);
  first = true;
  enter();
  WalkFrames(index, visit);
  uint32_t function = 0, word = 0;
  if (goroutine.parent != 0 && DecodePc(goroutine.create_pc, &function, &word)) {
    const Chunk& chunk = code_.chunk(function);
    std::string_view creator = chunk.name;
    const bytecode::LineEntry* line = bytecode::LineAt(chunk, word);
    if (line != nullptr && line->inline_node != 0) creator = chunk.inlines[line->inline_node].function;
    if (line != nullptr && !IsHidden(creator, false)) {
      out += "created by " + NameForPrint(creator);
      // A timer's function has no goroutine.
      const uint32_t timers = state_.timer_goroutine;
      if (timers == sched::kNoGoroutine || goroutine.parent != state_.scheduler.at(timers).id)
        out += " in goroutine " + std::to_string(goroutine.parent);
      out += "\n\t" + chunk.files[line->file] + ":" + std::to_string(line->line) + " +" +
             base::HexText(word * 8 + 8) + "\n";
    }
  }
  return out;
}

std::string Machine::CrashTracebacks(bool all, uint32_t bubble) const {
  if (!state_.traceback.frames) return "";
  const uint32_t current = state_.scheduler.current;
  const bool running = current != sched::kNoGoroutine && current < state_.contexts.size() &&
                       state_.scheduler.at(current).status == sched::Status::kRunning;
  const uint32_t shown = running ? current : sched::kNoGoroutine;
  std::string out;
  if (running) out += "\n" + Traceback(current);
  if (all || state_.traceback.all) return out + OtherTracebacks(shown);
  return bubble != 0 ? out + OtherTracebacks(shown, bubble) : out;
}

std::string Machine::OtherTracebacks(uint32_t except, uint32_t bubble) const {
  std::string out;
  for (uint32_t i = 0; i < state_.scheduler.goroutines.size(); i++) {
    const sched::Goroutine& goroutine = state_.scheduler.at(i);
    if (i == except || goroutine.system || (bubble != 0 && goroutine.bubble != bubble) ||
        goroutine.status == sched::Status::kIdle || goroutine.status == sched::Status::kDead)
      continue;
    out += "\n" + Traceback(i);
  }
  return out;
}

void Machine::PrintStackOverflow(uint32_t function, uint32_t fp) {
  const sched::Goroutine& goroutine = this->goroutine();
  std::string stack =
      "[" + base::HexText(goroutine.stack.lo) + ", " + base::HexText(goroutine.stack.hi) + "]";
  std::string out =
      "runtime: goroutine stack exceeds " + std::to_string(state_.world.options.max_stack) +
      "-byte limit\nruntime: sp=" + base::HexText(context().sp) + " stack=" + stack +
      "\nfatal error: stack overflow\n\nruntime stack:\n"
      "runtime.throw({0x0?, 0x0?})\n\t/usr/local/go/src/runtime/panic.go:1229 +0x48 fp=0x0 sp=0x0 pc=0x0\n"
      "runtime.newstack()\n\t/usr/local/go/src/runtime/stack.go:1207 +0x5fd fp=0x0 sp=0x0 pc=0x0\n"
      "runtime.morestack()\n\t/usr/local/go/src/runtime/asm_amd64.s:681 +0x7d fp=0x0 sp=0x0 pc=0x0\n\n";
  const Frame entered{function, 0, fp, context().sp - code_.entry(function).frame_total};
  Write(2, out + Traceback(state_.scheduler.current, &entered));
  Exit(2);
}

}  // namespace escapement::vm
