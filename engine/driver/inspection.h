// Building an Inspection: what the world, the goroutines' frames and the log say about the moment at which a
// run's machine stands. Reads only.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/driver/compilation.h"
#include "engine/driver/inspector.h"
#include "engine/driver/session.h"
#include "engine/driver/value_reader.h"
#include "engine/export/inspection.h"

namespace escapement::driver {

struct InspectOptions {
  bool mine = false;          // only objects that the user's lines allocated
  size_t most_objects = 500;  // the user's first, then the latest
};

class InspectionBuilder {
 public:
  // All outlive the builder. `verdicts` are those of the same files.
  InspectionBuilder(Inspector& inspector, Executable& executable, Compilation& compilation,
                    const trace::Log& log, const std::vector<Verdict>& verdicts);

  exporting::Inspection Build(const InspectOptions& options);
  // The shortest path from a root to the object at `address`.
  exporting::AliveAnswer WhyAlive(uint64_t address);

 private:
  using Address = memory::Address;

  // Something that points somewhere, for "why alive".
  struct Root {
    exporting::AliveStep step;
    Address pointer;
  };

  exporting::GoroutineState Goroutine(uint32_t index);
  void Frames(uint32_t index, std::vector<exporting::Frame>* out, uint64_t* omitted);
  std::vector<exporting::Variable> Variables(uint32_t goroutine, const vm::Frame& frame,
                                             uint32_t inline_node);
  exporting::Variable Variable(uint32_t goroutine, const vm::Frame& frame, const bytecode::Variable& v);
  // What a variable that is kept as its address holds.
  Address PointerIn(uint32_t goroutine, const vm::Frame& frame, const bytecode::Variable& v) const;
  exporting::Place PlaceOf(uint32_t goroutine);
  void Statics(std::vector<exporting::StaticSymbol>* out);
  void IndexLog();
  void Mark();
  void Objects(const InspectOptions& options);
  // The object in a slot. `known` is its index in timeline.objects() + 1; 0: the log does not have it.
  exporting::ObjectState Object(uint32_t span, uint32_t index, uint32_t known);
  // That index of the object at `object`; in a shared block of tiny ones, of the youngest up to `wanted`.
  uint32_t KnownAt(const memory::Span& span, Address object, Address wanted) const;
  ir::Type* TypeOf(trace::TypeId type) const;
  std::string RegionOf(Address address) const;
  int32_t VerdictAt(const exporting::SitePlace& site) const;
  std::vector<Root> Roots();
  void AddRoots(ir::Type* type, const uint8_t* bytes, const exporting::AliveStep& step,
                std::vector<Root>* out);
  exporting::CollectorState Collector();

  Inspector& inspector_;
  const vm::Machine& machine_;
  Executable& executable_;
  Compilation& compilation_;
  const trace::Log& log_;
  const std::vector<Verdict>& verdicts_;
  ValueReader reader_;
  exporting::Inspection out_;
  // Index in timeline.objects() + 1 of the object that lies at each 8-byte word of the heap.
  std::vector<uint32_t> objects_at_;
  std::unordered_map<uint32_t, Address> type_addresses_;  // by trace::TypeId
  std::unordered_map<Address, bool> reachable_;           // by slot
};

}  // namespace escapement::driver
