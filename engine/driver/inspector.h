// Inspector: time travel over one run. While the run goes on it keeps keyframes; asked about a moment, it
// restores the nearest one before it and runs on from there, on the machine's own code, with a log that only
// counts. The run's own state is put aside meanwhile and comes back untouched.
//
//   keyframe ──fast loop──► one step before ──watched loop──► the moment
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/driver/executable.h"
#include "engine/export/inspection.h"
#include "engine/memory/saved_space.h"
#include "engine/trace/timeline.h"
#include "engine/vm/machine.h"

namespace escapement::driver {

// A point of a run as somebody names it.
struct Target {
  enum class Kind : uint8_t { kEvent, kStep, kLine, kMoment, kEnd };
  Kind kind = Kind::kEnd;
  uint64_t number = 0;  // event or step
  std::string file;     // kLine: its base name; empty: the program's first file
  uint32_t line = 0;
  uint64_t hit = 1;
  trace::Moment moment;
};

// A way to go on from a moment.
struct Move {
  enum class By : uint8_t { kLine, kOver, kOut, kEvent, kAllocation };
  By by = By::kLine;
  bool back = false;
  bool library = false;  // stop in code that is not the user's, too
};

// Lines of the user's that a run executed.
struct Coverage {
  std::set<std::pair<std::string, uint32_t>> lines;  // file and line
  bool complete = true;                              // false: the run was too long to look at all of it
};

class Inspector {
 public:
  static constexpr size_t kMostFrames = 20000;

  // All outlive the inspector.
  Inspector(vm::Machine& machine, Executable& executable, const trace::Log& log)
      : machine_(machine), executable_(executable), log_(log), timeline_(log) {}

  // The run stands between two slices: keeps a keyframe if it is time for one, or `now`, as at its very
  // start.
  void Keep(bool now = false);
  // The machine goes back to the run's own state.
  void Return();
  bool away() const { return away_; }
  // The run's own state, wherever the machine is.
  const vm::State& tip() const { return away_ ? tip_ : machine_.state(); }

  // Takes the machine there. False when the run has no such moment; the machine then stands at the end.
  bool GoTo(const Target& target);
  // Goes on from where the last GoTo or Go led. False when there is nothing further in that direction; the
  // machine then stands where it stood.
  bool Go(const Move& move);
  const trace::Moment& moment() const { return moment_; }
  // Takes the run itself, which has not begun or was led so to an earlier moment, to a moment: what GoTo's
  // answers are compared with.
  bool RunStraight(const trace::Moment& moment);
  // The machine that stands at the moment.
  const vm::Machine& machine() const { return machine_; }

  // The named frames between two steps; at most kMostFrames of them.
  exporting::FrameWindow Frames(uint64_t begin, uint64_t end);
  // What the run executed, looked at up to `most_steps`.
  Coverage LinesRun(uint64_t most_steps);

  // The run's timeline, up to date.
  const trace::Timeline& timeline() {
    timeline_.Update();
    return timeline_;
  }
  size_t keyframes() const { return keyframes_.size(); }
  uint64_t keyframe_bytes() const;

 private:
  struct Keyframe {
    vm::State state;  // without memory
    memory::SavedSpace space;
    trace::LogPosition log;
    trace::Moment moment;  // statement unknown
  };

  void Leave(const Keyframe& keyframe);
  void ThinOut();
  // Whether the place that event and step of `moment` name lies after (event, step).
  static bool Before(const trace::Moment& at, const trace::Moment& moment) {
    return at.step < moment.step || at.event < moment.event;
  }
  bool Reach(const trace::Moment& moment);
  bool Approach(const trace::Moment& moment);
  bool ReachEnd();
  // Runs until the watcher stops it; false at the program's end or past the run's own place.
  bool Watch(const vm::Watcher& watcher);
  bool RunTo(uint64_t step);
  bool PastTip() const;
  bool FindLine(const Target& target);
  bool GoByLine(const Move& move);
  bool GoBackByLine(const Move& move);
  bool GoByEvent(const Move& move);
  bool IsStop(const trace::Record& record, const Move& move) const;
  trace::Moment After(uint32_t event);
  bool Matches(const vm::Boundary& at, const Move& move) const;
  bool IsGone() const;  // the goroutine that moves
  uint64_t EventsSoFar() const;

  vm::Machine& machine_;
  Executable& executable_;
  const trace::Log& log_;
  trace::Timeline timeline_;
  std::vector<Keyframe> keyframes_;
  uint64_t least_distance_ = 0;
  bool away_ = false;
  vm::State tip_;
  std::unique_ptr<trace::Log> counting_;
  trace::Moment moment_;
  bool exact_ = false;  // the machine stands at moment_
  // Of a Go by line: who moves.
  uint32_t goroutine_ = sched::kNoGoroutine;
  uint64_t goid_ = 0;
  uint32_t fp_ = 0;
};

}  // namespace escapement::driver
