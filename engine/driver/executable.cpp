#include "engine/driver/executable.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <set>

#include "engine/base/check.h"
#include "engine/codegen/codegen.h"
#include "engine/memory/heap.h"
#include "engine/stdlib/natives.h"
#include "engine/types/object.h"

namespace escapement::driver {

namespace {

constexpr char kTooMuchData[] = "too much data: the program's variables are larger than the modelled memory";

// A package and everything it imports, by path.
void CollectImports(types::Package* package, std::map<std::string_view, types::Package*>& all) {
  std::vector<types::Package*> work{package};
  while (!work.empty()) {
    types::Package* p = work.back();
    work.pop_back();
    if (p->path == "unsafe" || !all.emplace(p->path, p).second) continue;
    for (types::Package* import : p->imports) work.push_back(import);
  }
}

// Go's order of package initialisation: again and again the first package by path whose
// imports have all been initialised (cmd/link/internal/ld/inittask.go).
std::vector<types::Package*> InitOrder(const std::map<std::string_view, types::Package*>& all) {
  std::vector<types::Package*> order;
  std::map<std::string_view, size_t> waiting;                     // imports not initialised yet
  std::map<types::Package*, std::vector<types::Package*>> users;  // who imports a package
  std::set<std::string_view> ready;
  for (const auto& [path, package] : all) {
    std::set<types::Package*> imports;
    for (types::Package* import : package->imports)
      if (import->path != "unsafe" && imports.insert(import).second) users[import].push_back(package);
    waiting[path] = imports.size();
    if (imports.empty()) ready.insert(path);
  }
  while (!ready.empty()) {
    types::Package* package = all.at(*ready.begin());
    ready.erase(ready.begin());
    order.push_back(package);
    for (types::Package* user : users[package])
      if (--waiting[user->path] == 0) ready.insert(user->path);
  }
  return order;
}

trace::Segment SegmentKind(lower::Section section) {
  switch (section) {
    case lower::Section::kText:
      return trace::Segment::kText;
    case lower::Section::kRodata:
      return trace::Segment::kRodata;
    case lower::Section::kData:
    case lower::Section::kNoptrData:
      return trace::Segment::kData;
    default:
      return trace::Segment::kBss;
  }
}

}  // namespace

Executable::Executable(Compilation& compilation, vm::Machine& machine)
    : compilation_(compilation),
      machine_(machine),
      names_(compilation.library().names()),
      data_(compilation.data()),
      lowering_(compilation.lowering()),
      linker_(lowering_, compilation.builder(),
              [this](std::string_view name) { return machine_.code().Declare(name); }) {}

// Library packages first, then the user's; each contributes the code that static data
// could not replace.
std::vector<base::Name> Executable::InitTasks() {
  types::Package* runtime = compilation_.library().Find("runtime").package;
  std::map<std::string_view, types::Package*> all;
  CollectImports(runtime, all);
  CollectImports(compilation_.package(), all);
  std::vector<base::Name> tasks;
  auto add = [&](const ir::Unit& unit) {
    for (ir::Func* fn : unit.inits)
      if (fn != unit.init || !fn->body.empty()) tasks.push_back(names_.Intern(fn->link_name));
  };
  for (types::Package* package : InitOrder(all)) {
    if (package == compilation_.package()) {
      add(compilation_.unit());
      continue;
    }
    ir::Unit unit = compilation_.builder().BuildInitialisation(package);
    compilation_.analysis().RunInitialisation(unit);
    add(unit);
  }
  return tasks;
}

std::string Executable::Load(const memory::Options& options, trace::Log* log, uint64_t seed) {
  compilation_.Analyse({});
  machine_.code().BindNatives(natives_);
  linker_.SetInitTasks(InitTasks());
  base::Name main = data_.FuncValue(names_.Intern("runtime.main"));

  for (const lower::DataSymbol* symbol : data_.symbols())
    if (symbol->size > lower::kMaxSymbolSize)
      return std::string(symbol->name.text()) + ": symbol too large (" + std::to_string(symbol->size) +
             " bytes > " + std::to_string(lower::kMaxSymbolSize) + " bytes)";
  std::vector<link::Segment> segments = linker_.Start();
  std::vector<memory::StaticSegment> statics;
  for (link::Segment& s : segments)
    statics.push_back({SegmentKind(s.section), s.start, s.size,
                       std::span(reinterpret_cast<const uint8_t*>(s.bytes.data()), s.bytes.size()),
                       std::move(s.pointer_bitmap)});
  uint64_t zerobase = linker_.AddressOf(names_.Intern("runtime.zerobase"));
  if (!memory::Boot(machine_.world(), options, statics, zerobase, log)) return kTooMuchData;

  linker_.SetOverflow(static_cast<uint32_t>(machine_.world().space.heap_start()));
  AddItabs(linker_.new_itabs());
  machine_.symbol_address = [this](std::string_view name) -> memory::Address {
    base::Name symbol = names_.Intern(name);
    if (data_.Find(symbol) == nullptr && !DefineVariable(name)) return 0;
    Link("variable " + std::string(name));
    return full_ ? 0 : linker_.AddressOf(symbol);
  };
  machine_.resolve_type = [this](uint32_t offset) -> memory::Address {
    base::Name symbol = linker_.TypeByOffset(static_cast<int32_t>(offset));
    if (symbol.empty()) return 0;
    Link("type " + std::to_string(offset));
    return full_ ? 0 : linker_.AddressOf(symbol);
  };
  machine_.static_string = [this](std::string_view text) -> memory::Address {
    base::Name symbol = data_.StringBytes(text);
    Link("text " + std::string(text));
    return full_ ? 0 : linker_.AddressOf(symbol);
  };
  machine_.types_by_string = [this](std::string_view text) {
    uint32_t& asked = machine_.state().types_asked;
    if (asked == type_answers_.size()) type_answers_.push_back(linker_.TypesByString(text));
    // A replay gets the types that were there then.
    const std::vector<base::Name>& names = type_answers_[asked++];
    Link("types " + std::string(text));
    std::vector<memory::Address> out;
    if (full_) return out;
    for (base::Name name : names) out.push_back(linker_.AddressOf(name));
    return out;
  };
  linker_.set_made_itab([this](uint64_t interface, uint64_t concrete) -> uint64_t {
    auto found = machine_.state().itabs.find({interface, concrete});
    return found == machine_.state().itabs.end() ? 0 : found->second;
  });
  machine_.type_name = [this](memory::Address address) {
    ir::Type* type = linker_.TypeAt(address);
    return type != nullptr ? compilation_.program().types().Print(type) : std::string();
  };
  return machine_.Start(linker_.AddressOf(main), seed) ? "" : kTooMuchData;
}

// What the linker made is found by assertions and conversions at run time as well.
void Executable::AddItabs(const std::vector<uint64_t>& itabs) {
  const memory::AddressSpace& space = machine_.world().space;
  for (uint64_t itab : itabs) {
    bool implements = space.LoadPointer(itab + 24) != 0;
    machine_.state().itabs[{space.LoadPointer(itab), space.LoadPointer(itab + 8)}] = implements ? itab : 0;
  }
}

// Lays out the data that came with newly compiled code, or that `what` asked for.
void Executable::TakeData(std::string what, uint32_t function) {
  LinkStep step{std::move(what), function, {}, {}, 0, {}};
  bool full = false;
  step.patches = linker_.Extend(&full, [&](uint64_t size) {
    memory::Address address = TakeRoom(size);
    if (address != 0) step.rooms.push_back(size);
    return address;
  });
  if (full) {
    full_ = true;
    machine_.Fatal("out of memory: the program's static data is too large", false);
    return;
  }
  step.itabs = linker_.new_itabs();
  step.static_high = linker_.high();
  bool grows = step.static_high > machine_.world().space.static_high();
  if (step.patches.empty() && !grows && function == vm::kNoFunction) return;
  WriteStep(step);
  steps_.push_back(std::move(step));
  ++machine_.state().linked;
}

// Zeroed room outside of heap and static region.
// Model: it counts as memory of stacks.
memory::Address Executable::TakeRoom(uint64_t size) {
  memory::World& world = machine_.world();
  uint64_t pages = (size + memory::kPageSize - 1) / memory::kPageSize;
  if (size >= uint64_t{1} << 32) return 0;
  uint32_t span = memory::AllocateManualSpan(world, static_cast<uint32_t>(pages));
  if (span == memory::kNoSpan) return 0;
  memory::Address address = world.spans[span].base;
  world.space.Zero(address, pages * memory::kPageSize);
  return address;
}

void Executable::WriteStep(const LinkStep& step) {
  memory::World& world = machine_.world();
  if (step.static_high > world.space.static_high()) {
    world.space.ExtendStatic(step.static_high);
    memory::StaticRegion::Part& last = world.statics.parts.back();
    last.size = step.static_high - last.start;
  }
  for (const link::Patch& patch : step.patches) {
    std::memcpy(world.space.Host(patch.address), patch.bytes.data(), patch.bytes.size());
    for (uint64_t word : patch.pointer_words)
      for (memory::StaticRegion::Part& part : world.statics.parts)
        if (word >= part.start && word < part.start + part.size) {
          uint64_t bit = (word - part.start) / 8;
          if (part.pointer_bitmap.size() <= bit / 64) part.pointer_bitmap.resize(bit / 64 + 1);
          part.pointer_bitmap[bit / 64] |= uint64_t{1} << (bit % 64);
        }
  }
  AddItabs(step.itabs);
}

void Executable::ReplayStep() {
  const LinkStep& step = steps_[machine_.state().linked++];
  for (uint64_t size : step.rooms) ENSURE(TakeRoom(size) != 0, "a replay has the room that the run had");
  WriteStep(step);
}

void Executable::Link(const std::string& what) {
  if (Replays(what)) return ReplayStep();
  if (machine_.state().linked == steps_.size()) TakeData(what, vm::kNoFunction);
}

// Gives a library package's variable that no code has mentioned yet its place.
bool Executable::DefineVariable(std::string_view name) {
  size_t dot = name.rfind('.');
  for (types::Package* package : compilation_.library().loaded()) {
    if (dot == std::string_view::npos || package->path != name.substr(0, dot)) continue;
    auto* variable = types::As<types::Var>(package->scope->Lookup(names_.Intern(name.substr(dot + 1))));
    if (variable == nullptr) return false;
    lowering_.GlobalSymbol(compilation_.builder().GlobalFor(variable));
    return true;
  }
  return false;
}

void Executable::IndexLinknames(types::Package* package) {
  for (syntax::File* file : package->files)
    for (const syntax::Linkname& link : file->linknames) {
      if (link.remote.empty() || package->scope == nullptr) continue;
      auto* func = types::As<types::Func>(package->scope->Lookup(names_.Intern(link.local)));
      if (func == nullptr || func->decl == nullptr || func->decl->fdecl == nullptr) continue;
      if (func->decl->fdecl->has_body) linknamed_.emplace(link.remote, func);
    }
}

// The function of a link name: declared by the builder, or pushed there by a linkname.
ir::Func* Executable::FindFunction(std::string_view name) {
  ir::Func* fn = compilation_.program().FindFunc(name);
  if (fn != nullptr && !fn->Has(ir::kFuncNoBody) && compilation_.builder().EnsureBody(fn)) return fn;
  const std::vector<types::Package*>& packages = compilation_.library().loaded();
  for (; indexed_packages_ < packages.size(); ++indexed_packages_)
    IndexLinknames(packages[indexed_packages_]);
  auto found = linknamed_.find(std::string(name));
  if (found != linknamed_.end()) {
    compilation_.library().checker().Resolve(found->second);
    fn = compilation_.builder().FuncFor(found->second);
    return compilation_.builder().EnsureBody(fn) ? fn : nullptr;
  }
  // A plain function that nothing has mentioned by now: package.name.
  size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  fn = compilation_.builder().LookupFunc(name.substr(0, dot), name.substr(dot + 1));
  return fn != nullptr && compilation_.builder().EnsureBody(fn) ? fn : nullptr;
}

std::optional<bytecode::Chunk> Executable::Generate(const std::string& name) {
  base::Arena arena;
  lower::Func lowered;
  const diag::FileSet& files = compilation_.library().files();
  if (lowering_.LowerGenerated(names_.Intern(name), arena, &lowered))
    return codegen::Generate(lowering_, files, lowered);
  ir::Func* fn = FindFunction(name);
  if (fn == nullptr) return std::nullopt;
  compilation_.analysis().Prepare(fn);
  lowered = lowering_.LowerFunc(fn, arena);
  return codegen::Generate(lowering_, files, lowered);
}

bool Executable::Compile(uint32_t function) {
  std::string what = "code " + std::to_string(function);
  if (Replays(what)) {
    ReplayStep();
    machine_.code().Show(function, true);
    return true;
  }
  ENSURE(machine_.state().linked == steps_.size(),
         "a replay asks for other code than the run did: " + machine_.code().name(function));
  std::optional<bytecode::Chunk> chunk = Generate(machine_.code().name(function));
  if (!chunk) return false;
  // Symbols that only the chunk mentions are asked for before they are laid out.
  TakeData(std::move(what), function);
  if (full_) return true;
  linker_.Relocate(*chunk);
  machine_.code().Define(function, std::move(*chunk));
  return true;
}

void Executable::Relink() {
  for (size_t i = 0; i < steps_.size(); ++i)
    if (steps_[i].function != vm::kNoFunction)
      machine_.code().Show(steps_[i].function, i < machine_.state().linked);
}

}  // namespace escapement::driver
