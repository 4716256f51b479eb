// Playground: one program's questions and answers as JSON text, the definitions of answers.schema.json. The
// page's worker (engine/wasm), the command line and the unit tests ask the same ones.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/driver/archive.h"
#include "engine/driver/expectations.h"
#include "engine/driver/facts.h"
#include "engine/driver/run.h"
#include "engine/driver/session.h"

namespace escapement::driver {

class Playground {
 public:
  // `library` outlives the playground.
  explicit Playground(stdlib::LibrarySource& library) : library_(library), session_(library) {}

  // The files of one program, some of which may be in folders (several packages) or not be Go.
  // {files, flags?, naming?} → CheckAnswer. Flags are those of -gcflags; without a -m, -m=1 is meant.
  std::string Check(std::string_view question);
  // {files, options?} → CheckAnswer; when it is ok, Step goes on. Ends the run before.
  std::string Start(std::string_view question);
  // Runs at most `steps` steps → SliceAnswer.
  std::string Step(uint64_t steps);
  // Ends the run; output and trace so far stay.
  void Stop();

  // The run so far: Overview, AllocationPage, figures of tiles (trace/timeline.h).
  std::string Overview();
  std::string Allocations(std::string_view question);
  std::vector<double> Tiles(std::string_view question);

  // {at, move?, mine?, objects?} → Inspection, or null when there is no such moment.
  std::string Inspect(std::string_view question);
  // The same at {at: {moment}} for a run that has not begun: the run itself goes there, without a keyframe.
  std::string InspectStraight(std::string_view question);
  // {at, address} → AliveAnswer, or null.
  std::string Alive(std::string_view question);
  // {begin, end} in steps → FrameWindow.
  std::string Frames(std::string_view question);
  // → Facts.
  std::string Facts();
  // {text} → ExpectAnswer.
  std::string Expect(std::string_view question);
  // {format} → the bytes of that format; "" for an unknown one.
  std::string Export(std::string_view question);
  // {view?, columns?, at?} → Snapshot, or null without a run.
  std::string Snapshot(std::string_view question);

  // For the command line: takes a run that was made elsewhere, with its verdicts, and runs it to its end.
  void Adopt(std::unique_ptr<Run> run, std::vector<SourceInput> files, CheckResult check, RunOptions options);
  void RunToEnd();
  std::unique_ptr<Run> StartRun(const std::vector<SourceInput>& files, const RunOptions& options,
                                CheckResult& errors) {
    return session_.Start(files, options, errors);
  }
  // What the run says, for people rather than pages.
  std::vector<Expectation> Judge(std::string_view text);
  const CheckResult& check();
  const struct Facts& facts();
  Run* run() { return run_.get(); }
  const std::string& output() const { return output_; }
  const std::string& error_output() const { return error_output_; }

 private:
  bool traced() const { return run_ != nullptr && options_.trace; }
  trace::Timeline const* Timeline();

  // The several packages of the entries; null for one package.
  std::shared_ptr<Archive> ArchiveOf(const std::vector<ArchiveEntry>& entries);

  stdlib::LibrarySource& library_;
  Session session_;
  std::shared_ptr<Archive> archive_, run_archive_;  // the last that was asked about; the run's
  std::unique_ptr<Run> run_;
  std::vector<SourceInput> files_;
  RunOptions options_;
  RunState state_ = RunState::kRunning;
  std::string output_, error_output_;
  CheckResult check_;
  bool checked_ = false;
  std::unique_ptr<struct Facts> facts_;
};

}  // namespace escapement::driver
