// The slow side of running: watching every instruction, and measuring stacks between two calls of the loop.
#include <algorithm>

#include "engine/vm/machine.h"

namespace escapement::vm {

using bytecode::Chunk;

namespace {

constexpr uint64_t kLeastSample = 64;

}  // namespace

Result Machine::RunWatched(const Watcher& watcher, uint64_t max_steps) {
  watcher_ = &watcher;
  budget_end_ = state_.world.steps + max_steps;
  Result result = RunUntilBudget();
  watcher_ = nullptr;
  return result;
}

void Machine::WatchFromStart() {
  watch_ = WatchState();
  watch_.last.moment = {state_.world.log != nullptr ? state_.world.log->size() : 0, state_.world.steps, 0};
  watch_.last.exact = true;
  watch_.known = true;
}

bool Machine::AtInstruction(uint32_t word, uint64_t now, uint32_t fp, Address sp) {
  if (word >= word_marks_.size()) MarkWords();
  uint8_t marks = word_marks_[word];
  uint64_t events = state_.world.log != nullptr ? state_.world.log->size() : 0;
  Boundary& at = watch_.last;
  bool first = !watch_.known || at.moment.event != events || at.moment.step != now;
  // An instruction that had to wait is executed again: nothing comes back to it without taking a step.
  if (!first && at.word == word && at.fp == fp && at.goroutine == state_.scheduler.current) return false;
  bool another = at.fp != fp || at.goroutine != state_.scheduler.current;
  if (!first && !another && (marks & kStatementStart) == 0) return false;
  if (first) {
    at.moment = {events, now, 0};
    at.exact = watch_.known;
    watch_.known = true;
  } else if ((marks & kStatementStart) != 0) {
    at.moment.statement++;
  }
  at.first = first;
  at.marks = marks;
  at.word = word;
  at.goroutine = state_.scheduler.current;
  at.fp = fp;
  at.sp = sp;
  return (*watcher_)(at);
}

// Functions that were defined since the last time.
void Machine::MarkWords() {
  uint32_t at = static_cast<uint32_t>(word_marks_.size());
  word_marks_.resize(code_.words_size());
  if (at == 0) at = 1;  // word 0 is no function's
  while (at < word_marks_.size()) {
    uint32_t function = code_.FunctionOf(at);
    const Chunk& chunk = code_.chunk(function);
    uint32_t start = code_.entry(function).start;
    word_marks_[start] |= kFunctionStart;
    const bytecode::LineEntry* last_mine = nullptr;
    for (size_t i = 0; i < chunk.lines.size(); i++) {
      const bytecode::LineEntry& line = chunk.lines[i];
      const bytecode::LineEntry* before = i == 0 ? nullptr : &chunk.lines[i - 1];
      const std::string& name = line.inline_node == 0 ? chunk.name : chunk.inlines[line.inline_node].function;
      bool mine = OwnerOf(name) == trace::Owner::kMine && (chunk.flags & bytecode::kWrapper) == 0;
      uint32_t end =
          i + 1 < chunk.lines.size() ? chunk.lines[i + 1].word : static_cast<uint32_t>(chunk.code.size());
      if (mine)
        for (uint32_t w = line.word; w < end; w++) word_marks_[start + w] |= kMineWord;
      auto same_as = [&](const bytecode::LineEntry* other) {
        return other != nullptr && other->line == line.line && other->file == line.file &&
               other->inline_node == line.inline_node;
      };
      if (!same_as(before)) {
        word_marks_[start + line.word] |= kStatementStart;
        if (!mine || !same_as(last_mine)) word_marks_[start + line.word] |= kLineStart;
      }
      if (mine) last_mine = &line;
    }
    at = start + static_cast<uint32_t>(chunk.code.size());
  }
}

// --- envelopes ---

void Machine::BeginSample() {
  sampled_high_ = 0;
  lowest_sp_ = 0;
  highest_sp_ = ~Address{0};
  if (state_.world.log == nullptr || !state_.world.log->recording()) return;
  sampled_high_ = goroutine().stack.hi;
  sampled_id_ = goroutine().id;  // who parks or ends is not the current one any more
  lowest_sp_ = highest_sp_ = context().sp;
}

void Machine::EndSample() {
  if (sampled_high_ == 0) return;
  trace::Envelope& envelope = state_.world.log->envelope(sampled_id_);
  envelope.Add(state_.world.steps, static_cast<uint32_t>(sampled_high_ - highest_sp_),
               static_cast<uint32_t>(sampled_high_ - lowest_sp_));
  sampled_high_ = 0;
}

// The step at which the envelope's bucket is full. A block of code that takes more steps than are left till
// then cannot begin: the distance doubles until it can.
uint64_t Machine::SampleEnd() {
  uint64_t now = state_.world.steps;
  sample_grain_ = now == sample_start_ ? sample_grain_ * 2 : kLeastSample;
  sample_start_ = now;
  return std::max(state_.world.log->envelope(sampled_id_).bucket_end(), now + sample_grain_);
}

}  // namespace escapement::vm
