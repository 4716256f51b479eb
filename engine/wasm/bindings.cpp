// The engine's C exports for the page's worker. Text goes in as a pointer and a length that the
// caller allocated; an answer is left in one result buffer that lasts until the next call.
// The exports' counterpart is web/src/engine/wasm-module.ts.
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/driver/run.h"
#include "engine/driver/session.h"
#include "engine/driver/version.h"
#include "engine/export/answers.h"
#include "engine/export/trace_export.h"
#include "engine/stdlib/pack.h"

#define ENGINE_EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace {

using namespace escapement;
using Json = nlohmann::ordered_json;

// One playground: its session, and the run it made last with the timeline read from it.
struct Playground {
  explicit Playground(stdlib::LibrarySource& library) : session(library) {}
  driver::Session session;
  std::unique_ptr<driver::Run> run;
  std::unique_ptr<trace::Timeline> timeline;
  std::vector<driver::SourceInput> files;
  driver::RunOptions options;
  driver::RunState state = driver::RunState::kRunning;
  std::string output, error_output;
};

// Everything this instance holds.
struct Engine {
  stdlib::PackSource packs;
  std::map<uint32_t, std::unique_ptr<Playground>> playgrounds;
  uint32_t next = 1;
  std::string text;
  std::vector<double> figures;
  const void* result = nullptr;
  size_t result_size = 0;

  void Answer(std::string answer) {
    text = std::move(answer);
    result = text.data();
    result_size = text.size();
  }
  void Answer(const Json& json) { Answer(json.dump(-1, ' ', false, Json::error_handler_t::replace)); }
};

Engine& engine() {
  static Engine instance;
  return instance;
}

Playground* Find(uint32_t id) {
  auto it = engine().playgrounds.find(id);
  return it == engine().playgrounds.end() ? nullptr : it->second.get();
}

const char* RegionName(driver::Region region) {
  switch (region) {
    case driver::Region::kHeap:
      return "heap";
    case driver::Region::kStatic:
      return "static";
    case driver::Region::kStack:
      break;
  }
  return "stack";
}

Json CheckJson(const driver::CheckResult& check) {
  Json messages = Json::array();
  for (const driver::Message& m : check.messages)
    messages.push_back({{"severity", m.severity == diag::Severity::kRemark ? "remark" : "error"},
                        {"file", m.file},
                        {"line", m.line},
                        {"column", m.column},
                        {"position", m.position},
                        {"text", m.text}});
  Json verdicts = Json::array();
  for (const driver::Verdict& v : check.verdicts) {
    Json path = Json::array();
    for (const driver::FlowStep& s : v.path)
      path.push_back({{"position", s.position},
                      {"line", s.line},
                      {"column", s.column},
                      {"text", s.text},
                      {"why", s.why}});
    verdicts.push_back({{"file", v.file},
                        {"line", v.line},
                        {"column", v.column},
                        {"function", v.function},
                        {"subject", v.subject},
                        {"text", v.text},
                        {"region", RegionName(v.region)},
                        {"path", std::move(path)}});
  }
  return {{"ok", check.ok}, {"messages", std::move(messages)}, {"verdicts", std::move(verdicts)}};
}

std::string StringAt(const nlohmann::json& object, const char* key) {
  auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

template <typename T>
T NumberAt(const nlohmann::json& object, const char* key, T otherwise) {
  auto it = object.find(key);
  return it != object.end() && it->is_number() ? it->get<T>() : otherwise;
}

// Where the page's files are for the program.
constexpr const char* kFolder = "/tmp/sandbox";

// The question's files, named in messages as `go build` names them, or as typed with "naming": "compile".
std::vector<driver::SourceInput> Files(const nlohmann::json& question) {
  std::vector<driver::SourceInput> files;
  if (!question.is_object() || !question.contains("files")) return files;
  const std::string folder = StringAt(question, "naming") == "compile" ? "" : "./";
  for (const nlohmann::json& f : question["files"]) {
    std::string name = StringAt(f, "name");
    files.push_back({folder + name, StringAt(f, "text"), std::string(kFolder) + "/" + name});
  }
  return files;
}

driver::RunOptions Options(const nlohmann::json& question) {
  driver::RunOptions options;
  options.trace = true;
  options.snippet = true;
  options.output_limit = 1 << 20;
  options.memory_limit = uint64_t{1} << 30;
  if (!question.is_object() || !question.contains("options")) return options;
  const nlohmann::json& o = question["options"];
  options.seed = NumberAt<uint64_t>(o, "seed", options.seed);
  options.gc_percent = NumberAt<int>(o, "gcPercent", options.gc_percent);
  options.heap_minimum = NumberAt<uint64_t>(o, "heapMinimum", options.heap_minimum);
  options.input = StringAt(o, "input");
  if (o.contains("stress")) {
    options.stress_gc = StringAt(o, "stress") == "gc";
    options.stress_stack = StringAt(o, "stress") == "stack";
  }
  if (o.contains("trace")) options.trace = o["trace"] == true;
  if (o.contains("arguments"))
    for (const nlohmann::json& a : o["arguments"]) options.arguments.push_back(a.get<std::string>());
  options.output_limit = NumberAt<uint64_t>(o, "outputLimit", options.output_limit);
  return options;
}

// The timeline of a playground's last run, up to date; null when nothing ran.
trace::Timeline* TimelineOf(Playground* p) {
  if (!p || !p->run) return nullptr;
  if (!p->timeline) p->timeline = std::make_unique<trace::Timeline>(p->run->log());
  p->timeline->Update();
  return p->timeline.get();
}

// What the trace says about the run beside its events.
exporting::RunInfo InfoOf(Playground& p) {
  exporting::RunInfo info;
  info.engine = driver::kVersion;
  info.go = driver::kGoVersion;
  for (const driver::SourceInput& f : p.files) info.files.push_back(f.name);
  info.seed = p.options.seed;
  info.options = {{"gcPercent", p.options.gc_percent},
                  {"heapMinimum", static_cast<double>(p.options.heap_minimum)}};
  bool exited = p.state == driver::RunState::kExited;
  info.status = exited ? p.run->exit_status() : 0;
  info.reason = exited ? "exit" : p.state == driver::RunState::kStopped ? "stopped" : "running";
  info.steps = p.run->steps();
  driver::CompileFlags flags;
  flags.remarks = 1;
  flags.snippet = true;
  for (const driver::Verdict& v : p.session.Check(p.files, flags).verdicts) {
    exporting::Verdict out;
    out.at = {v.file, v.line, v.column, v.text};
    out.region = RegionName(v.region);
    for (const driver::FlowStep& s : v.path) out.path.push_back({v.file, s.line, s.column, s.text});
    info.verdicts.push_back(std::move(out));
  }
  info.standard_output = p.output;
  info.standard_error = p.error_output;
  return info;
}

nlohmann::json Parse(const char* text, uint32_t size) {
  return nlohmann::json::parse(std::string_view(text, size), nullptr, false);
}

}  // namespace

ENGINE_EXPORT(engine_result_data) const void* ResultData() {
  return engine().result;
}
ENGINE_EXPORT(engine_result_size) uint32_t ResultSize() {
  return static_cast<uint32_t>(engine().result_size);
}

// {version, go}: this engine's, and the Go release it models.
ENGINE_EXPORT(engine_version) void Version() {
  engine().Answer(Json{{"version", driver::kVersion}, {"go", driver::kGoVersion}});
}

// Adds a pack; frees the caller's bytes. 1 when it is one of this engine's.
ENGINE_EXPORT(engine_add_pack) uint32_t AddPack(char* bytes, uint32_t size) {
  bool fits = engine().packs.Add(std::string_view(bytes, size));
  free(bytes);
  return fits;
}

ENGINE_EXPORT(engine_open) uint32_t Open() {
  uint32_t id = engine().next++;
  engine().playgrounds.emplace(id, std::make_unique<Playground>(engine().packs));
  return id;
}

ENGINE_EXPORT(engine_close) void Close(uint32_t id) {
  engine().playgrounds.erase(id);
}

// {files, flags?} → CheckAnswer. Flags are those of -gcflags; without a -m, -m=1 is meant.
ENGINE_EXPORT(engine_check) void Check(uint32_t id, const char* text, uint32_t size) {
  nlohmann::json question = Parse(text, size);
  driver::CompileFlags flags;
  std::string wrong = flags.Parse(question.is_object() ? StringAt(question, "flags") : std::string());
  if (flags.remarks == 0) flags.remarks = 1;
  flags.snippet = true;
  driver::CheckResult check;
  check.ok = false;
  Playground* p = Find(id);
  if (!wrong.empty()) check.messages.push_back({.text = wrong});
  if (p && wrong.empty()) check = p->session.Check(Files(question), flags);
  engine().Answer(CheckJson(check));
}

// {files, options} → CheckAnswer; when it is ok, engine_step goes on.
ENGINE_EXPORT(engine_start) void Start(uint32_t id, const char* text, uint32_t size) {
  nlohmann::json question = Parse(text, size);
  Playground* p = Find(id);
  driver::CheckResult errors;
  if (p) {
    p->timeline.reset();
    p->run.reset();
    p->state = driver::RunState::kRunning;
    p->output.clear();
    p->error_output.clear();
    p->files = Files(question);
    p->options = Options(question);
    p->options.directory = kFolder;
    for (const driver::SourceInput& file : p->files) p->options.files.emplace_back(file.run_path, file.text);
    p->run = p->session.Start(p->files, p->options, errors);
    errors.ok = p->run != nullptr;
  }
  engine().Answer(CheckJson(errors));
}

// Runs at most `steps` steps → SliceAnswer.
ENGINE_EXPORT(engine_step) void Step(uint32_t id, uint32_t steps) {
  Playground* p = Find(id);
  if (!p || !p->run) return engine().Answer(Json::object());
  if (p->state == driver::RunState::kRunning) p->state = p->run->Step(steps);
  std::string output = p->run->TakeOutput(), error_output = p->run->TakeErrorOutput();
  if (p->options.trace) {
    p->output += output;
    p->error_output += error_output;
  }
  const char* names[] = {"running", "exited", "stopped"};
  bool exited = p->state == driver::RunState::kExited;
  engine().Answer(Json{{"state", names[static_cast<size_t>(p->state)]},
                       {"steps", p->run->steps()},
                       {"events", p->run->log().size()},
                       {"output", std::move(output)},
                       {"errorOutput", std::move(error_output)},
                       {"exitStatus", exited ? p->run->exit_status() : 0}});
}

// Ends the run; output and trace so far stay.
ENGINE_EXPORT(engine_stop) void Stop(uint32_t id) {
  Playground* p = Find(id);
  if (!p || !p->run) return;
  p->run->Stop();
  p->state = driver::RunState::kStopped;
}

// → Overview.
ENGINE_EXPORT(engine_overview) void GetOverview(uint32_t id) {
  Playground* p = Find(id);
  trace::Timeline* timeline = TimelineOf(p);
  engine().Answer(timeline ? exporting::OverviewJson(p->run->log(), *timeline) : std::string("null"));
}

// {axis, begin, end, mine, limit} → AllocationPage.
ENGINE_EXPORT(engine_allocations) void Allocations(uint32_t id, const char* text, uint32_t size) {
  Playground* p = Find(id);
  trace::Timeline* timeline = TimelineOf(p);
  std::string answer;
  if (timeline) answer = exporting::AllocationsJson(p->run->log(), *timeline, std::string_view(text, size));
  engine().Answer(answer.empty() ? std::string(R"({"rows":[],"omitted":0})") : answer);
}

// {axis, begin, end, columns, goroutines} → float64 figures, as trace/timeline.h lays them out.
ENGINE_EXPORT(engine_tiles) void Tiles(uint32_t id, const char* text, uint32_t size) {
  trace::Timeline* timeline = TimelineOf(Find(id));
  trace::TileRequest request;
  Engine& e = engine();
  e.figures.clear();
  if (timeline && exporting::ReadTileRequest(std::string_view(text, size), &request))
    e.figures = timeline->Tiles(request);
  e.result = e.figures.data();
  e.result_size = e.figures.size() * sizeof(double);
}

// → the run's whole trace as the public JSON (trace.schema.json).
ENGINE_EXPORT(engine_trace) void Trace(uint32_t id) {
  Playground* p = Find(id);
  if (!p || !p->run) return engine().Answer(std::string("null"));
  engine().text.clear();
  exporting::WriteTraceJson(p->run->log(), InfoOf(*p),
                            [](std::string_view piece) { engine().text += piece; });
  engine().result = engine().text.data();
  engine().result_size = engine().text.size();
}
