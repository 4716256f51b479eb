// `escapement trace`: runs a program and writes what its memory did.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "engine/cli/commands.h"
#include "engine/cli/run_flags.h"
#include "engine/driver/version.h"
#include "engine/export/trace_export.h"

namespace escapement::cli {

namespace {

std::vector<exporting::Verdict> ExportVerdicts(const driver::CheckResult& checked) {
  std::vector<exporting::Verdict> out;
  for (const driver::Verdict& v : checked.verdicts) {
    exporting::Verdict verdict{
        {v.file, v.line, v.column, v.text}, v.region == driver::Region::kHeap ? "heap" : "stack", {}};
    for (const driver::FlowStep& step : v.path)
      verdict.path.push_back({v.file, step.line, step.column, step.text});
    out.push_back(std::move(verdict));
  }
  return out;
}

void Export(const std::string& format, const trace::Log& log, const exporting::RunInfo& info,
            const exporting::Sink& sink) {
  if (format == "json") return exporting::WriteTraceJson(log, info, sink);
  if (format == "csv") return exporting::WriteTraceCsv(log, sink);
  if (format == "hash") return sink(std::to_string(log.Hash()) + "\n");
  if (format == "chrome") return exporting::WriteChromeTrace(log, sink);
  exporting::WritePprof(log, sink);
}

}  // namespace

int TraceCommand(stdlib::LibrarySource& library, const Words& words) {
  driver::RunOptions options;
  std::string path = "-", format = "json";
  CLI::App app("Runs a Go program and writes its memory trace.", "escapement trace");
  AddRunFlags(app, options);
  app.add_option("-o", path, "the file to write; - is standard output")->capture_default_str();
  app.add_option("--format", format, "json, csv, chrome, pprof, or hash: one number for all of it")
      ->check(CLI::IsMember({"json", "csv", "chrome", "pprof", "hash"}))
      ->capture_default_str();
  Words rest;
  if (auto status = ParseFlags(app, words, rest)) return *status;

  options.trace = true;
  Targets targets(library);
  std::unique_ptr<driver::Session> session;
  std::vector<driver::SourceInput> sources;
  auto run = Load(targets, rest, options, session, sources);
  if (!run) return 1;
  std::string output, error_output;
  driver::RunState state;
  do {
    state = run->Step(kSliceSteps);
    output += run->TakeOutput();
    error_output += run->TakeErrorOutput();
  } while (state == driver::RunState::kRunning);

  exporting::RunInfo info;
  info.engine = driver::kVersion;
  info.go = driver::kGoVersion;
  for (const driver::SourceInput& source : sources) info.files.push_back(source.name);
  info.seed = options.seed;
  info.options = {{"gcPercent", static_cast<double>(driver::GcPercent(options))},
                  {"heapMinimum", static_cast<double>(options.heap_minimum)}};
  info.status = run->exit_status();
  info.reason = info.status == 2 ? "panic" : "exit";
  info.steps = run->steps();
  info.verdicts = ExportVerdicts(session->Check(sources, {}));
  info.standard_output = output;
  info.standard_error = error_output;

  std::ofstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::ostream& out = path == "-" ? std::cout : file;
  Export(format, run->log(), info, [&out](std::string_view piece) { out << piece; });
  out.flush();
  if (out.good()) return 0;
  std::fprintf(stderr, "escapement trace: cannot write %s\n", path.c_str());
  return 1;
}

}  // namespace escapement::cli
