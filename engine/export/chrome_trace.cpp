#include <map>

#include "engine/export/text_writer.h"
#include "engine/export/trace_export.h"
#include "engine/sched/scheduler.h"

namespace escapement::exporting {

namespace {

using trace::Kind;
using trace::Record;

constexpr int kProcess = 1;
constexpr uint64_t kCollectorTrack = 0;

// Writes trace events, one a line; times are microseconds with three digits.
class Chrome {
 public:
  Chrome(const trace::Log& log, const Sink& sink) : log_(log), out_(sink) {}

  void Write() {
    out_ << "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
    Name(kCollectorTrack, "garbage collector");
    for (uint64_t i = 0; i < log_.kept(); ++i) Event(log_.at(i));
    if (running_) End(running_);
    out_ << "\n]}\n";
  }

 private:
  TextWriter& Open(std::string_view name, char phase, uint64_t track) {
    out_ << (first_ ? "{\"name\":" : ",\n{\"name\":");
    first_ = false;
    uint64_t ns = step_ * sched::kStepNs + idle_ns_;
    out_.Quoted(name) << ",\"ph\":\"" << phase << "\",\"pid\":" << kProcess << ",\"tid\":" << track
                      << ",\"ts\":" << ns / 1000 << '.' << static_cast<char>('0' + ns / 100 % 10)
                      << static_cast<char>('0' + ns / 10 % 10) << static_cast<char>('0' + ns % 10);
    return out_;
  }
  void Close() { out_ << '}'; }
  void Name(uint64_t track, std::string_view name) {
    Open("thread_name", 'M', track) << ",\"args\":{\"name\":";
    out_.Quoted(name) << '}';
    Close();
  }
  void Begin(uint64_t track, std::string_view name) {
    Open(name, 'B', track);
    Close();
  }
  void End(uint64_t track) {
    Open("", 'E', track);
    Close();
  }
  void Instant(uint64_t track, std::string_view name) {
    Open(name, 'i', track) << ",\"s\":\"t\"";
    Close();
  }
  void Counter(std::string_view name, uint64_t value) {
    Open(name, 'C', 0) << ",\"args\":{\"bytes\":" << value << '}';
    Close();
  }

  void Event(const Record& r) {
    if (r.kind == Kind::Steps) step_ += Value(r, trace::Slot::ab);
    step_ += r.delta;
    switch (r.kind) {
      case Kind::ClockAdvance: {
        uint64_t now = Value(r, trace::Slot::ab) - sched::kStartTimeNs;
        idle_ns_ = std::max(idle_ns_, now - std::min(now, step_ * sched::kStepNs));
        break;
      }
      case Kind::GoStart:
        Name(r.a,
             "goroutine " + std::to_string(r.a) +
                 (r.c == trace::StringId::kNone ? "" : " " + std::string(log_.text(trace::StringId(r.c)))));
        break;
      case Kind::GoRun:
        if (running_) End(running_);
        running_ = r.a;
        Begin(running_, "running");
        break;
      case Kind::GoBlock:
      case Kind::GoExit:
        if (running_ == r.a) {
          End(running_);
          running_ = 0;
        }
        if (r.kind == Kind::GoBlock) Instant(r.a, sched::Text(static_cast<sched::WaitReason>(r.small)));
        break;
      case Kind::HeapAlloc:
        heap_ += log_.SlotBytes(r);
        // One point every 4 KiB is all that a screen can show.
        if (heap_ - shown_ >= 4096 || heap_ < shown_) Counter("heap", shown_ = heap_);
        break;
      case Kind::SpanSweep:
        heap_ -= std::min<uint64_t>(heap_, r.b);
        Counter("heap", shown_ = heap_);
        break;
      case Kind::StackAlloc:
        Stack(r.a, r.c);
        break;
      case Kind::StackGrow:
      case Kind::StackShrink:
        Instant(r.a, r.kind == Kind::StackGrow ? "stack growth" : "stack shrink");
        Stack(r.a, uint64_t{1} << r.small);
        break;
      case Kind::StackFree:
        Stack(r.a, 0);
        break;
      case Kind::GCStart:
        Begin(kCollectorTrack, "cycle " + std::to_string(r.a));
        break;
      case Kind::GCEnd:
        End(kCollectorTrack);
        break;
      case Kind::GCPhase:
        Instant(kCollectorTrack, trace::Name(static_cast<trace::Phase>(r.small)));
        break;
      case Kind::Panic:
        Instant(r.a, "panic");
        break;
      default:
        break;
    }
  }

  void Stack(uint64_t goroutine, uint64_t size) {
    stacks_ += size - sizes_[goroutine];
    sizes_[goroutine] = size;
    Counter("stacks", stacks_);
  }

  const trace::Log& log_;
  TextWriter out_;
  bool first_ = true;
  uint64_t step_ = 0, idle_ns_ = 0, running_ = 0, heap_ = 0, shown_ = 0, stacks_ = 0;
  std::map<uint64_t, uint64_t> sizes_;
};

}  // namespace

void WriteChromeTrace(const trace::Log& log, const Sink& sink) {
  Chrome(log, sink).Write();
}

}  // namespace escapement::exporting
