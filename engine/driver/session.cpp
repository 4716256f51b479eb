#include "engine/driver/session.h"

#include <algorithm>

#include "engine/diag/print_order.h"
#include "engine/driver/compilation.h"
#include "engine/driver/debug_directives.h"
#include "engine/driver/run.h"
#include "engine/driver/run_state.h"

namespace escapement::driver {

struct Session::State {
  explicit State(stdlib::LibrarySource& source) : library(source) {}
  Library library;
};

Session::Session(stdlib::LibrarySource& library) : state_(std::make_unique<State>(library)) {}
Session::~Session() = default;

namespace {

Message ToMessage(const diag::FileSet& files, const diag::Diagnostic& d) {
  Message m{.severity = d.severity, .text = d.text};
  if (d.pos.valid()) m.position = files.Print(d.pos);  // gc says nothing of where it does not know
  if (d.pos.valid() && d.pos.file.valid()) {
    const diag::SourceFile& file = files.file(d.pos.file);
    m.file = file.name;
    m.line = files.TypedLine(d.pos);
    m.column = d.pos.col;
  }
  return m;
}

Region RegionOf(const escape::Verdict& v) {
  return v.region == escape::Region::kHeap ? Region::kHeap : Region::kStack;
}

Verdict ToVerdict(const diag::FileSet& files, const ir::Program& program, const escape::Verdict& v) {
  diag::Pos pos = program.OutermostPos(v.pos);
  Verdict out{.line = files.TypedLine(pos),
              .column = pos.col,
              .subject = v.subject,
              .text = v.text,
              .region = RegionOf(v)};
  if (pos.file.valid()) out.file = files.file(pos.file).name;
  if (v.func != nullptr) out.function = v.func->link_name;
  for (const escape::FlowStep& step : v.path) {
    diag::Pos at = program.OutermostPos(step.pos);
    out.path.push_back({files.Print(at), files.TypedLine(at), at.col, step.text, step.why});
  }
  return out;
}

void Collect(Compilation& compilation, CheckResult& result, bool all_errors = false) {
  const diag::FileSet& files = compilation.library().files();
  for (const diag::Diagnostic& d : diag::PrintOrder(compilation.diagnostics().diagnostics(), all_errors))
    result.messages.push_back(ToMessage(files, d));
  for (const escape::Verdict& v : compilation.verdicts())
    result.verdicts.push_back(ToVerdict(files, compilation.program(), v));
  result.imports_missing = compilation.imports_missing();
  if (!result.imports_missing) return;
  for (Message& m : result.messages) {  // the go command shortens names, but not to ./
    if (m.line == 0) m.position.clear();
    if (m.position.starts_with("./")) m.position.erase(0, 2);
  }
}

// A package that is to become a program wants a main function: the linker's error, which has no position.
void NeedMain(const Compilation& compilation, CheckResult& result) {
  std::string error = compilation.LinkError();
  if (error.empty()) return;
  result.ok = false;
  result.messages.push_back({.text = std::move(error)});
}

// Drops what is positioned in code that snippet mode supplied after the typed text (an empty main).
void DropSupplied(const std::vector<SourceInput>& files, CheckResult& result) {
  auto supplied = [&files](const auto& m) {
    for (const SourceInput& file : files)
      if (file.name == m.file)
        return m.line > static_cast<size_t>(std::count(file.text.begin(), file.text.end(), '\n')) + 1;
    return false;
  };
  std::erase_if(result.messages,
                [&](const Message& m) { return m.severity == diag::Severity::kRemark && supplied(m); });
  std::erase_if(result.verdicts, supplied);
}

}  // namespace

std::string Print(const std::vector<Message>& messages) {
  std::string out;
  for (const Message& m : messages) out += (m.position.empty() ? "" : m.position + ": ") + m.text + "\n";
  return out;
}

CheckResult Session::Check(const std::vector<SourceInput>& files, const CompileFlags& flags) {
  CheckResult result;
  // The compiler itself does not look at them.
  if (!flags.bodies_may_miss) result.messages = DebugDirectiveErrors(files);
  result.ok = result.messages.empty();
  if (!result.ok) return result;
  Compilation compilation(state_->library);
  result.ok = compilation.CheckSources(files, flags);
  if (result.ok && !flags.check_only) compilation.Analyse(flags);
  Collect(compilation, result, flags.all_errors);
  if (result.ok && flags.link) NeedMain(compilation, result);
  if (flags.snippet) DropSupplied(files, result);
  return result;
}

std::string ExecutablePath(std::string_view from, bool tests) {
  auto last_of = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
  std::string_view name = last_of(from);
  // The last element of an import path is its major version if that is 2 or more.
  const bool version = name.size() > 1 && name[0] == 'v' && name[1] != '0' && name != "v1" &&
                       name.find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (version && name.size() < from.size()) name = last_of(from.substr(0, from.size() - name.size() - 1));
  if (name.ends_with(".go")) name.remove_suffix(3);
  if (name.empty()) name = "main";
  if (tests) return "/tmp/go-build/b001/" + std::string(name) + ".test";
  return "/tmp/go-build/b001/exe/" + std::string(name);
}

std::unique_ptr<Run> Session::Start(const std::vector<SourceInput>& files, const RunOptions& options,
                                    CheckResult& errors) {
  errors.messages = DebugDirectiveErrors(files);
  errors.ok = errors.messages.empty();
  if (!errors.ok) return nullptr;
  RunOptions own = options;
  own.string_variables.emplace_back("runtime.godebugDefault", own.godebug.value_or(DebugDefaults(files)));
  if (own.program.empty()) own.program = ExecutablePath(files.empty() ? "" : files[0].name);
  // The time zones of the distribution, where there is no host that has them.
  if (!own.host_files.look)
    for (stdlib::LibraryFile& file : state_->library.source().Files("lib/time"))
      own.files.emplace_back(std::move(file.name), std::move(file.text));
  auto state = std::make_unique<Run::State>(state_->library, own);
  CompileFlags flags;
  flags.snippet = options.snippet;
  flags.language = options.language;
  flags.assembly = options.assembly;
  errors.ok =
      state->compilation.CheckSources(files, flags) && state->compilation.CanRun(options.has_embedded);
  Collect(state->compilation, errors);
  if (errors.ok) NeedMain(state->compilation, errors);
  if (!errors.ok) return nullptr;
  if (std::string error = state->Load(); !error.empty()) {
    errors.ok = false;
    errors.messages.push_back({.position = files.empty() ? "" : files[0].name, .text = std::move(error)});
    return nullptr;
  }
  return std::make_unique<Run>(std::move(state));
}

std::string Session::LibrarySummaries(std::string_view import_path) {
  Compilation compilation(state_->library);
  compilation.SummariseLibrary(import_path);
  types::Package* package = state_->library.Find(import_path).package;
  if (package == nullptr) return {};
  return state_->library.summaries().Write(*package, compilation.analysis().CarriedBodies(package));
}

}  // namespace escapement::driver
