#include <array>

#include "engine/export/fields.h"
#include "engine/export/text_writer.h"
#include "engine/export/trace_export.h"

namespace escapement::exporting {

namespace {

using trace::Kind;
using trace::Log;
using trace::Record;
using trace::Unit;

constexpr int kVersion = 1;

int64_t Index(uint32_t id) {
  return static_cast<int32_t>(id);
}

// Writes the items of a list, with commas between.
template <typename List, typename Write>
void Items(TextWriter& out, const List& list, Write write) {
  bool first = true;
  for (const auto& item : list) {
    if (!first) out << ',';
    first = false;
    write(item);
  }
}

void WriteStep(TextWriter& out, const Step& step) {
  out << "\"file\":";
  out.Quoted(step.file) << ",\"line\":" << step.line << ",\"column\":" << step.column << ",\"text\":";
  out.Quoted(step.text);
}

void WriteHead(TextWriter& out, const RunInfo& info) {
  out << "{\"format\":\"escapement-trace\",\"version\":" << kVersion << ",\"engine\":";
  out.Quoted(info.engine) << ",\"go\":";
  out.Quoted(info.go) << ",\n\"program\":{\"identity\":";
  out.Quoted(info.identity) << ",\"files\":[";
  Items(out, info.files, [&](const std::string& file) { out.Quoted(file); });
  out << "],\"seed\":" << info.seed << ",\"options\":{";
  Items(out, info.options, [&](const std::pair<std::string, double>& option) {
    out.Quoted(option.first) << ':' << static_cast<int64_t>(option.second);
  });
  out << "}},\n\"exit\":{\"status\":" << info.status << ",\"reason\":";
  out.Quoted(info.reason) << "},\n";
}

void WriteKinds(TextWriter& out) {
  out << "\"kinds\":[";
  for (size_t k = 0; k < static_cast<size_t>(Kind::Count); ++k) {
    const trace::KindInfo& kind = Info(static_cast<Kind>(k));
    out << (k ? ",\n" : "") << "{\"name\":";
    out.Quoted(kind.name);
    if (kind.pair != Kind::None) (out << ",\"pair\":").Quoted(Info(kind.pair).name);
    out << ",\"fields\":[";
    Items(out, kind.fields, [&](const trace::Field& field) {
      out << "{\"name\":";
      out.Quoted(field.name) << ",\"unit\":";
      out.Quoted(UnitName(field.unit)) << '}';
    });
    out << "]}";
  }
  out << "],\n";
}

void WriteTables(TextWriter& out, const Log& log) {
  out << "\"strings\":[";
  Items(out, log.strings(), [&](const std::string* text) { out.Quoted(*text); });
  out << "],\n\"types\":[";
  Items(out, log.types(), [&](const trace::TypeEntry& type) {
    out << "{\"name\":";
    out.Quoted(log.text(type.name)) << ",\"size\":" << type.size << '}';
  });
  out << "],\n\"sites\":[";
  Items(out, log.sites(), [&](const trace::SiteEntry& site) {
    out << "{\"function\":";
    out.Quoted(log.text(site.function)) << ",\"kind\":";
    out.Quoted(log.text(site.kind)) << ",\"symbol\":";
    out.Quoted(log.text(site.symbol)) << ",\"ordinal\":" << site.ordinal << ",\"file\":";
    out.Quoted(log.text(site.file)) << ",\"line\":" << site.line << ",\"column\":" << site.column
                                    << ",\"owner\":";
    out.Quoted(OwnerName(site.owner)) << ",\"verdict\":" << Index(site.verdict);
    if (site.through.valid()) (out << ",\"through\":").Quoted(log.text(site.through));
    out << '}';
  });
  out << "],\n\"origins\":[";
  Items(out, log.origins(), [&](const trace::OriginEntry& origin) {
    out << '[' << Index(origin.site.index) << ',' << Index(origin.type.index) << ']';
  });
  out << "],\n\"frames\":[";
  Items(out, log.frames(), [&](const trace::FrameEntry& frame) {
    out << "{\"function\":";
    out.Quoted(log.text(frame.function)) << ",\"file\":";
    out.Quoted(log.text(frame.file)) << ",\"line\":" << frame.line << ",\"column\":" << frame.column
                                     << ",\"owner\":";
    out.Quoted(OwnerName(frame.owner)) << '}';
  });
  out << "],\n\"stacks\":[";
  Items(out, log.stacks(), [&](const trace::StackEntry& stack) {
    out << '[' << Index(stack.parent.index) << ',' << Index(stack.frame.index) << ','
        << Index(stack.billed.index) << ']';
  });
  out << "],\n\"sizeClasses\":[";
  Items(out, log.size_classes, [&](uint32_t bytes) { out << bytes; });
  out << "],\n";
}

void WriteVerdicts(TextWriter& out, const RunInfo& info) {
  out << "\"verdicts\":[";
  Items(out, info.verdicts, [&](const Verdict& verdict) {
    out << '{';
    WriteStep(out, verdict.at);
    out << ",\"region\":";
    out.Quoted(verdict.region);
    if (!verdict.path.empty()) {
      out << ",\"path\":[";
      Items(out, verdict.path, [&](const Step& step) {
        out << '{';
        WriteStep(out, step);
        out << '}';
      });
      out << ']';
    }
    out << '}';
  });
  out << "],\n\"output\":{\"stdout\":";
  out.Quoted(info.standard_output) << ",\"stderr\":";
  out.Quoted(info.standard_error) << "},\n";
}

void WriteTotals(TextWriter& out, const Log& log, const RunInfo& info) {
  struct Sum {
    uint64_t allocations = 0, bytes = 0;
  };
  std::array<Sum, 4> owners;
  for (uint64_t i = 0; i < log.kept(); ++i) {
    const Record& r = log.at(i);
    if (r.kind != Kind::HeapAlloc) continue;
    Sum& sum = owners[static_cast<size_t>(r.owner())];
    ++sum.allocations;
    sum.bytes += log.SlotBytes(r);
  }
  out << "\"totals\":{\"events\":" << log.size() << ",\"kept\":" << log.kept()
      << ",\"steps\":" << std::max(info.steps, log.last_step()) << ",\"owners\":{";
  for (size_t i = 0; i < owners.size(); ++i) {
    if (i) out << ',';
    out.Quoted(OwnerName(static_cast<trace::Owner>(i)))
        << ":{\"allocations\":" << owners[i].allocations << ",\"bytes\":" << owners[i].bytes << '}';
  }
  out << "}},\n";
}

void WriteBitmap(TextWriter& out, const Log& log, const Record& record) {
  static constexpr char kHex[] = "0123456789abcdef";
  out << '"';
  for (uint32_t w = 0; w < record.d; ++w)
    for (int shift = 60; shift >= 0; shift -= 4) out << kHex[log.bitmaps()[record.c + w] >> shift & 15];
  out << '"';
}

void WriteEvents(TextWriter& out, const Log& log) {
  out << "\"events\":[";
  uint64_t step = 0;
  for (uint64_t i = 0; i < log.kept(); ++i) {
    const Record& r = log.at(i);
    if (r.kind == Kind::Steps) step += Value(r, trace::Slot::ab);
    step += r.delta;
    out << (i ? ",\n[" : "[") << static_cast<uint32_t>(r.kind) << ',' << step << ','
        << static_cast<uint32_t>(r.owner()) << ',' << static_cast<uint32_t>(r.flags & ~trace::kOwnerMask);
    for (const trace::Field& field : Info(r.kind).fields) {
      out << ',';
      uint64_t value = Value(r, field.slot);
      if (field.unit == Unit::Bitmap) {
        WriteBitmap(out, log, r);
      } else if (std::string_view name = EnumName(field.unit, value); !name.empty()) {
        out.Quoted(name);
      } else {
        out << FieldNumber(log, field.unit, value);
      }
    }
    out << ']';
  }
  out << "],\n";
}

void WriteEnvelopes(TextWriter& out, const Log& log) {
  out << "\"envelopes\":[";
  Items(out, log.envelopes(), [&](const auto& entry) {
    const trace::Envelope& envelope = *entry.second;
    out << "{\"goroutine\":" << entry.first << ",\"firstStep\":" << envelope.first_step()
        << ",\"bucketSteps\":" << envelope.bucket_steps() << ",\"peakBytes\":" << envelope.peak_bytes()
        << ",\"buckets\":[";
    Items(out, envelope.buckets(), [&](const trace::Envelope::Bucket& b) {
      if (b.empty())
        out << "null";
      else
        out << '[' << b.min_bytes << ',' << b.max_bytes << ']';
    });
    out << "]}";
  });
  out << "]}\n";
}

}  // namespace

void WriteTraceJson(const Log& log, const RunInfo& info, const Sink& sink) {
  TextWriter out(sink);
  WriteHead(out, info);
  WriteKinds(out);
  WriteTables(out, log);
  WriteVerdicts(out, info);
  WriteTotals(out, log, info);
  WriteEvents(out, log);
  WriteEnvelopes(out, log);
}

}  // namespace escapement::exporting
