// The engine's C exports for the page's worker. Text goes in as a pointer and a length that the
// caller allocated; an answer is left in one result buffer that lasts until the next call.
// The exports' counterpart is web/src/engine/wasm-module.ts.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/driver/playground.h"
#include "engine/driver/version.h"
#include "engine/stdlib/pack.h"

#define ENGINE_EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace {

using namespace escapement;
using driver::Playground;

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
};

Engine& engine() {
  static Engine instance;
  return instance;
}

Playground* Find(uint32_t id) {
  auto it = engine().playgrounds.find(id);
  return it == engine().playgrounds.end() ? nullptr : it->second.get();
}

// Answers with what `ask` says to the question; null when there is no such session.
void Ask(uint32_t id, std::string (Playground::*ask)(std::string_view), const char* text, uint32_t size) {
  Playground* p = Find(id);
  engine().Answer(p ? (p->*ask)(std::string_view(text, size)) : "null");
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
  engine().Answer(std::string(R"({"version":")") + driver::kVersion + R"(","go":")" + driver::kGoVersion +
                  "\"}");
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

ENGINE_EXPORT(engine_check) void Check(uint32_t id, const char* text, uint32_t size) {
  Ask(id, &Playground::Check, text, size);
}
ENGINE_EXPORT(engine_start) void Start(uint32_t id, const char* text, uint32_t size) {
  Ask(id, &Playground::Start, text, size);
}
ENGINE_EXPORT(engine_step) void Step(uint32_t id, uint32_t steps) {
  Playground* p = Find(id);
  engine().Answer(p ? p->Step(steps) : "{}");
}
ENGINE_EXPORT(engine_stop) void Stop(uint32_t id) {
  if (Playground* p = Find(id)) p->Stop();
}
ENGINE_EXPORT(engine_overview) void GetOverview(uint32_t id) {
  Playground* p = Find(id);
  engine().Answer(p ? p->Overview() : "null");
}
ENGINE_EXPORT(engine_facts) void GetFacts(uint32_t id) {
  Playground* p = Find(id);
  engine().Answer(p ? p->Facts() : "null");
}
ENGINE_EXPORT(engine_allocations) void Allocations(uint32_t id, const char* text, uint32_t size) {
  Ask(id, &Playground::Allocations, text, size);
}
ENGINE_EXPORT(engine_inspect) void Inspect(uint32_t id, const char* text, uint32_t size) {
  Ask(id, &Playground::Inspect, text, size);
}
ENGINE_EXPORT(engine_alive) void Alive(uint32_t id, const char* text, uint32_t size) {
  Ask(id, &Playground::Alive, text, size);
}
ENGINE_EXPORT(engine_frames) void Frames(uint32_t id, const char* text, uint32_t size) {
  Ask(id, &Playground::Frames, text, size);
}
ENGINE_EXPORT(engine_expect) void Expect(uint32_t id, const char* text, uint32_t size) {
  Ask(id, &Playground::Expect, text, size);
}
ENGINE_EXPORT(engine_export) void Export(uint32_t id, const char* text, uint32_t size) {
  Ask(id, &Playground::Export, text, size);
}
ENGINE_EXPORT(engine_snapshot) void Snapshot(uint32_t id, const char* text, uint32_t size) {
  Ask(id, &Playground::Snapshot, text, size);
}

// {axis, begin, end, columns, goroutines} → float64 figures, as trace/timeline.h lays them out.
ENGINE_EXPORT(engine_tiles) void Tiles(uint32_t id, const char* text, uint32_t size) {
  Playground* p = Find(id);
  Engine& e = engine();
  e.figures = p ? p->Tiles(std::string_view(text, size)) : std::vector<double>();
  e.result = e.figures.data();
  e.result_size = e.figures.size() * sizeof(double);
}
