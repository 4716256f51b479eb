// What events say about where they happened: the allocation site of the running instruction, its type, the
// call stack and whose code it is.
#include "engine/memory/abi_type.h"
#include "engine/vm/machine.h"

namespace escapement::vm {

using bytecode::Chunk;

namespace {

constexpr uint32_t kNoCall = ~uint32_t{0};
constexpr uint32_t kRecordKey = 0x80000000;  // above every word index: sites of the runtime's records
constexpr int kMaxKnownCalls = 16;           // of one stack; the last place is shared by the rest

std::string_view KindName(bytecode::SiteKind kind) {
  switch (kind) {
    case bytecode::SiteKind::kNew:
      return "new";
    case bytecode::SiteKind::kMovedVariable:
      return "moved";
    case bytecode::SiteKind::kMakeSlice:
      return "make";
    case bytecode::SiteKind::kMakeMap:
      return "map";
    case bytecode::SiteKind::kMakeChan:
      return "chan";
    case bytecode::SiteKind::kSliceLiteral:
      return "slice literal";
    case bytecode::SiteKind::kMapLiteral:
      return "map literal";
    case bytecode::SiteKind::kAppend:
      return "append";
    case bytecode::SiteKind::kClosure:
      return "closure";
    case bytecode::SiteKind::kMethodValue:
      return "method value";
    case bytecode::SiteKind::kInterface:
      return "interface";
    case bytecode::SiteKind::kConcat:
      return "concat";
    case bytecode::SiteKind::kStringConversion:
      return "string";
    case bytecode::SiteKind::kMapAssign:
      return "map assign";
    case bytecode::SiteKind::kGo:
      return "go";
    case bytecode::SiteKind::kDefer:
      return "defer";
    case bytecode::SiteKind::kVariadic:
      return "variadic";
    case bytecode::SiteKind::kRuntime:
      return "runtime";
    case bytecode::SiteKind::kOther:
      return "other";
  }
  return "other";
}

}  // namespace

trace::Owner Machine::OwnerOf(std::string_view function) const {
  auto begins = [function](std::string_view prefix) { return function.substr(0, prefix.size()) == prefix; };
  if (begins("main.")) return trace::Owner::kMine;
  if (begins("runtime.") || begins("internal/runtime/")) return trace::Owner::kRuntime;
  for (const std::string& own : host_.own_symbols)
    if (begins(own)) return trace::Owner::kMine;
  return trace::Owner::kLibrary;
}

trace::OriginId Machine::OriginHere(Address type) {
  if (state_.world.log == nullptr || !state_.world.log->recording()) return trace::OriginId();
  trace::Log& log = *state_.world.log;
  const uint32_t pc = context().pc;
  const KnownOrigin* known = &known_origins_[pc % known_origins_.size()];
  if (known->pc != pc || known->type != type || (known->runtime && known->statement != Statement()))
      [[unlikely]]
    known = &FindOrigin(pc, type);
  log.set_owner(state_.in_main ? known->owner : trace::Owner::kBeforeMain);
  log.stack = StackHere();
  return known->origin;
}

void Machine::Locate() {
  if (state_.world.log == nullptr || !state_.world.log->recording()) return;
  trace::Log& log = *state_.world.log;
  log.stack = StackHere();
  trace::Owner owner = log.stack.valid() ? log.stacks()[log.stack.index].owner : trace::Owner::kRuntime;
  log.set_owner(state_.in_main ? owner : trace::Owner::kBeforeMain);
}

trace::OriginId Machine::RecordOrigin(std::string_view type, uint64_t size, std::string_view through) {
  if (state_.world.log == nullptr || !state_.world.log->recording() ||
      state_.scheduler.current == sched::kNoGoroutine)
    return trace::OriginId();
  trace::Log& log = *state_.world.log;
  Locate();
  // The site of the statement with another detail. Records are few: they are recycled.
  trace::StringId detail = log.Intern(through);
  const uint32_t statement = Statement();
  auto [site, added] = site_ids_.try_emplace(uint64_t{statement} << 32 | (kRecordKey + detail.index));
  if (added) {
    trace::SiteEntry entry = DescribeSite(statement, statement);
    entry.through = detail;
    site->second = log.AddSite(entry);
  }
  return log.Origin(site->second, log.InternType(type, size));
}

uint32_t Machine::Statement() {
  const Context& context = this->context();
  const uint32_t bottom = code_.entry(kStubGoroutine).start;
  const uint32_t bottom_words = static_cast<uint32_t>(code_.chunk(kStubGoroutine).code.size());
  uint32_t fp = context.fp, pc = context.pc, word = pc;
  while (pc - bottom >= bottom_words) {
    if (OwnerOf(code_.chunk(code_.FunctionOf(word)).name) != trace::Owner::kRuntime) return word;
    const uint64_t header = context.registers[fp - 1];
    pc = ReturnPc(header);
    word = pc - 1;
    fp -= ReturnDistance(header) / 8;
  }
  return context.pc;
}

// What allocates at `pc` on behalf of `statement`. Code of the library that was inlined into the user's
// function, and the runtime's that was inlined anywhere, allocates where it was called.
trace::SiteEntry Machine::DescribeSite(uint32_t pc, uint32_t statement) {
  trace::Log& log = *state_.world.log;
  const uint32_t function = code_.FunctionOf(statement);
  const Chunk& chunk = code_.chunk(function);
  const uint32_t word = statement - code_.entry(function).start;
  trace::SiteEntry entry;
  entry.function = log.Intern(chunk.name);
  entry.owner = OwnerOf(chunk.name);
  uint32_t node = 0, file = 0;
  bool positioned = true;
  if (const bytecode::Site* known = bytecode::SiteAt(chunk, word)) {
    entry.kind = log.Intern(KindName(known->kind));
    entry.symbol = log.Intern(known->expression);
    entry.ordinal = known->ordinal;
    entry.line = known->line;
    entry.column = known->column;
    node = known->inline_node;
    file = known->file;
  } else {
    entry.kind = log.Intern("runtime");
    entry.ordinal = word;
    const bytecode::LineEntry* line = bytecode::LineAt(chunk, word);
    positioned = line != nullptr;
    if (positioned) {
      entry.line = line->line;
      entry.column = line->column;
      node = line->inline_node;
      file = line->file;
    }
  }
  if (statement != pc) {
    const uint32_t inner = code_.FunctionOf(pc);
    const Chunk& its = code_.chunk(inner);
    const bytecode::LineEntry* line = bytecode::LineAt(its, pc - code_.entry(inner).start);
    entry.through = log.Intern(
        line != nullptr && line->inline_node != 0 ? its.inlines[line->inline_node].function : its.name);
  }
  while (node != 0) {
    const bytecode::InlineNode& inlined = chunk.inlines[node];
    const trace::Owner owner = OwnerOf(inlined.function);
    if (owner == entry.owner || (owner == trace::Owner::kLibrary && entry.owner != trace::Owner::kMine))
      break;
    if (!entry.through.valid()) entry.through = log.Intern(inlined.function);
    file = inlined.file;
    entry.line = inlined.line;
    entry.column = inlined.column;
    node = inlined.parent;
  }
  if (positioned) entry.file = log.Intern(chunk.files[file]);
  return entry;
}

const Machine::KnownOrigin& Machine::FindOrigin(uint32_t pc, Address type) {
  trace::Log& log = *state_.world.log;
  const bool runtime = OwnerOf(code_.chunk(code_.FunctionOf(pc)).name) == trace::Owner::kRuntime;
  const uint32_t statement = runtime ? Statement() : pc;
  auto [place, added] = site_ids_.try_emplace(uint64_t{statement} << 32 | pc);
  trace::SiteId& site = place->second;
  if (added) {
    trace::SiteEntry entry = DescribeSite(pc, statement);
    // Several instructions of a function that works for a statement are one site.
    trace::SiteId* same = &site;
    if (entry.through.valid())
      same = &site_ids_[uint64_t{statement} << 32 | (kRecordKey + entry.through.index)];
    if (!same->valid()) *same = log.AddSite(entry);
    site = *same;
  }
  auto [type_id, new_type] = type_ids_.try_emplace(type);
  if (new_type && type != 0) {
    type_id->second = log.InternType(type_name ? type_name(type) : std::string(),
                                     memory::TypeSize(state_.world.space, type));
  }
  KnownOrigin& known = known_origins_[pc % known_origins_.size()];
  known = {pc, statement, type, log.Origin(site, type_id->second), log.sites()[site.index].owner, runtime};
  return known;
}

// The stack of `callers` and the instruction at `word`: from the callers' list, which lies in the order in
// which the program made its stacks and will probably need them again.
inline trace::StackId Machine::ExtendStack(trace::StackId callers, uint32_t word) {
  const uint32_t key = callers.index + 1;  // 0 for none
  if (key >= first_calls_.size()) first_calls_.resize(state_.world.log->stacks().size() + 1, kNoCall);
  uint32_t* link = &first_calls_[key];
  for (int length = 0; *link != kNoCall; ++length) {
    KnownCall& call = known_calls_[*link];
    if (call.word == word) return call.stack;
    if (length == kMaxKnownCalls) {
      call.stack = NewStack(callers, word);
      call.word = word;
      return call.stack;
    }
    link = &call.next;
  }
  *link = static_cast<uint32_t>(known_calls_.size());
  known_calls_.push_back({word, NewStack(callers, word), kNoCall});
  return known_calls_.back().stack;
}

// Walks out to the first frame whose callers are known, and back in. Each frame is walked once in its
// life, however many events it sees.
trace::StackId Machine::StackHere() {
  if (state_.scheduler.current == sched::kNoGoroutine || !state_.world.log->recording())
    return trace::StackId();
  Context& context = this->context();
  if (context.callers.size() < context.registers.size()) context.callers.resize(context.registers.size());
  const uint32_t bottom = code_.entry(kStubGoroutine).start;
  const uint32_t bottom_words = static_cast<uint32_t>(code_.chunk(kStubGoroutine).code.size());
  trace::StackId stack;
  uint32_t fp = context.fp, pc = context.pc, word = pc;
  open_frames_.clear();
  while (pc - bottom >= bottom_words) {
    open_frames_.push_back({fp, word});
    const uint64_t header = context.registers[fp - 1];
    if ((header & kRecorded) != 0) {
      stack = trace::StackId(context.callers[fp]);
      break;
    }
    pc = ReturnPc(header);
    word = pc - 1;
    fp -= ReturnDistance(header) / 8;
  }
  for (size_t i = open_frames_.size(); i-- > 0;) {
    const OpenFrame& frame = open_frames_[i];
    context.registers[frame.fp - 1] |= kRecorded;
    context.callers[frame.fp] = stack.index;
    stack = ExtendStack(stack, frame.word);
  }
  return stack;
}

// The stack of `callers` and the frames that the instruction at `word` stands for: its function's and
// those of calls that were inlined there.
trace::StackId Machine::NewStack(trace::StackId callers, uint32_t word) {
  trace::Log& log = *state_.world.log;
  const uint32_t function = code_.FunctionOf(word);
  const Chunk& chunk = code_.chunk(function);
  trace::StackId stack = callers;
  if (const bytecode::LineEntry* line = bytecode::LineAt(chunk, word - code_.entry(function).start)) {
    std::vector<trace::FrameId> frames;
    uint32_t file = line->file, at = line->line, column = line->column;
    for (uint32_t node = line->inline_node;; node = chunk.inlines[node].parent) {
      auto [id, added] = frame_ids_.try_emplace(uint64_t{word} << 16 | node);
      if (added) {
        trace::FrameEntry entry;
        const std::string& name = node == 0 ? chunk.name : chunk.inlines[node].function;
        entry.function = log.Intern(name);
        entry.file = log.Intern(chunk.files[file]);
        entry.line = at;
        entry.column = column;
        entry.owner = OwnerOf(name);
        id->second = log.AddFrame(entry);
      }
      frames.push_back(id->second);
      if (node == 0) break;
      file = chunk.inlines[node].file;
      at = chunk.inlines[node].line;
      column = chunk.inlines[node].column;
    }
    for (size_t i = frames.size(); i-- > 0;) stack = log.Push(stack, frames[i]);
  }
  return stack;
}

}  // namespace escapement::vm
