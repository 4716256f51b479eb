// Inspection: the whole state of a run at a moment, as the answer `Inspection` of answers.schema.json has it.
// Addresses are modelled ones; 0 stands for none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/trace/event.h"

namespace escapement::exporting {

struct Part;

// A Go value as it lies in memory.
struct GoValue {
  std::string text;
  uint64_t pointer = 0;
  std::vector<Part> parts;
  uint64_t omitted = 0;
};

// A field or element.
struct Part {
  std::string name, type;
  uint64_t offset = 0, size = 0;
  GoValue value;
};

enum class VariableKind : uint8_t { kParameter, kResult, kLocal, kCaptured };
enum class Where : uint8_t { kStack, kHeap, kRegister };

struct Variable {
  std::string name, type;
  VariableKind kind = VariableKind::kLocal;
  Where where = Where::kRegister;
  uint64_t address = 0, size = 0;
  uint32_t line = 0;
  bool live = true;
  GoValue value;
};

struct Place {
  uint64_t goroutine = 0;
  std::string function, file;
  uint32_t line = 0, column = 0;
  trace::Owner owner = trace::Owner::kRuntime;
};

struct Frame {
  Place place;
  bool inlined = false;
  uint64_t address = 0, size = 0;
  std::vector<Variable> variables;
};

struct GoroutineState {
  uint64_t id = 0, parent = 0;
  std::string status, reason, function;
  bool system = false, current = false;
  uint64_t stack_low = 0, stack_high = 0, stack_used = 0;
  std::vector<Frame> frames;
  uint64_t frames_omitted = 0;
};

struct ObjectPointer {
  uint64_t offset = 0, to = 0;
  std::string region;  // heap, stack, static, none
  uint64_t object = 0;
};

struct SitePlace {
  std::string file;
  uint32_t line = 0, column = 0;
  std::string function, kind, symbol;
  std::string through;  // the function that allocates on the place's behalf; empty: its own code
};

struct ObjectState {
  uint64_t address = 0, size = 0, asked = 0;
  std::string type;
  uint64_t elements = 0;
  uint32_t size_class = 0, span = 0;
  bool noscan = false;
  int64_t event = -1;
  SitePlace site;
  uint32_t billed_line = 0;
  trace::Owner owner = trace::Owner::kRuntime;
  bool mine = false, reachable = false;
  int32_t verdict = -1;
  GoValue value;
  std::vector<ObjectPointer> pointers;
};

struct StaticSymbol {
  std::string name, type, segment, file;
  uint64_t address = 0, size = 0;
  uint32_t line = 0;
  GoValue value;
};

struct SpanState {
  uint64_t base = 0;
  uint32_t pages = 0, size_class = 0;
  uint64_t elem_size = 0;
  uint32_t capacity = 0, allocated = 0;
  bool noscan = false;
};

struct CollectorState {
  std::string phase;
  uint64_t cycle = 0, live = 0, goal = 0, trigger = 0, marked = 0;
  int64_t gc_percent = 100;
  uint64_t objects = 0, bytes = 0;
};

struct Inspection {
  trace::Moment moment;
  bool ended = false;
  std::optional<Place> place;
  uint64_t output = 0;
  std::vector<GoroutineState> goroutines;
  uint64_t goroutines_omitted = 0;
  std::vector<ObjectState> objects;
  uint64_t objects_omitted = 0;
  std::vector<StaticSymbol> statics;
  std::vector<SpanState> spans;
  CollectorState collector;
};

// A step of the path that keeps an object alive, from the root on.
struct AliveStep {
  std::string kind;  // frame, static, runtime, object
  std::string name, function, type;
  uint64_t goroutine = 0, address = 0;
};

struct AliveAnswer {
  uint64_t address = 0;
  bool alive = false;
  std::vector<AliveStep> path;
};

// One call on the timeline.
struct FrameSpan {
  uint64_t goroutine = 0;
  uint32_t depth = 0, line = 0;
  std::string function;
  trace::Owner owner = trace::Owner::kRuntime;
  uint64_t begin_step = 0, end_step = 0, begin_event = 0, end_event = 0, bytes = 0, used = 0;
};

struct FrameWindow {
  uint64_t begin = 0, end = 0;
  bool complete = true;
  std::vector<FrameSpan> frames;
};

std::string InspectionJson(const Inspection& inspection);
std::string AliveJson(const AliveAnswer& answer);
std::string FramesJson(const FrameWindow& window);

}  // namespace escapement::exporting
