#include "engine/driver/run.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/driver/executable.h"
#include "engine/driver/inspection.h"
#include "engine/driver/run_state.h"
#include "engine/ir/type.h"

namespace escapement::driver {

namespace {

constexpr std::string_view kOutputTooLarge = "Output too large\n";

vm::Host MakeHost(Run::State* state, const RunOptions& options) {
  vm::Host host;
  host.write = [state](int descriptor, std::string_view bytes) { state->Write(descriptor, bytes); };
  host.stdin_text = options.input;
  if (options.more_input)
    host.more_input = [state] {
      if (state->options.trace) return state->options.more_input("", "");
      return state->options.more_input(std::exchange(state->output, {}),
                                       std::exchange(state->error_output, {}));
    };
  host.arguments = {options.program};
  host.arguments.insert(host.arguments.end(), options.arguments.begin(), options.arguments.end());
  host.environment = options.environment;
  host.settings = vm::ReadSettings(options.environment);
  host.files = options.host_files;
  host.directory = options.directory;
  for (const std::string& path : options.own_packages)
    host.own_symbols.push_back(ir::PathToPrefix(path) + ".");
  return host;
}

// A learner may let stacks begin larger than Go does, within reason.
constexpr uint64_t kMostStackStart = 1 << 20;

memory::Options MemoryOptions(const RunOptions& options, int64_t memory_limit) {
  memory::Options out;
  out.gc_percent = GcPercent(options);
  out.memory_limit = memory_limit;
  out.heap_minimum = options.heap_minimum;
  out.max_stack = options.stack_limit;
  out.host_stack = options.host_stack;
  while (out.stack_start < options.stack_start && out.stack_start < kMostStackStart) out.stack_start *= 2;
  if (options.memory_limit < out.region_limit) out.region_limit = options.memory_limit;
  out.collect_at_every_allocation = options.stress_gc;
  out.move_stack_at_every_call = options.stress_stack;
  return out;
}

// Stacks double: the largest power of two that is allowed.
uint64_t LargestStack(const RunOptions& options) {
  return std::bit_floor(std::min(options.stack_limit, options.host_stack));
}

}  // namespace

int GcPercent(const RunOptions& options) {
  return options.gc_percent.value_or(vm::ReadSettings(options.environment).gc_percent);
}

Run::State::State(Library& library, const RunOptions& run_options)
    : options(run_options),
      compilation(library),
      machine(MakeHost(this, run_options)),
      executable(compilation, machine),
      inspector(machine, executable, log) {}

void Run::State::Write(int descriptor, std::string_view bytes) {
  if (inspector.away() || written >= options.output_limit) return;
  uint64_t room = options.output_limit - written;
  if (options.write) {
    options.write(descriptor, bytes.substr(0, room));
  } else {
    Keep(descriptor == 2 && !options.one_output, bytes.substr(0, room));
  }
  written += bytes.size();
  if (bytes.size() > room) {
    Keep(true, kOutputTooLarge);
    stopped = true;
  }
}

void Run::State::SetProcessors() {
  auto set = [this](std::string_view name, int32_t value) {
    if (value == 1) return;  // as it is declared
    if (memory::Address variable = machine.symbol_address(name))
      machine.world().space.Store<int32_t>(variable, value);
  };
  set("runtime.numCPUStartup", options.processors);
  const int32_t procs = machine.host().settings.max_procs;
  set("runtime.gomaxprocs", procs > 0 ? procs : options.processors);
}

void Run::State::Keep(bool error, std::string_view bytes) {
  (error ? error_output : output) += bytes;
  if (turns.empty() || turns.back().error != error) turns.push_back({error, 0});
  turns.back().length += bytes.size();
}

std::string Run::State::Load() {
  for (const auto& [path, text] : options.files) machine.state().files.Add(path, text);
  std::string error = executable.Load(MemoryOptions(options, machine.host().settings.memory_limit),
                                      options.trace ? &log : nullptr, options.seed);
  if (!error.empty()) return error;
  for (const auto& [name, text] : options.string_variables) {
    memory::Address variable = machine.symbol_address(name);
    if (variable == 0) continue;
    machine.world().space.Store<uint64_t>(variable, machine.static_string(text));
    machine.world().space.Store<uint64_t>(variable + 8, text.size());
  }
  SetProcessors();
  machine.scheduler().wall_offset_ns = options.start_time_ns - sched::kStartTimeNs;
  if (options.trace) inspector.Keep(/*now=*/true);
  return "";
}

Run::Run(std::unique_ptr<State> state) : state_(std::move(state)) {}
Run::~Run() = default;

RunState Run::Step(uint64_t max_steps) {
  State& s = *state_;
  s.inspector.Return();
  uint64_t end = s.machine.world().steps + max_steps;
  while (!s.stopped && !s.exited) {
    uint64_t now = s.machine.world().steps;
    if (now >= end) break;
    vm::Result result = s.machine.Run(end - now);
    if (result.status == vm::RunStatus::kNeedsCode) {
      if (s.executable.Compile(result.function)) continue;
      // The linker's sentence, said when the function is called: code is compiled on demand.
      s.machine.Fatal("relocation target " + s.machine.code().name(result.function) + " not defined");
      s.exited = true;
      s.exit_status = 2;
    } else if (result.status == vm::RunStatus::kExited) {
      s.exited = true;
      s.exit_status = result.exit_code;
    } else {
      break;
    }
  }
  if (s.options.trace) s.inspector.Keep();
  if (!s.exited && !s.stopped) return RunState::kRunning;
  return s.exited ? RunState::kExited : RunState::kStopped;
}

void Run::Stop() {
  state_->stopped = true;
}

std::string Run::TakeOutput() {
  return std::exchange(state_->output, {});
}
std::string Run::TakeErrorOutput() {
  return std::exchange(state_->error_output, {});
}
std::vector<OutputTurn> Run::TakeOutputTurns() {
  return std::exchange(state_->turns, {});
}
int Run::exit_status() const {
  return state_->exited ? state_->exit_status : 1;
}
std::string Run::note() const {
  const RunOptions& options = state_->options;
  const vm::State& machine = state_->machine.state();
  switch (machine.host_limit) {
    case vm::HostLimit::kNone:
      break;
    case vm::HostLimit::kStack:
      return "Here a goroutine's stack ends before Go's limit: it may grow to " +
             std::to_string(LargestStack(options) >> 20) + " MiB.";
    case vm::HostLimit::kMemory:
      return "Here a program has " + std::to_string(state_->machine.world().options.region_limit >> 20) +
             " MiB of memory.";
  }
  if (machine.signals.interrupts > 0)
    return "Every goroutine waited, and here nobody is outside to answer: the program was interrupted, as by "
           "Ctrl-C.";
  if (machine.signals.killer != 0)
    return "A signal ended the program (number " + std::to_string(machine.signals.killer) + ").";
  if (machine.network.asked_outside())
    return "The modelled machine has no network but its own loopback: a program can reach itself there, and "
           "nobody else.";
  if (machine.asked_processes) return "The modelled machine runs one program: it cannot start others.";
  return "";
}
uint64_t Run::steps() const {
  return state_->inspector.tip().world.steps;
}
Inspector& Run::inspector() {
  return state_->inspector;
}
exporting::Inspection Run::Inspect(const InspectOptions& options, const std::vector<Verdict>& verdicts) {
  State& s = *state_;
  return InspectionBuilder(s.inspector, s.executable, s.compilation, s.log, verdicts).Build(options);
}
exporting::AliveAnswer Run::WhyAlive(uint64_t address) {
  State& s = *state_;
  return InspectionBuilder(s.inspector, s.executable, s.compilation, s.log, {}).WhyAlive(address);
}
const trace::Log& Run::log() const {
  return state_->log;
}

}  // namespace escapement::driver
