#include "engine/export/fields.h"
#include "engine/export/text_writer.h"
#include "engine/export/trace_export.h"

namespace escapement::exporting {

namespace {

// A field's value, with tables looked up so that a spreadsheet can group by it.
void WriteField(TextWriter& out, const trace::Log& log, const trace::Field& field, uint64_t value) {
  if (std::string_view name = EnumName(field.unit, value); !name.empty()) {
    out.CsvField(name);
    return;
  }
  int64_t number = FieldNumber(log, field.unit, value);
  if (field.unit == trace::Unit::String && number >= 0) {
    out.CsvField(log.text(trace::StringId(static_cast<uint32_t>(number))));
  } else if (field.unit == trace::Unit::Origin && number >= 0) {
    const trace::OriginEntry& origin = log.origins()[static_cast<size_t>(number)];
    std::string place;
    if (origin.type.valid()) place = std::string(log.text(log.types()[origin.type.index].name));
    if (origin.site.valid()) {
      const trace::SiteEntry& site = log.sites()[origin.site.index];
      place += " at " + std::string(log.text(site.file)) + ":" + std::to_string(site.line);
    }
    out.CsvField(place);
  } else {
    out << number;
  }
}

}  // namespace

void WriteTraceCsv(const trace::Log& log, const Sink& sink) {
  TextWriter out(sink);
  out << "event,step,owner,kind,fields...\r\n";
  uint64_t step = 0;
  for (uint64_t i = 0; i < log.kept(); ++i) {
    const trace::Record& r = log.at(i);
    if (r.kind == trace::Kind::Steps) step += Value(r, trace::Slot::ab);
    step += r.delta;
    out << i << ',' << step << ',' << OwnerName(r.owner()) << ',' << Info(r.kind).name;
    for (const trace::Field& field : Info(r.kind).fields) {
      if (field.unit == trace::Unit::Bitmap) continue;
      out << ',' << field.name << ',';
      WriteField(out, log, field, Value(r, field.slot));
    }
    out << "\r\n";
  }
}

}  // namespace escapement::exporting
