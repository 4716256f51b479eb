#include "engine/driver/playground.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/driver/inspection.h"
#include "engine/driver/version.h"
#include "engine/export/answers.h"
#include "engine/export/json.h"
#include "engine/export/trace_export.h"

namespace escapement::driver {

namespace {

using exporting::Dump;
using exporting::Json;
using exporting::ParseJson;
using Question = Json;

constexpr uint64_t kSlice = 1000000;
constexpr uint32_t kSnapshotColumns = 512;
constexpr size_t kSnapshotGoroutines = 64;

Question Read(std::string_view text) {
  Question question = ParseJson(text);
  return question.is_object() ? question : Question::object();
}

const char* RegionName(Region region) {
  switch (region) {
    case Region::kHeap:
      return "heap";
    case Region::kStatic:
      return "static";
    case Region::kStack:
      break;
  }
  return "stack";
}

const char* SeverityName(diag::Severity severity) {
  switch (severity) {
    case diag::Severity::kRemark:
      return "remark";
    case diag::Severity::kWarning:
      return "warning";
    case diag::Severity::kError:
      break;
  }
  return "error";
}

Json CheckJson(const CheckResult& check) {
  Json messages = Json::array();
  for (const Message& m : check.messages)
    messages.push_back({{"severity", SeverityName(m.severity)},
                        {"file", m.file},
                        {"line", m.line},
                        {"column", m.column},
                        {"position", m.position},
                        {"text", m.text}});
  Json verdicts = Json::array();
  for (const Verdict& v : check.verdicts) {
    Json path = Json::array();
    for (const FlowStep& s : v.path)
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

// What a slice wrote to both streams, piece by piece.
Json OutputPieces(const std::vector<OutputTurn>& turns, std::string_view output, std::string_view error) {
  Json pieces = Json::array();
  for (const OutputTurn& turn : turns) {
    std::string_view& from = turn.error ? error : output;
    pieces.push_back({{"stream", turn.error ? "error" : "output"}, {"text", from.substr(0, turn.length)}});
    from.remove_prefix(turn.length);
  }
  return pieces;
}

Json FactsJson(const CheckResult& check, const Facts& facts) {
  const char* ran[] = {"yes", "no", "unknown"};
  const char* surprises[] = {"", "no allocation", "allocates"};
  Json verdicts = Json::array(), others = Json::array();
  for (const VerdictFact& f : facts.verdicts) {
    const Verdict& v = check.verdicts[f.verdict];
    verdicts.push_back({{"verdict", f.verdict},
                        {"file", v.file},
                        {"line", v.line},
                        {"column", v.column},
                        {"text", v.text},
                        {"region", RegionName(v.region)},
                        {"objects", f.objects},
                        {"bytes", f.bytes},
                        {"survivors", f.survivors},
                        {"survivorBytes", f.survivor_bytes},
                        {"ran", ran[static_cast<size_t>(f.ran)]},
                        {"surprise", surprises[static_cast<size_t>(f.surprise)]},
                        {"explanation", f.explanation}});
  }
  for (const OtherFact& f : facts.others)
    others.push_back({{"line", f.line},
                      {"column", f.column},
                      {"function", f.function},
                      {"kind", f.kind},
                      {"type", f.type},
                      {"objects", f.objects},
                      {"bytes", f.bytes},
                      {"explanation", f.explanation}});
  return {{"verdicts", std::move(verdicts)}, {"others", std::move(others)}};
}

std::string StringAt(const Question& object, const char* key) {
  auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

template <typename T>
T NumberAt(const Question& object, const char* key, T otherwise) {
  auto it = object.find(key);
  return it != object.end() && it->is_number() && it->get<double>() >= 0 ? it->get<T>() : otherwise;
}

bool FlagAt(const Question& object, const char* key) {
  auto it = object.find(key);
  return it != object.end() && it->is_boolean() && it->get<bool>();
}

// Model: what Go gives a goroutine on machines of 32 bits, as a browser's memory is.
constexpr uint64_t kHostStack = 250000000;

// Where the page's files are for the program.
constexpr const char* kFolder = "/tmp/sandbox";

// The question's files, those that are not Go too.
std::vector<ArchiveEntry> Entries(const Question& question) {
  std::vector<ArchiveEntry> entries;
  auto list = question.find("files");
  if (list == question.end() || !list->is_array()) return entries;
  for (const Question& f : *list)
    if (f.is_object()) entries.push_back({StringAt(f, "name"), StringAt(f, "text")});
  return entries;
}

// The Go files, named in messages as `go build` names them, or as typed with "naming": "compile"; the program
// has them in `directory`.
std::vector<SourceInput> Sources(const Question& question, const std::vector<ArchiveEntry>& entries,
                                 const std::string& directory = kFolder) {
  std::vector<SourceInput> files;
  const std::string folder = StringAt(question, "naming") == "compile" ? "" : "./";
  for (const ArchiveEntry& e : entries)
    if (e.path.ends_with(".go")) files.push_back({folder + e.path, e.text, directory + "/" + e.path});
  return files;
}

RunOptions Options(const Question& question) {
  RunOptions options;
  options.trace = true;
  options.snippet = true;
  options.output_limit = 1 << 20;
  options.memory_limit = uint64_t{1} << 30;
  options.host_stack = kHostStack;
  options.directory = kFolder;
  auto found = question.find("options");
  if (found == question.end() || !found->is_object()) return options;
  const Question& o = *found;
  options.seed = NumberAt<uint64_t>(o, "seed", options.seed);
  auto gc_percent = o.find("gcPercent");  // may be negative: off
  if (gc_percent != o.end() && gc_percent->is_number()) options.gc_percent = gc_percent->get<int>();
  options.heap_minimum = NumberAt<uint64_t>(o, "heapMinimum", options.heap_minimum);
  options.stack_start = NumberAt<uint64_t>(o, "stackStart", options.stack_start);
  options.input = StringAt(o, "input");
  options.stress_gc = StringAt(o, "stress") == "gc";
  options.stress_stack = StringAt(o, "stress") == "stack";
  if (o.contains("trace")) options.trace = FlagAt(o, "trace");
  auto arguments = o.find("arguments");
  if (arguments != o.end() && arguments->is_array())
    for (const Question& a : *arguments)
      if (a.is_string()) options.arguments.push_back(a.get<std::string>());
  options.output_limit = NumberAt<uint64_t>(o, "outputLimit", options.output_limit);
  options.host_stack = NumberAt<uint64_t>(o, "hostStack", options.host_stack);
  if (std::string directory = StringAt(o, "directory"); !directory.empty()) options.directory = directory;
  auto environment = o.find("environment");
  if (environment != o.end() && environment->is_array())
    for (const Question& e : *environment)
      if (e.is_string()) options.environment.push_back(e.get<std::string>());
  return options;
}

bool ReadTarget(const Question& question, Target* target) {
  auto at = question.find("at");
  if (at == question.end() || !at->is_object()) return false;
  if (FlagAt(*at, "end")) {
    target->kind = Target::Kind::kEnd;
  } else if (at->contains("event")) {
    target->kind = Target::Kind::kEvent;
    target->number = NumberAt<uint64_t>(*at, "event", 0);
  } else if (at->contains("step")) {
    target->kind = Target::Kind::kStep;
    target->number = NumberAt<uint64_t>(*at, "step", 0);
  } else if (at->contains("line")) {
    target->kind = Target::Kind::kLine;
    target->file = StringAt(*at, "file");
    target->line = NumberAt<uint32_t>(*at, "line", 0);
    target->hit = std::max<uint64_t>(1, NumberAt<uint64_t>(*at, "hit", 1));
  } else if (at->contains("moment") && (*at)["moment"].is_object()) {
    const Question& m = (*at)["moment"];
    target->kind = Target::Kind::kMoment;
    target->moment = {NumberAt<uint64_t>(m, "event", 0), NumberAt<uint64_t>(m, "step", 0),
                      NumberAt<uint64_t>(m, "statement", 0)};
  } else {
    return false;
  }
  return true;
}

bool ReadMove(const Question& m, Move* move) {
  const std::pair<const char*, Move::By> ways[] = {{"line", Move::By::kLine},
                                                   {"over", Move::By::kOver},
                                                   {"out", Move::By::kOut},
                                                   {"event", Move::By::kEvent},
                                                   {"allocation", Move::By::kAllocation}};
  std::string by = StringAt(m, "by");
  move->back = FlagAt(m, "back");
  move->library = FlagAt(m, "library");
  for (auto [name, way] : ways) {
    if (by != name) continue;
    move->by = way;
    return true;
  }
  return false;
}

InspectOptions OptionsOf(const Question& question) {
  InspectOptions options;
  options.mine = FlagAt(question, "mine");
  options.most_objects = NumberAt<size_t>(question, "objects", options.most_objects);
  return options;
}

}  // namespace

std::string Playground::Check(std::string_view text) {
  Question question = Read(text);
  CompileFlags flags;
  std::string wrong = flags.Parse(StringAt(question, "flags"));
  if (flags.remarks == 0) flags.remarks = 1;
  flags.vet = true;
  flags.snippet = true;
  CheckResult result;
  result.ok = false;
  if (!wrong.empty()) {
    result.messages.push_back({.text = wrong});
  } else {
    std::vector<ArchiveEntry> entries = Entries(question);
    std::shared_ptr<Archive> archive = ArchiveOf(entries);
    result = archive ? archive->Check(flags) : session_.Check(Sources(question, entries), flags);
  }
  return Dump(CheckJson(result));
}

std::shared_ptr<Archive> Playground::ArchiveOf(const std::vector<ArchiveEntry>& entries) {
  if (!Archive::IsOne(entries)) return nullptr;
  if (!archive_ || archive_->entries() != entries)
    archive_ = std::make_shared<Archive>(library_, kFolder, entries);
  return archive_;
}

std::string Playground::Start(std::string_view text) {
  Question question = Read(text);
  CheckResult errors;
  run_.reset();
  facts_.reset();
  checked_ = false;
  state_ = RunState::kRunning;
  output_.clear();
  error_output_.clear();
  std::vector<ArchiveEntry> entries = Entries(question);
  options_ = Options(question);
  files_ = Sources(question, entries, options_.directory);
  for (const ArchiveEntry& e : entries)
    options_.files.emplace_back(options_.directory + "/" + e.path, e.text);
  run_archive_ = ArchiveOf(entries);
  run_ = run_archive_ ? run_archive_->Start(options_, errors) : session_.Start(files_, options_, errors);
  errors.ok = run_ != nullptr;
  return Dump(CheckJson(errors));
}

void Playground::Adopt(std::unique_ptr<Run> run, std::vector<SourceInput> files, CheckResult check,
                       RunOptions options) {
  run_ = std::move(run);
  files_ = std::move(files);
  check_ = std::move(check);
  checked_ = true;
  options_ = std::move(options);
  state_ = RunState::kRunning;
}

std::string Playground::Step(uint64_t steps) {
  if (!run_) return "{}";
  if (state_ == RunState::kRunning) state_ = run_->Step(steps);
  std::string output = run_->TakeOutput(), error_output = run_->TakeErrorOutput();
  Json pieces = OutputPieces(run_->TakeOutputTurns(), output, error_output);
  if (options_.trace) {
    output_ += output;
    error_output_ += error_output;
  }
  const char* names[] = {"running", "exited", "stopped"};
  bool exited = state_ == RunState::kExited;
  Json slice = {{"state", names[static_cast<size_t>(state_)]},
                {"steps", run_->steps()},
                {"events", run_->log().size()},
                {"output", std::move(output)},
                {"errorOutput", std::move(error_output)},
                {"exitStatus", exited ? run_->exit_status() : 0}};
  if (pieces.size() > 1) slice["pieces"] = std::move(pieces);
  if (std::string note = run_->note(); !note.empty()) slice["note"] = std::move(note);
  return Dump(slice);
}

void Playground::RunToEnd() {
  while (run_ && state_ == RunState::kRunning) Step(kSlice);
}

void Playground::Stop() {
  if (!run_) return;
  run_->Stop();
  if (state_ == RunState::kRunning) state_ = RunState::kStopped;
}

const trace::Timeline* Playground::Timeline() {
  return run_ ? &run_->inspector().timeline() : nullptr;
}

std::string Playground::Overview() {
  const trace::Timeline* timeline = Timeline();
  return timeline ? exporting::OverviewJson(run_->log(), *timeline) : "null";
}

std::string Playground::Allocations(std::string_view question) {
  const trace::Timeline* timeline = Timeline();
  std::string answer;
  if (timeline) answer = exporting::AllocationsJson(run_->log(), *timeline, question);
  return answer.empty() ? R"({"rows":[],"omitted":0})" : answer;
}

std::vector<double> Playground::Tiles(std::string_view question) {
  const trace::Timeline* timeline = Timeline();
  trace::TileRequest request;
  if (!timeline || !exporting::ReadTileRequest(question, &request)) return {};
  return timeline->Tiles(request);
}

const CheckResult& Playground::check() {
  if (checked_) return check_;
  CompileFlags flags;
  flags.remarks = 1;
  flags.snippet = options_.snippet;
  check_ = run_archive_ ? run_archive_->Check(flags) : session_.Check(files_, flags);
  checked_ = true;
  return check_;
}

const Facts& Playground::facts() {
  if (!facts_) {
    facts_ = std::make_unique<struct Facts>();
    if (traced()) *facts_ = FactsOf(run_->inspector(), run_->log(), check().verdicts);
  }
  return *facts_;
}

std::string Playground::Inspect(std::string_view text) {
  Question question = Read(text);
  Target target;
  if (!traced() || !ReadTarget(question, &target)) return "null";
  Inspector& inspector = run_->inspector();
  if (!inspector.GoTo(target) && target.kind != Target::Kind::kStep) return "null";
  auto move = question.find("move");
  Move way;
  if (move != question.end() && move->is_object() && (!ReadMove(*move, &way) || !inspector.Go(way)))
    return "null";
  return exporting::InspectionJson(run_->Inspect(OptionsOf(question), check().verdicts));
}

std::string Playground::InspectStraight(std::string_view text) {
  Question question = Read(text);
  Target target;
  if (!traced() || !ReadTarget(question, &target) || target.kind != Target::Kind::kMoment) return "null";
  if (!run_->inspector().RunStraight(target.moment)) return "null";
  return exporting::InspectionJson(run_->Inspect(OptionsOf(question), check().verdicts));
}

std::string Playground::Alive(std::string_view text) {
  Question question = Read(text);
  Target target;
  if (!traced() || !ReadTarget(question, &target) || !run_->inspector().GoTo(target)) return "null";
  return exporting::AliveJson(run_->WhyAlive(NumberAt<uint64_t>(question, "address", 0)));
}

std::string Playground::Frames(std::string_view text) {
  Question question = Read(text);
  if (!traced()) return "null";
  return exporting::FramesJson(run_->inspector().Frames(NumberAt<uint64_t>(question, "begin", 0),
                                                        NumberAt<uint64_t>(question, "end", 0)));
}

std::string Playground::Facts() {
  if (!traced()) return R"({"verdicts":[],"others":[]})";
  return Dump(FactsJson(check(), facts()));
}

std::vector<Expectation> Playground::Judge(std::string_view text) {
  RunFigures figures;
  figures.check = &check();
  if (traced()) {
    figures.log = &run_->log();
    figures.timeline = Timeline();
    figures.facts = &facts();
    figures.exit_status = run_->exit_status();
  } else {
    figures.exit_status = 1;
  }
  figures.output = output_;
  figures.error_output = error_output_;
  return driver::Judge(text, figures);
}

std::string Playground::Expect(std::string_view text) {
  Question question = Read(text);
  Json list = Json::array();
  for (const Expectation& e : Judge(StringAt(question, "text")))
    list.push_back({{"line", e.line}, {"text", e.text}, {"ok", e.ok}, {"got", e.got}});
  return Dump({{"expectations", std::move(list)}});
}

std::string Playground::Export(std::string_view text) {
  std::string format = StringAt(Read(text), "format"), out;
  if (!run_) return out;
  exporting::Sink sink = [&out](std::string_view piece) { out += piece; };
  if (format == "csv") exporting::WriteTraceCsv(run_->log(), sink);
  if (format == "chrome") exporting::WriteChromeTrace(run_->log(), sink);
  if (format == "pprof") exporting::WritePprof(run_->log(), sink);
  if (format == "hash") out = std::to_string(run_->log().Hash()) + "\n";
  if (format != "json") return out;
  exporting::RunInfo info;
  info.engine = kVersion;
  info.go = kGoVersion;
  for (const SourceInput& f : files_) info.files.push_back(f.name);
  info.seed = options_.seed;
  info.options = {{"gcPercent", static_cast<double>(GcPercent(options_))},
                  {"heapMinimum", static_cast<double>(options_.heap_minimum)}};
  bool exited = state_ == RunState::kExited;
  info.status = exited ? run_->exit_status() : 0;
  info.reason = exited ? "exit" : state_ == RunState::kStopped ? "stopped" : "running";
  info.steps = run_->steps();
  for (const Verdict& v : check().verdicts) {
    exporting::Verdict verdict;
    verdict.at = {v.file, v.line, v.column, v.text};
    verdict.region = RegionName(v.region);
    for (const FlowStep& s : v.path) verdict.path.push_back({v.file, s.line, s.column, s.text});
    info.verdicts.push_back(std::move(verdict));
  }
  info.standard_output = output_;
  info.standard_error = error_output_;
  exporting::WriteTraceJson(run_->log(), info, sink);
  return out;
}

std::string Playground::Snapshot(std::string_view text) {
  Question question = Read(text);
  const trace::Timeline* timeline = Timeline();
  if (!traced() || !timeline) return "null";
  trace::TileRequest request;
  // The picture begins with main.
  request.begin = static_cast<double>(timeline->main_event());
  request.end = std::max(request.begin + 1, static_cast<double>(run_->log().kept()));
  request.columns = std::clamp<uint32_t>(NumberAt<uint32_t>(question, "columns", kSnapshotColumns), 1, 4096);
  for (const trace::GoroutineLife& g : timeline->goroutines())
    if (request.goroutines.size() < kSnapshotGoroutines && (g.id == 1 || g.owner == trace::Owner::kMine))
      request.goroutines.push_back(g.id);
  Json all{{"axis", "events"}, {"begin", 0}, {"end", request.end}, {"mine", false}, {"limit", 500}};
  std::string overview = Overview(), allocations = Allocations(Dump(all));
  Json files = Json::array();
  for (const SourceInput& f : files_) {
    bool here = f.name.compare(0, 2, "./") == 0;
    files.push_back({{"name", here ? f.name.substr(2) : f.name}, {"text", f.text}});
  }
  Json inspection;
  // A picture shows what the user's lines put on the heap, as the page does unless it is asked for more.
  if (!question.contains("mine")) question["mine"] = true;
  if (question.contains("at")) inspection = ParseJson(Inspect(Dump(question)));
  const char* names[] = {"running", "exited", "stopped"};
  std::string view = StringAt(question, "view");
  return Dump({{"format", "escapement-snapshot"},
               {"version", 1},
               {"engine", kVersion},
               {"go", kGoVersion},
               {"view", view.empty() ? "timeline" : view},
               {"files", std::move(files)},
               {"check", CheckJson(check())},
               {"end",
                {{"state", names[static_cast<size_t>(state_)]},
                 {"steps", run_->steps()},
                 {"events", run_->log().size()},
                 {"output", output_},
                 {"errorOutput", error_output_},
                 {"exitStatus", state_ == RunState::kExited ? run_->exit_status() : 0}}},
               {"overview", ParseJson(overview)},
               {"allocations", ParseJson(allocations)},
               {"request",
                {{"axis", "events"},
                 {"begin", request.begin},
                 {"end", request.end},
                 {"columns", request.columns},
                 {"goroutines", request.goroutines}}},
               {"data", timeline->Tiles(request)},
               {"facts", FactsJson(check(), facts())},
               {"inspection", std::move(inspection)}});
}

}  // namespace escapement::driver
