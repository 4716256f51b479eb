#include "engine/driver/inspector.h"

#include <algorithm>

#include "engine/base/check.h"

namespace escapement::driver {

namespace {

// A keyframe costs a pass over the used memory: a step for each of its bytes keeps that a small part of the
// run's time. Going back to a moment costs up to that many steps.
constexpr uint64_t kLeastDistance = 1000000;
constexpr uint64_t kMostDistance = 25000000;
constexpr uint64_t kMostKeyframeBytes = uint64_t{96} << 20;
constexpr uint64_t kMostFrameSteps = 4000000;
constexpr uint64_t kWatchedSlice = 1000000;
constexpr uint64_t kFirstLookBack = 4096;

}  // namespace

uint64_t Inspector::keyframe_bytes() const {
  uint64_t sum = 0;
  for (const Keyframe& k : keyframes_) sum += k.space.own_bytes();
  return sum;
}

void Inspector::Keep(bool now) {
  vm::State& state = machine_.state();
  uint64_t steps = state.world.steps;
  if (!now) {
    if (keyframes_.empty() || state.exited) return;
    uint64_t distance =
        std::max({kLeastDistance, least_distance_, std::min(state.world.space.used_bytes(), kMostDistance)});
    if (steps - keyframes_.back().moment.step < distance) return;
  }
  Keyframe keyframe;
  // Memory is kept as pages; the rest of the state is copied.
  memory::AddressSpace space = std::move(state.world.space);
  keyframe.state = state;
  state.world.space = std::move(space);
  keyframe.space.Save(state.world.space, keyframes_.empty() ? nullptr : &keyframes_.back().space);
  keyframe.log.events = log_.size();
  keyframe.log.last_step = log_.last_step();
  keyframe.log.owner = log_.owner();
  keyframe.log.stack = log_.stack;
  keyframe.moment = {log_.size(), steps, 0};
  keyframes_.push_back(std::move(keyframe));
  if (keyframe_bytes() > kMostKeyframeBytes) ThinOut();
}

// Every second keyframe goes; the first stays.
void Inspector::ThinOut() {
  std::vector<Keyframe> kept;
  for (size_t i = 0; i < keyframes_.size(); i += 2) kept.push_back(std::move(keyframes_[i]));
  if (kept.size() > 1) least_distance_ = 2 * (kept[1].moment.step - kept[0].moment.step);
  keyframes_ = std::move(kept);
}

void Inspector::Return() {
  if (!away_) return;
  machine_.state() = std::move(tip_);
  tip_ = vm::State();
  executable_.Relink();
  counting_.reset();
  away_ = false;
  exact_ = false;
}

void Inspector::Leave(const Keyframe& keyframe) {
  vm::State& state = machine_.state();
  if (!away_) {
    tip_ = std::move(state);
    state = vm::State();
    away_ = true;
  }
  memory::AddressSpace space = std::move(state.world.space);
  state = keyframe.state;
  state.world.space = std::move(space);
  keyframe.space.Restore(&state.world.space);
  counting_ = std::make_unique<trace::Log>(keyframe.log);
  counting_->heap_low = log_.heap_low;
  counting_->size_classes = log_.size_classes;
  state.world.log = counting_.get();
  executable_.Relink();
  if (&keyframe == &keyframes_.front()) machine_.WatchFromStart();
  exact_ = false;
}

uint64_t Inspector::EventsSoFar() const {
  return away_ ? counting_->size() : log_.size();
}

// A stopped run ends where it was stopped, however far the program would go.
bool Inspector::PastTip() const {
  return away_ && (machine_.state().world.steps > tip_.world.steps || counting_->size() > log_.size());
}

bool Inspector::RunTo(uint64_t step) {
  if (away_) step = std::min(step, tip_.world.steps);
  for (;;) {
    vm::Result result = machine_.RunTo(step);
    if (result.status == vm::RunStatus::kNeedsCode) {
      if (!executable_.Compile(result.function)) return false;
    } else {
      return result.status != vm::RunStatus::kExited;
    }
  }
}

bool Inspector::Watch(const vm::Watcher& watcher) {
  for (;;) {
    vm::Result result = machine_.RunWatched(watcher, kWatchedSlice);
    if (result.status == vm::RunStatus::kNeedsCode) {
      if (!executable_.Compile(result.function)) return false;
    } else if (result.status == vm::RunStatus::kWatch) {
      return !PastTip();
    } else if (result.status == vm::RunStatus::kExited || PastTip()) {
      return false;
    }
  }
}

bool Inspector::ReachEnd() {
  Return();
  moment_ = {log_.size(), machine_.state().world.steps, 0};
  exact_ = true;
  return true;
}

bool Inspector::Reach(const trace::Moment& moment) {
  if (exact_ && moment == moment_) return true;
  ENSURE(!keyframes_.empty(), "a traced run has its first keyframe");
  const bool to_end = tip().exited && moment.event <= log_.size() && moment.step <= tip().world.steps &&
                      moment.statement == 0;
  if (!Before(moment, {log_.size(), tip().world.steps, 0}) && tip().exited) {
    ReachEnd();
    return to_end;
  }
  const Keyframe* from = &keyframes_.front();
  for (const Keyframe& k : keyframes_)
    if (Before(k.moment, moment)) from = &k;
  // The machine may stand nearer already.
  bool on = away_ && !machine_.state().exited &&
            Before({EventsSoFar(), machine_.state().world.steps, 0}, moment) &&
            machine_.state().world.steps >= from->moment.step;
  if (!on) Leave(*from);
  if (Approach(moment)) return moment_.statement == moment.statement;
  ReachEnd();  // no instruction comes behind the program's last events
  return to_end;
}

// From an earlier place: the fast loop up to the step before, then the watched one.
bool Inspector::Approach(const trace::Moment& moment) {
  exact_ = false;
  if (moment.step > machine_.state().world.steps + 1 && !RunTo(moment.step - 1)) return false;
  bool there = false;
  trace::Moment first;
  vm::Watcher watcher = [&](const vm::Boundary& at) {
    if (at.moment.event < moment.event || at.moment.step < moment.step) return false;
    if (!there) first = at.moment;
    there = true;
    moment_ = at.moment;
    return at.moment.statement >= moment.statement || at.moment.event != first.event ||
           at.moment.step != first.step;
  };
  exact_ = Watch(watcher);
  return exact_;
}

bool Inspector::RunStraight(const trace::Moment& moment) {
  if (moment_ == trace::Moment()) machine_.WatchFromStart();
  return Approach(moment) && moment_ == moment;
}

bool Inspector::GoTo(const Target& target) {
  if (keyframes_.empty()) return false;
  switch (target.kind) {
    case Target::Kind::kEnd:
      return ReachEnd();
    case Target::Kind::kEvent:
      if (target.number < timeline().taken()) return Reach(After(static_cast<uint32_t>(target.number)));
      ReachEnd();
      return false;
    case Target::Kind::kStep:
      return Reach({0, target.number, 0});
    case Target::Kind::kMoment:
      return Reach(target.moment);
    case Target::Kind::kLine:
      return FindLine(target);
  }
  return false;
}

trace::Moment Inspector::After(uint32_t event) {
  return {uint64_t{event} + 1, timeline_.StepOf(event), 0};
}

namespace {

std::string_view BaseName(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

bool Inspector::FindLine(const Target& target) {
  Leave(keyframes_.front());
  uint64_t hits = 0;
  const vm::Code& code = machine_.code();
  vm::Watcher watcher = [&](const vm::Boundary& at) {
    if ((at.marks & (vm::kLineStart | vm::kMineWord)) != (vm::kLineStart | vm::kMineWord)) return false;
    uint32_t function = code.FunctionOf(at.word);
    const bytecode::Chunk& chunk = code.chunk(function);
    const bytecode::LineEntry* line = bytecode::LineAt(chunk, at.word - code.entry(function).start);
    if (line == nullptr || line->line != target.line) return false;
    if (!target.file.empty() && BaseName(chunk.files[line->file]) != BaseName(target.file)) return false;
    moment_ = at.moment;
    return ++hits == target.hit;
  };
  if (Watch(watcher)) {
    exact_ = true;
    return true;
  }
  ReachEnd();
  return false;
}

// --- moves ---

bool Inspector::Go(const Move& move) {
  if (keyframes_.empty() || !exact_) return false;
  trace::Moment from = moment_;
  bool by_event = move.by == Move::By::kEvent || move.by == Move::By::kAllocation;
  if (by_event ? GoByEvent(move) : GoByLine(move)) return true;
  if (from.event >= log_.size() && from.step >= tip().world.steps) {
    ReachEnd();
  } else {
    Reach(from);
  }
  return false;
}

bool Inspector::Matches(const vm::Boundary& at, const Move& move) const {
  if ((at.marks & vm::kLineStart) == 0) return false;
  if (!move.library && (at.marks & vm::kMineWord) == 0) return false;
  if (move.by == Move::By::kLine || goroutine_ == sched::kNoGoroutine) return true;
  return IsGone() || (at.goroutine == goroutine_ && at.fp < fp_ + (move.by == Move::By::kOver));
}

bool Inspector::IsGone() const {
  const sched::Goroutine& goroutine = machine_.state().scheduler.at(goroutine_);
  return goroutine.id != goid_ || goroutine.status == sched::Status::kDead;
}

bool Inspector::GoByLine(const Move& move) {
  const vm::State& state = machine_.state();
  goroutine_ = state.exited ? sched::kNoGoroutine : state.scheduler.current;
  if (goroutine_ != sched::kNoGoroutine) {
    goid_ = state.scheduler.at(goroutine_).id;
    fp_ = state.contexts[goroutine_].fp;
  }
  if (move.back) return GoBackByLine(move);
  if (!away_) return false;  // at the end
  exact_ = false;
  const bool frames = move.by != Move::By::kLine && goroutine_ != sched::kNoGoroutine;
  uint32_t outermost = fp_;  // that was on top since; calls made from it have their windows above
  vm::Watcher watcher = [&](const vm::Boundary& at) {
    if (frames && at.goroutine == goroutine_) outermost = std::min(outermost, at.fp);
    if (!Matches(at, move) || (frames && at.fp != outermost && !IsGone())) return false;
    moment_ = at.moment;
    return true;
  };
  exact_ = Watch(watcher);
  return exact_;
}

// Looks at stretches before the moment, each longer than the last, for the last line that starts in one: by
// frames, in a call that has not been left since.
bool Inspector::GoBackByLine(const Move& move) {
  const trace::Moment to = moment_;
  const bool frames = move.by != Move::By::kLine && goroutine_ != sched::kNoGoroutine;
  for (uint64_t length = kFirstLookBack;; length *= 8) {
    uint64_t start = to.step > length ? to.step - length : 0;
    const Keyframe* from = &keyframes_.front();
    for (const Keyframe& k : keyframes_)
      if (k.moment.step < start) from = &k;
    Leave(*from);
    if (start > from->moment.step + 1) RunTo(start - 1);
    // The last line of each call that may still be open, outermost first; without frames, one.
    std::vector<std::pair<uint32_t, trace::Moment>> lines;
    vm::Watcher watcher = [&](const vm::Boundary& at) {
      if (at.moment >= to) return true;
      if (frames && at.goroutine == goroutine_)
        while (!lines.empty() && lines.back().first > at.fp) lines.pop_back();
      if (!at.exact || !Matches(at, move)) return false;
      const uint32_t fp = frames ? at.fp : 0;
      if (lines.empty() || lines.back().first != fp) lines.emplace_back(fp, trace::Moment());
      lines.back().second = at.moment;
      return false;
    };
    Watch(watcher);
    exact_ = false;
    if (!lines.empty()) return Reach(lines.back().second);
    if (start == 0) return false;
  }
}

// Whether a move by event stops after this one. What the runtime does for itself is passed over.
bool Inspector::IsStop(const trace::Record& record, const Move& move) const {
  using trace::Kind;
  if (move.by == Move::By::kAllocation && record.kind != Kind::HeapAlloc) return false;
  if (move.library) return true;
  if (record.owner() == trace::Owner::kBeforeMain) return false;
  switch (record.kind) {
    case Kind::StackGrow:
    case Kind::StackShrink:
    case Kind::GCStart:
    case Kind::GCEnd:
    case Kind::GoExit:
    case Kind::MainStart:
      return true;
    default:
      break;
  }
  for (const trace::Field& field : trace::Info(record.kind).fields) {
    if (field.unit != trace::Unit::Stack) continue;
    trace::StackId stack{static_cast<uint32_t>(trace::Value(record, field.slot))};
    return stack.valid() && log_.stacks()[stack.index].billed.valid();
  }
  return false;
}

bool Inspector::GoByEvent(const Move& move) {
  timeline_.Update();
  uint64_t count = timeline_.taken();
  if (!move.back) {
    for (uint64_t e = moment_.event; e < count; ++e)
      if (IsStop(log_.at(e), move)) return Reach(After(static_cast<uint32_t>(e)));
    return false;
  }
  uint64_t e = std::min(moment_.event, count);
  // Already just after an event: that one is where we are.
  if (e > 0 && moment_ == After(static_cast<uint32_t>(e - 1))) --e;
  while (e-- > 0)
    if (IsStop(log_.at(e), move)) return Reach(After(static_cast<uint32_t>(e)));
  return false;
}

// --- what a stretch of the run does ---

exporting::FrameWindow Inspector::Frames(uint64_t begin, uint64_t end) {
  exporting::FrameWindow out{begin, end, true, {}};
  if (keyframes_.empty() || end <= begin) return out;
  if (end - begin > kMostFrameSteps) {
    out.complete = false;
    return out;
  }
  if (!Reach({0, begin, 0}) && !away_) return out;
  const vm::Code& code = machine_.code();
  struct Open {
    uint32_t fp, function;
    size_t frame;
  };
  std::map<uint32_t, std::vector<Open>> open;  // by goroutine index, outermost first
  auto enter = [&](uint32_t goroutine, uint32_t fp, uint32_t function, uint64_t sp,
                   const trace::Moment& now) {
    std::vector<Open>& frames = open[goroutine];
    const sched::Goroutine& g = machine_.state().scheduler.at(goroutine);
    const bytecode::Chunk& chunk = code.chunk(function);
    exporting::FrameSpan span;
    span.goroutine = g.id;
    span.depth = static_cast<uint32_t>(frames.size());
    span.function = chunk.name;
    span.owner = machine_.OwnerOf(chunk.name);
    span.begin_step = std::max(begin, now.step);
    span.begin_event = now.event;
    span.bytes = code.entry(function).frame_total;
    span.used = g.stack.hi - sp;
    uint32_t caller = vm::ReturnPc(machine_.state().contexts[goroutine].registers[fp - 1]);
    if (caller > 0) {
      uint32_t at = code.FunctionOf(caller - 1);
      const bytecode::LineEntry* line = bytecode::LineAt(code.chunk(at), caller - 1 - code.entry(at).start);
      if (line != nullptr && at != vm::kStubGoroutine) span.line = line->line;
    }
    frames.push_back({fp, function, out.frames.size()});
    out.frames.push_back(std::move(span));
  };
  auto leave = [&](std::vector<Open>& frames, const trace::Moment& now) {
    exporting::FrameSpan& span = out.frames[frames.back().frame];
    span.end_step = std::min(end, now.step);
    span.end_event = now.event;
    frames.pop_back();
  };
  trace::Moment now = moment_;
  for (uint32_t g = 0; g < machine_.state().scheduler.goroutines.size(); ++g) {
    const sched::Goroutine& goroutine = machine_.state().scheduler.at(g);
    if (goroutine.stack.lo == 0 || goroutine.status == sched::Status::kDead ||
        goroutine.status == sched::Status::kIdle)
      continue;
    std::vector<vm::Frame> frames;
    machine_.WalkFrames(g, [&](const vm::Frame& frame) {
      if (frame.function != vm::kStubGoroutine) frames.push_back(frame);
      return true;
    });
    for (size_t i = frames.size(); i-- > 0;)
      if (out.frames.size() < kMostFrames) enter(g, frames[i].fp, frames[i].function, frames[i].sp, now);
  }
  vm::Watcher watcher = [&](const vm::Boundary& at) {
    now = at.moment;
    if (at.moment.step >= end) return true;
    uint32_t function = code.FunctionOf(at.word);
    std::vector<Open>& frames = open[at.goroutine];
    while (!frames.empty() && frames.back().fp > at.fp) leave(frames, now);
    if (!frames.empty() && frames.back().fp == at.fp && frames.back().function != function)
      leave(frames, now);
    if (function != vm::kStubGoroutine && (frames.empty() || frames.back().fp < at.fp)) {
      if (out.frames.size() == kMostFrames) {
        out.complete = false;
        return true;
      }
      enter(at.goroutine, at.fp, function, at.sp, now);
    }
    return false;
  };
  exact_ = false;
  if (away_) Watch(watcher);
  for (auto& [goroutine, frames] : open)
    while (!frames.empty()) leave(frames, now);
  return out;
}

Coverage Inspector::LinesRun(uint64_t most_steps) {
  Coverage out;
  if (keyframes_.empty()) return out;
  Leave(keyframes_.front());
  const vm::Code& code = machine_.code();
  std::vector<bool> seen;
  uint32_t both = vm::kStatementStart | vm::kMineWord;
  vm::Watcher watcher = [&](const vm::Boundary& at) {
    if (at.moment.step > most_steps) {
      out.complete = false;
      return true;
    }
    if ((at.marks & both) != both) return false;
    if (seen.size() <= at.word) seen.resize(at.word + 1);
    seen[at.word] = true;
    return false;
  };
  Watch(watcher);
  for (uint32_t word = 0; word < seen.size(); ++word) {
    if (!seen[word]) continue;
    uint32_t function = code.FunctionOf(word);
    const bytecode::Chunk& chunk = code.chunk(function);
    const bytecode::LineEntry* line = bytecode::LineAt(chunk, word - code.entry(function).start);
    if (line != nullptr) out.lines.emplace(chunk.files[line->file], line->line);
  }
  return out;
}

}  // namespace escapement::driver
