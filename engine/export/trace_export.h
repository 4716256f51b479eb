// Exports of a trace: each streams out of the log's records, none builds a tree of them.
#pragma once

#include "engine/export/run_info.h"
#include "engine/trace/log.h"

namespace escapement::exporting {

// The public JSON format (trace.schema.json, version 1).
void WriteTraceJson(const trace::Log& log, const RunInfo& info, const Sink& sink);

// One line an event: ordinal, step, owner, kind, then every field as name=value.
void WriteTraceCsv(const trace::Log& log, const Sink& sink);

// Chrome's trace event format, which Perfetto opens: a track a goroutine, counters for heap and stacks,
// spans for the collector. A step is shown as 5 ns.
void WriteChromeTrace(const trace::Log& log, const Sink& sink);

// pprof's profile.proto, not compressed (go tool pprof reads it so): alloc_objects, alloc_space,
// inuse_objects, inuse_space by call stack.
void WritePprof(const trace::Log& log, const Sink& sink);

}  // namespace escapement::exporting
