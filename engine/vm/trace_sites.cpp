// What events say about where they happened: the allocation site of the running instruction, its type, the
// call stack and whose code it is.
#include "engine/memory/abi_type.h"
#include "engine/vm/machine.h"

namespace escapement::vm {

using bytecode::Chunk;

namespace {

// Frames of a call stack that are recorded; deeper ones are cut at the outer end.
constexpr size_t kMaxRecordedFrames = 64;

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

trace::Owner OwnerOf(std::string_view function) {
  if (function.substr(0, 5) == "main.") return trace::Owner::kMine;
  if (function.substr(0, 8) == "runtime." || function.substr(0, 17) == "internal/runtime/")
    return trace::Owner::kRuntime;
  return trace::Owner::kLibrary;
}

}  // namespace

trace::OriginId Machine::OriginHere(Address type) {
  if (state_.world.log == nullptr) return trace::OriginId();
  trace::Log& log = *state_.world.log;
  Context& context = this->context();
  uint32_t function = code_.FunctionOf(context.pc);
  const Chunk& chunk = code_.chunk(function);
  uint32_t word = context.pc - code_.entry(function).start;
  auto [site, added] = site_ids_.try_emplace(context.pc);
  if (added) {
    trace::SiteEntry entry;
    entry.function = log.Intern(chunk.name);
    if (const bytecode::Site* known = bytecode::SiteAt(chunk, word)) {
      entry.kind = log.Intern(KindName(known->kind));
      entry.symbol = log.Intern(known->expression);
      entry.ordinal = known->ordinal;
      entry.file = log.Intern(chunk.files[known->file]);
      entry.line = known->line;
      entry.column = known->column;
    } else {
      entry.kind = log.Intern("runtime");
      entry.ordinal = word;
      if (const bytecode::LineEntry* line = bytecode::LineAt(chunk, word)) {
        entry.file = log.Intern(chunk.files[line->file]);
        entry.line = line->line;
        entry.column = line->column;
      }
    }
    entry.owner = OwnerOf(chunk.name);
    site->second = log.AddSite(entry);
  }
  auto [type_id, new_type] = type_ids_.try_emplace(type);
  if (new_type && type != 0) {
    type_id->second = log.InternType(type_name ? type_name(type) : std::string(),
                                     memory::TypeSize(state_.world.space, type));
  }
  log.set_owner(state_.in_main ? log.sites()[site->second.index].owner : trace::Owner::kBeforeMain);
  log.stack = StackHere();
  return log.Origin(site->second, type_id->second);
}

trace::StackId Machine::StackHere() {
  trace::Log& log = *state_.world.log;
  if (state_.scheduler.current == sched::kNoGoroutine) return trace::StackId();
  std::vector<trace::FrameId> frames;
  WalkFrames(state_.scheduler.current, [&](const Frame& frame) {
    const Chunk& chunk = code_.chunk(frame.function);
    const bytecode::LineEntry* line = bytecode::LineAt(chunk, frame.word);
    if (line == nullptr) return frames.size() < kMaxRecordedFrames;
    uint32_t file = line->file, at = line->line, column = line->column;
    for (uint32_t node = line->inline_node;; node = chunk.inlines[node].parent) {
      uint64_t key = uint64_t{code_.entry(frame.function).start + frame.word} << 16 | node;
      auto [id, added] = frame_ids_.try_emplace(key);
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
    return frames.size() < kMaxRecordedFrames;
  });
  trace::StackId stack;
  for (size_t i = frames.size(); i-- > 0;) stack = log.Push(stack, frames[i]);
  return stack;
}

}  // namespace escapement::vm
